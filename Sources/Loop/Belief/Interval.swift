// An estimate of a gain with how sure we are of it. Gains are oriented: positive is better,
// whatever the metric's direction.

/// An estimated gain, its standard error and the degrees of freedom of that error.
package struct GainEstimate: Sendable, Hashable {
  /// What the width of the interval comes from.
  package enum Source: String, Sendable { case seeds, items }

  package var mean: Double
  package var standardError: Double
  package var degreesOfFreedom: Double
  package var source: Source
  /// Name of the test that belongs to it.
  package var test: String

  /// The limit below which the gain lies with `confidence` (one-sided).
  package func upper(_ confidence: Double) -> Double {
    mean + standardError * StudentT.quantile(confidence, degreesOfFreedom: degreesOfFreedom)
  }

  /// The limit above which the gain lies with `confidence` (one-sided).
  package func lower(_ confidence: Double) -> Double {
    mean - standardError * StudentT.quantile(confidence, degreesOfFreedom: degreesOfFreedom)
  }

  package var statistic: Double? { standardError > 0 ? mean / standardError : nil }

  /// One-sided: how likely a gain this large is without any true effect.
  package var pValue: Double? {
    statistic.map { StudentT.upperTail($0, degreesOfFreedom: degreesOfFreedom) }
  }
}
