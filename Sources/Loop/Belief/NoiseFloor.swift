// The noise floor: how much the incumbent's metric moves when only what is declared to vary varies.
// Design, "search and belief are apart", steps 1 and 2.

import Glibc

/// What is known of the incumbent's noise.
package struct NoiseFloor: Sendable, Hashable {
  /// Runs needed before anything is compared.
  package static let runMinimum = 8

  package var mean: Double
  /// σ̂ between runs.
  package var sigma: Double
  package var runs: Int

  package init(mean: Double, sigma: Double, runs: Int) {
    self.mean = mean
    self.sigma = sigma
    self.runs = runs
  }

  /// From the incumbent's values; `nil` for fewer than two.
  package init?(_ values: [Double]) {
    guard values.count >= 2 else { return nil }
    let sample = Sample(values)
    self.init(mean: sample.mean, sigma: sample.standardDeviation, runs: sample.count)
  }

  package var degreesOfFreedom: Double { Double(runs - 1) }

  /// The gain that the mean of k screening runs must exceed: t·σ̂·√(1/k + 1/n), the prediction
  /// interval of k further runs of the incumbent.
  package func screenThreshold(quantile: Double, runs screened: Int = 1) -> Double {
    guard sigma > 0 else { return 0 }
    let t = StudentT.quantile(quantile, degreesOfFreedom: degreesOfFreedom)
    return t * sigma * (1 / Double(screened) + 1 / Double(runs)).squareRoot()
  }

  /// Whether runs pass: never evidence, only a reason to look closer.
  package func passesScreen(
    _ values: [Double], sign: Double, quantile: Double
  ) -> Bool {
    guard !values.isEmpty else { return false }
    let threshold = screenThreshold(quantile: quantile, runs: values.count)
    return sign * (Sample(values).mean - mean) > threshold
  }

  /// Whether one run is so much worse that more of them would not help.
  package func isClearLoser(_ value: Double, sign: Double, quantile: Double) -> Bool {
    sign * (value - mean) < -screenThreshold(quantile: quantile)
  }
}
