// The comparison of candidate and incumbent on the same fresh seeds: a paired one-sided t, or
// Welch's test where the variances are too different for pairing to be trusted (Welch, Biometrika
// 34, 1947).

import Glibc

package enum PairedTest {
  /// Above this ratio of variances, Welch's test is used.
  package static let varianceRatioLimit = 4.0

  /// The gain of candidate over incumbent from values pair by pair; `sign` is +1 where larger is
  /// better. Needs at least two pairs, else `nil`.
  package static func estimate(
    candidate: [Double], incumbent: [Double], sign: Double
  ) -> GainEstimate? {
    precondition(candidate.count == incumbent.count, "pairs have two values")
    guard candidate.count >= 2 else { return nil }
    let left = Sample(candidate)
    let right = Sample(incumbent)
    if isWelchNeeded(left.variance, right.variance) {
      return welch(left, right, sign: sign)
    }
    let differences = Sample(zip(candidate, incumbent).map { sign * ($0 - $1) })
    return GainEstimate(
      mean: differences.mean, standardError: differences.standardError,
      degreesOfFreedom: Double(differences.count - 1), source: .seeds, test: "paired one-sided t")
  }

  static func isWelchNeeded(_ left: Double, _ right: Double) -> Bool {
    let larger = max(left, right)
    let smaller = min(left, right)
    return larger > 0 && smaller > 0 && larger > varianceRatioLimit * smaller
  }

  static func welch(_ left: Sample, _ right: Sample, sign: Double) -> GainEstimate {
    let first = left.variance / Double(left.count)
    let second = right.variance / Double(right.count)
    let sum = first + second
    let freedom =
      sum * sum
      / (first * first / Double(left.count - 1) + second * second / Double(right.count - 1))
    return GainEstimate(
      mean: sign * (left.mean - right.mean), standardError: sum.squareRoot(),
      degreesOfFreedom: freedom, source: .seeds, test: "Welch one-sided t")
  }
}
