// The winner's curse, corrected: gains of all confirmations of a campaign, failed ones too, are
// taken as draws from one distribution, and each is shrunk towards its mean (DerSimonian and Laird,
// Controlled Clinical Trials 7, 1986, with empirical Bayes weights). Pure.

/// One confirmation's gain with its standard error.
package struct ConfirmedGain: Sendable, Hashable {
  package var gain: Double
  package var standardError: Double

  package init(gain: Double, standardError: Double) {
    self.gain = gain
    self.standardError = standardError
  }
}

/// What all confirmations together say.
package struct RandomEffects: Sendable, Hashable {
  /// Mean of the distribution that gains are drawn from, and its variance τ².
  package var mean: Double
  package var betweenVariance: Double

  /// Estimates from at least one gain; gains without noise (standard error 0) count as they are.
  package init?(_ gains: [ConfirmedGain]) {
    guard !gains.isEmpty else { return nil }
    let floor = Self.varianceFloor(gains)
    let weights = gains.map { 1 / max($0.standardError * $0.standardError, floor) }
    let total = weights.reduce(0, +)
    let fixed = zip(weights, gains).reduce(0) { $0 + $1.0 * $1.1.gain } / total
    let q = zip(weights, gains).reduce(0) { $0 + $1.0 * ($1.1.gain - fixed) * ($1.1.gain - fixed) }
    let scale = total - weights.reduce(0) { $0 + $1 * $1 } / total
    let freedom = Double(gains.count - 1)
    betweenVariance = scale > 0 ? max(0, (q - freedom) / scale) : 0
    let tau = betweenVariance
    let mixed = gains.map { 1 / (max($0.standardError * $0.standardError, floor) + tau) }
    mean = zip(mixed, gains).reduce(0) { $0 + $1.0 * $1.1.gain } / mixed.reduce(0, +)
  }

  /// A standard error of zero would have infinite weight; it counts as a millionth of the spread.
  private static func varianceFloor(_ gains: [ConfirmedGain]) -> Double {
    let spread = Sample(gains.map(\.gain)).variance
    let errors = gains.map { $0.standardError * $0.standardError }.max() ?? 0
    return max(max(spread, errors) * 1e-6, Double.leastNormalMagnitude)
  }

  /// A gain pulled towards the mean: more, the noisier it is.
  package func shrunk(_ gain: ConfirmedGain) -> Double {
    let own = gain.standardError * gain.standardError
    guard own > 0 || betweenVariance > 0 else { return gain.gain }
    let weight = betweenVariance / (betweenVariance + own)
    return mean + weight * (gain.gain - mean)
  }
}
