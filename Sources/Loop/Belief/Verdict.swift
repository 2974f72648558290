// The verdict: the only thing that sets `confirmed`. Pure, from evidence to words (design §7, step
// 4).

package import Base

/// What a comparison concludes.
package enum VerdictKind: String, Sendable, Hashable {
  case better, worse, indistinguishable, invalid
}

/// Everything a verdict depends on.
package struct Evidence: Sendable {
  /// The metric of each complete pair, candidate and incumbent.
  package var candidate: [Double]
  package var incumbent: [Double]
  /// +1 where larger is better.
  package var sign: Double
  /// σ̂ of the incumbent's noise runs.
  package var sigma: Double
  /// Gains cluster by cluster, empty where the evaluator gives no items.
  package var clusters: [ClusterGain]
  package var constraints: [ConstraintEvidence]
  package var alpha: Double
  /// The gain that the screening run had to exceed: it saw the same items, and the test of an item
  /// interval must allow for that. `nil` where nothing was screened.
  package var screenThreshold: Double?
  /// Whether all planned pairs are there; without, nothing can be `better`.
  package var isComplete: Bool
  package var margin: Double?
  /// Why nothing may be concluded at all, where that is so.
  package var invalid: String?
  package var bootstrapSeed: UInt64

  package init(
    candidate: [Double], incumbent: [Double], sign: Double, sigma: Double,
    clusters: [ClusterGain] = [], constraints: [ConstraintEvidence] = [], alpha: Double = 0.05,
    screenThreshold: Double? = nil, isComplete: Bool = true, margin: Double? = nil,
    invalid: String? = nil,
    bootstrapSeed: UInt64 = 0
  ) {
    self.candidate = candidate
    self.incumbent = incumbent
    self.sign = sign
    self.sigma = sigma
    self.clusters = clusters
    self.constraints = constraints
    self.alpha = alpha
    self.screenThreshold = screenThreshold
    self.isComplete = isComplete
    self.margin = margin
    self.invalid = invalid
    self.bootstrapSeed = bootstrapSeed
  }
}

/// The candidate's values of a metric that must stay on one side of a threshold.
package struct ConstraintEvidence: Sendable, Hashable {
  package var metric: Text
  package var values: [Double]
  /// +1 where the threshold must not be fallen short of, −1 where it must not be exceeded.
  package var sign: Double
  package var threshold: Double

  package init(metric: Text, values: [Double], sign: Double, threshold: Double) {
    self.metric = metric
    self.values = values
    self.sign = sign
    self.threshold = threshold
  }

  /// How far the values lie on the safe side.
  var slack: GainEstimate? {
    let sample = Sample(values.map { sign * ($0 - threshold) })
    guard sample.count >= 2 else { return nil }
    return GainEstimate(
      mean: sample.mean, standardError: sample.standardError,
      degreesOfFreedom: Double(sample.count - 1), source: .seeds, test: "one-sided t")
  }
}

/// A verdict with what it rests on.
package struct Verdict: Sendable, Hashable {
  /// Confidence of the limits that decide `worse` and the constraints.
  package static let confidence = 0.95

  package var kind: VerdictKind
  /// Indistinguishable, and the 90 % interval lies within the declared margin.
  package var isEquivalent: Bool
  /// The estimate that governs: the wider of seeds and items.
  package var estimate: GainEstimate?
  package var reason: String

  /// Judges the evidence.
  package static func of(_ evidence: Evidence) -> Verdict {
    if let invalid = evidence.invalid {
      return Verdict(kind: .invalid, isEquivalent: false, estimate: nil, reason: invalid)
    }
    let seeds = PairedTest.estimate(
      candidate: evidence.candidate, incumbent: evidence.incumbent, sign: evidence.sign)
    let items = ClusterBootstrap.estimate(evidence.clusters, seed: evidence.bootstrapSeed)
    guard let governing = wider(seeds, items, alpha: evidence.alpha) else {
      return Verdict(
        kind: .indistinguishable, isEquivalent: false, estimate: nil,
        reason: "fewer than two pairs of runs are comparable")
    }
    return judge(evidence, governing)
  }

  private static func judge(_ evidence: Evidence, _ governing: GainEstimate) -> Verdict {
    func verdict(_ kind: VerdictKind, _ reason: String) -> Verdict {
      Verdict(kind: kind, isEquivalent: false, estimate: governing, reason: reason)
    }
    if let broken = brokenConstraint(evidence.constraints) {
      return verdict(.worse, "\(broken) is beyond its threshold")
    }
    if governing.upper(confidence) < 0 {
      return verdict(.worse, "the upper 95 % limit of the gain is below zero")
    }
    let alpha = level(evidence, governing)
    let passes = evidence.isComplete && governing.lower(1 - alpha) > 0
    if passes {
      if let unsafe = unsafeConstraint(evidence.constraints) {
        return verdict(
          .indistinguishable, "better, but \(unsafe) is not safely within its threshold")
      }
      guard isTrustworthy(evidence) else {
        return verdict(
          .indistinguishable,
          "no noise was seen and there are fewer than \(ClusterBootstrap.clusterMinimum) clusters "
            + "of items: nothing says that this gain is more than these items")
      }
      return verdict(.better, "the \(governing.test) passes at \(Self.shown(alpha))")
    }
    if let margin = evidence.margin, abs(governing.mean) <= margin,
      governing.lower(confidence) >= -margin, governing.upper(confidence) <= margin
    {
      return Verdict(
        kind: .indistinguishable, isEquivalent: true, estimate: governing,
        reason: "the 90 % interval lies within the declared margin")
    }
    let reason =
      evidence.isComplete
      ? "the \(governing.test) does not pass at \(Self.shown(alpha))"
      : "stopped early: the mean gain is below zero"
    return verdict(.indistinguishable, reason)
  }

  /// The level of the test. Fresh seeds make a confirmation independent of its screen, but items
  /// are the same in both: a candidate that passed at c standard errors is judged by P(T > t | T >
  /// c), else item noise alone would confirm up to 1/P(T > c) times too often.
  static func level(_ evidence: Evidence, _ governing: GainEstimate) -> Double {
    guard governing.source == .items, let threshold = evidence.screenThreshold,
      governing.standardError > 0
    else { return evidence.alpha }
    let passing = StudentT.upperTail(
      threshold / governing.standardError, degreesOfFreedom: governing.degreesOfFreedom)
    return max(evidence.alpha * passing, 1e-12)
  }

  /// A level as people write it: three digits.
  private static func shown(_ level: Double) -> String {
    String(Parameter.Domain.rounded(level))
  }

  /// The estimate with the wider one-sided interval.
  static func wider(
    _ seeds: GainEstimate?, _ items: GainEstimate?, alpha: Double
  ) -> GainEstimate? {
    guard let seeds else { return items }
    guard let items else { return seeds }
    let first = seeds.upper(1 - alpha) - seeds.mean
    let second = items.upper(1 - alpha) - items.mean
    return second > first ? items : seeds
  }

  /// Without seed noise only items can say whether a gain is more than chance, and few cannot.
  static func isTrustworthy(_ evidence: Evidence) -> Bool {
    if evidence.clusters.count >= ClusterBootstrap.clusterMinimum { return true }
    let spread = max(
      evidence.sigma, Sample(evidence.candidate).standardDeviation,
      Sample(evidence.incumbent).standardDeviation)
    return spread > 0
  }

  /// A constraint that is violated with confidence.
  private static func brokenConstraint(_ constraints: [ConstraintEvidence]) -> Text? {
    constraints.first { ($0.slack?.upper(confidence) ?? 0) < 0 }?.metric
  }

  /// A constraint whose confidence limit is not on the safe side.
  private static func unsafeConstraint(_ constraints: [ConstraintEvidence]) -> Text? {
    constraints.first { ($0.slack?.lower(confidence) ?? -1) < 0 }?.metric
  }
}
