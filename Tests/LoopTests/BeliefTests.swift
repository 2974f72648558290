// The statistics of belief, each against published values or a property that must hold.

import Base
import Testing

@testable import Loop

@Suite struct StudentTTests {
  /// From NIST's table of critical values (Engineering Statistics Handbook, 1.3.6.7.2) and exact
  /// cases.
  @Test(arguments: [
    (0.95, 1.0, 6.313752), (0.95, 5.0, 2.015048), (0.95, 10.0, 1.812461), (0.975, 7.0, 2.364624),
    (0.99, 30.0, 2.457262), (0.8, 7.0, 0.896030), (0.975, 1e6, 1.959966), (0.75, 1.0, 1.0),
  ])
  func quantiles(probability: Double, freedom: Double, expected: Double) {
    let t = StudentT.quantile(probability, degreesOfFreedom: freedom)
    #expect(abs(t - expected) < 2e-6)
    #expect(abs(StudentT.cumulative(t, degreesOfFreedom: freedom) - probability) < 1e-12)
    #expect(StudentT.quantile(1 - probability, degreesOfFreedom: freedom) + t < 1e-9)
  }

  /// One degree of freedom is Cauchy's distribution, two have a closed form.
  @Test func closedForms() {
    for t in stride(from: -40.0, through: 40, by: 0.37) {
      let two = 0.5 + t / (2 * (2 + t * t).squareRoot())
      #expect(abs(StudentT.cumulative(t, degreesOfFreedom: 2) - two) < 1e-12)
    }
    #expect(abs(StudentT.upperTail(1e6, degreesOfFreedom: 2) - 5e-13) < 1e-18)
  }
}

@Suite struct PairedTestTests {
  @Test func pairedIsTheTextbookCase() throws {
    // Student's own sleep data (Biometrika 6, 1908): t = 4.0621 with 9 degrees of freedom.
    let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    let estimate = try #require(
      PairedTest.estimate(candidate: second, incumbent: first, sign: 1))
    #expect(estimate.test == "paired one-sided t")
    #expect(abs((estimate.statistic ?? 0) - 4.062128) < 1e-6)
    #expect(abs((estimate.pValue ?? 0) - 0.001416445) < 1e-8)
    #expect(abs(estimate.lower(0.95) - 0.866995) < 1e-5)
  }

  @Test func welchWhereVariancesDiffer() throws {
    let narrow = [10.0, 10.1, 9.9, 10.05, 9.95, 10.0]
    let wide = [8.0, 12.0, 9.0, 13.0, 7.0, 11.5]
    let estimate = try #require(PairedTest.estimate(candidate: wide, incumbent: narrow, sign: -1))
    #expect(estimate.test == "Welch one-sided t")
    #expect(estimate.degreesOfFreedom > 5 && estimate.degreesOfFreedom < 5.1)
    #expect(abs(estimate.mean + 0.083333) < 1e-5)
  }

  @Test func onePairIsNoEstimate() {
    #expect(PairedTest.estimate(candidate: [1], incumbent: [2], sign: 1) == nil)
  }
}

@Suite struct VerdictTests {
  private let base = [2.0, 2.02, 1.98, 2.01, 1.99, 2.0]

  private func evidence(_ shift: Double, sigma: Double = 0.02) -> Evidence {
    let noise = [0.001, -0.002, 0.0015, -0.0005, 0.002, -0.001]
    return Evidence(
      candidate: zip(base, noise).map { $0 + $1 + shift }, incumbent: base, sign: -1, sigma: sigma)
  }

  private func clusters(_ count: Int, gain: Double) -> [ClusterGain] {
    (0..<count).map {
      ClusterGain(
        cluster: Text("t\($0)"), weight: 1, gain: gain + ($0.isMultiple(of: 2) ? 0.01 : -0.01))
    }
  }

  @Test func theFourVerdicts() {
    #expect(Verdict.of(evidence(-0.1)).kind == .better)
    #expect(Verdict.of(evidence(0.1)).kind == .worse)
    #expect(Verdict.of(evidence(0)).kind == .indistinguishable)
    var invalid = evidence(-0.1)
    invalid.invalid = "not a distribution"
    #expect(Verdict.of(invalid).kind == .invalid)
    var close = evidence(0)
    close.margin = 0.01
    #expect(Verdict.of(close).isEquivalent)
  }

  @Test func anIncompleteConfirmationIsNeverBetter() {
    var early = evidence(-0.1)
    early.isComplete = false
    #expect(Verdict.of(early).kind == .indistinguishable)
  }

  @Test func constraintsDecideToo() {
    var limited = evidence(-0.1)
    func seconds(_ values: [Double]) -> [ConstraintEvidence] {
      [ConstraintEvidence(metric: "seconds", values: values, sign: -1, threshold: 30)]
    }
    limited.constraints = seconds([20, 21, 20, 22, 21, 20])
    #expect(Verdict.of(limited).kind == .better)
    limited.constraints = seconds([28, 33, 27, 31, 29, 30])
    #expect(Verdict.of(limited).kind == .indistinguishable)
    limited.constraints = seconds([40, 41, 42, 40, 41, 42])
    #expect(Verdict.of(limited).kind == .worse)
    limited.constraints = seconds([20])
    #expect(Verdict.of(limited).kind == .indistinguishable)
  }

  /// Without noise between runs, items must carry the verdict, and few items cannot.
  @Test func noNoiseAndFewClustersIsNeverBetter() {
    let flat = [Double](repeating: 2, count: 6)
    let lower = [Double](repeating: 1.9, count: 6)
    var evidence = Evidence(candidate: lower, incumbent: flat, sign: -1, sigma: 0)
    #expect(Verdict.of(evidence).kind == .indistinguishable)
    evidence.clusters = clusters(9, gain: 0.1)
    #expect(Verdict.of(evidence).kind == .indistinguishable)
    evidence.clusters = clusters(20, gain: 0.1)
    #expect(Verdict.of(evidence).kind == .better)
    evidence.clusters = clusters(20, gain: 0.001)
    #expect(Verdict.of(evidence).kind == .indistinguishable)
  }

  @Test func theWiderIntervalGoverns() {
    var noisyItems = evidence(-0.1)
    noisyItems.clusters = (0..<20).map {
      ClusterGain(cluster: Text("t\($0)"), weight: 1, gain: 0.1 + ($0.isMultiple(of: 2) ? 1 : -1))
    }
    let verdict = Verdict.of(noisyItems)
    #expect(verdict.estimate?.source == .items)
    #expect(verdict.kind == .indistinguishable)
  }

  @Test func bootstrapIsSeeded() {
    let gains = clusters(20, gain: 0.05)
    let first = ClusterBootstrap.estimate(gains, seed: 1)
    #expect(first == ClusterBootstrap.estimate(gains, seed: 1))
    #expect(first?.standardError != ClusterBootstrap.estimate(gains, seed: 2)?.standardError)
    // Of n independent clusters with spread s, the standard error is s/√n.
    #expect(abs((first?.standardError ?? 0) - 0.01 / Double(19).squareRoot()) < 0.0002)
  }
}

@Suite struct ConfirmationPlanTests {
  @Test func looksAndFutility() {
    let plan = ConfirmationPlan(pairs: 6, alpha: 0.05)
    #expect(plan.next(after: []) == .runTo(pairs: 2))
    #expect(plan.next(after: [1]) == .runTo(pairs: 2))
    #expect(plan.next(after: [1, -2]) == .futile)
    #expect(plan.next(after: [1, -1]) == .runTo(pairs: 4))
    #expect(plan.next(after: [1, 1, -9]) == .runTo(pairs: 4))
    #expect(plan.next(after: [1, 1, -9, 1]) == .futile)
    #expect(plan.next(after: [1, 1, 1, 1]) == .runTo(pairs: 6))
    #expect(plan.next(after: [1, 1, 1, 1, 1, -1]) == .judge)
  }

  @Test func screenIsAPredictionInterval() throws {
    let floor = try #require(NoiseFloor([2.0, 2.1, 1.9, 2.0, 2.05, 1.95, 2.1, 1.9]))
    let threshold = floor.screenThreshold(quantile: 0.8)
    #expect(abs(threshold - 0.896030 * floor.sigma * 1.125.squareRoot()) < 1e-6)
    #expect(floor.passesScreen([floor.mean - threshold * 1.01], sign: -1, quantile: 0.8))
    #expect(!floor.passesScreen([floor.mean - threshold * 0.99], sign: -1, quantile: 0.8))
    #expect(!NoiseFloor(mean: 2, sigma: 0, runs: 8).passesScreen([2], sign: -1, quantile: 0.8))
  }
}

@Suite struct RandomEffectsTests {
  /// The BCG trials (Colditz et al. 1994) as in Viechtbauer's metafor manual: DL gives τ² = 0.3088
  /// and a mean log risk ratio of −0.7141.
  @Test func meetsThePublishedExample() throws {
    let effects = [
      -0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713,
      -0.3394, 0.4459, -0.0173,
    ]
    let variances = [
      0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124,
      0.5325, 0.0714,
    ]
    let gains = zip(effects, variances).map {
      ConfirmedGain(gain: $0, standardError: $1.squareRoot())
    }
    let fit = try #require(RandomEffects(gains))
    #expect(abs(fit.betweenVariance - 0.3088) < 0.002)
    #expect(abs(fit.mean + 0.7141) < 0.002)
    for gain in gains {
      let shrunk = fit.shrunk(gain)
      #expect(shrunk >= min(gain.gain, fit.mean) && shrunk <= max(gain.gain, fit.mean))
    }
  }

  @Test func edges() {
    #expect(RandomEffects([]) == nil)
    let alone = ConfirmedGain(gain: 0.3, standardError: 0.1)
    #expect(RandomEffects([alone])?.shrunk(alone) == 0.3)
    let exact = [
      ConfirmedGain(gain: 1, standardError: 0), ConfirmedGain(gain: 1, standardError: 0),
    ]
    #expect(RandomEffects(exact)?.shrunk(exact[0]) == 1)
  }
}
