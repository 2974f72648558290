// Campaigns without any true effect: how often does the whole procedure (noise, screen, confirm
// with looks, verdict, promotion) call something an improvement? The nominal rate is α per
// confirmation. `STEMMA_LONG_TESTS=1 swift test -c release --filter FalseImprovement` runs the full
// size.

import Base
import Foundation
import Testing

@testable import Loop

@Suite struct FalseImprovementTests {
  static let isLong = ProcessInfo.processInfo.environment["STEMMA_LONG_TESTS"] == "1"

  /// Seed noise only, seeds shared between the arms with a given correlation of their noise.
  @Test(arguments: [0.0, 0.6])
  func seedNoise(correlation: Double) {
    let campaigns = Self.isLong ? 10_000 : 1_000
    var world = NullWorld(seed: 11, correlation: correlation, itemNoise: 0, clusters: 0)
    let tally = simulate(campaigns, in: &world)
    // Within 0.5 points of α; a small sample is allowed its own error on top.
    let error = 3 * (0.05 * 0.95 / Double(tally.confirmations)).squareRoot()
    let allowed = Self.isLong ? 0.005 : 0.005 + error
    #expect(abs(tally.rate - 0.05) <= allowed, "\(tally)")
    if Self.isLong { print("seeds, correlation \(correlation): \(tally)") }
  }

  /// 20 clusters of items whose noise is larger than that of seeds, or the only one.
  @Test(arguments: [0.0, 0.005])
  func itemNoise(seedNoise: Double) {
    let campaigns = Self.isLong ? 10_000 : 20
    var world = NullWorld(seed: 12, correlation: 0, itemNoise: 0.1, clusters: 20)
    world.seedNoise = seedNoise
    let tally = simulate(campaigns, in: &world)
    let error = 3 * (0.05 * 0.95 / Double(max(1, tally.confirmations))).squareRoot()
    #expect(tally.rate <= 0.05 + (Self.isLong ? 0.005 : 0.005 + error), "\(tally)")
    if Self.isLong { print("items, seed noise \(seedNoise): \(tally)") }
  }

  struct Tally: CustomStringConvertible {
    var confirmations = 0
    var improvements = 0
    var rate: Double { Double(improvements) / Double(max(1, confirmations)) }
    var description: String { "\(improvements) of \(confirmations): \(rate)" }
  }

  private func simulate(_ campaigns: Int, in world: inout NullWorld) -> Tally {
    var tally = Tally()
    let plan = ConfirmationPlan(pairs: 6, alpha: 0.05)
    var quantiles: [Int: Double] = [:]
    for _ in 0..<campaigns {
      var incumbent = world.draw(8)
      for _ in 0..<10 {
        guard let floor = NoiseFloor(incumbent) else { continue }
        let t =
          quantiles[floor.runs] ?? StudentT.quantile(0.8, degreesOfFreedom: floor.degreesOfFreedom)
        quantiles[floor.runs] = t
        let threshold = t * floor.sigma * (1 + 1 / Double(floor.runs)).squareRoot()
        let effect = world.newCandidate()
        guard floor.mean - world.draw(1)[0] - effect > threshold else { continue }
        let result = confirm(plan, floor, in: &world)
        tally.confirmations += 1
        if result.verdict.kind == .better {
          tally.improvements += 1
          incumbent = result.candidate + world.draw(2)
        }
      }
    }
    return tally
  }

  private func confirm(
    _ plan: ConfirmationPlan, _ floor: NoiseFloor, in world: inout NullWorld
  ) -> (verdict: Verdict, candidate: [Double]) {
    var candidate: [Double] = []
    var incumbent: [Double] = []
    while true {
      let gains = zip(candidate, incumbent).map { $1 - $0 }
      switch plan.next(after: gains) {
      case .runTo(let pairs):
        while candidate.count < pairs {
          let (left, right) = world.pair()
          candidate.append(left)
          incumbent.append(right)
        }
      case .futile, .judge:
        let verdict = Verdict.of(
          Evidence(
            candidate: candidate, incumbent: incumbent, sign: -1, sigma: floor.sigma,
            clusters: world.clusterGains(),
            screenThreshold: world.conditionsOnScreen
              ? floor.screenThreshold(quantile: 0.8) : nil,
            isComplete: candidate.count == plan.pairs,
            bootstrapSeed: world.random.next()))
        return (verdict, candidate)
      }
    }
  }
}

/// A world in which no change has any effect.
struct NullWorld {
  var random: SplitMix64
  let correlation: Double
  let itemNoise: Double
  let clusters: Int
  var seedNoise = 0.02
  var conditionsOnScreen = true
  private var differences: [Double] = []

  init(seed: UInt64, correlation: Double, itemNoise: Double, clusters: Int) {
    random = SplitMix64(seed: seed)
    self.correlation = correlation
    self.itemNoise = itemNoise
    self.clusters = clusters
  }

  /// Box and Muller.
  mutating func gaussian() -> Double {
    let radius = (-2 * log(1 - random.unitInterval())).squareRoot()
    return radius * cos(2 * Double.pi * random.unitInterval())
  }

  mutating func draw(_ count: Int) -> [Double] {
    (0..<count).map { _ in 2 + seedNoise * gaussian() }
  }

  /// A change that helps some items and hurts others, by nothing on average over all that could be
  /// drawn; returns its chance mean over the items at hand.
  mutating func newCandidate() -> Double {
    differences = (0..<clusters).map { _ in itemNoise * gaussian() }
    return differences.isEmpty ? 0 : differences.reduce(0, +) / Double(clusters)
  }

  mutating func pair() -> (candidate: Double, incumbent: Double) {
    let shared = gaussian()
    let root = correlation.squareRoot()
    let rest = (1 - correlation).squareRoot()
    let shift = differences.isEmpty ? 0 : differences.reduce(0, +) / Double(clusters)
    return (
      2 + shift + seedNoise * (root * shared + rest * gaussian()),
      2 + seedNoise * (root * shared + rest * gaussian())
    )
  }

  func clusterGains() -> [ClusterGain] {
    differences.enumerated().map {
      ClusterGain(cluster: Text("t\($0.offset)"), weight: 1, gain: -$0.element)
    }
  }
}
