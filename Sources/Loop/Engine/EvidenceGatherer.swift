// Collects what a verdict depends on from the records of a confirmation's runs. Pure.

import Base

struct EvidenceGatherer {
  let state: CampaignState
  let pairs: ConfirmationPairs
  let candidate: MirrorNode

  struct Gathered {
    var evidence: Evidence
    /// The candidate's own failure in a confirmation run, where there was one.
    var crash: String?
  }

  private var campaign: Campaign { state.campaign }

  func evidence(floor: NoiseFloor, seed: Int64) throws -> Gathered {
    let primary = campaign.primary
    var evidence = Evidence(
      candidate: pairs.complete.map(\.values.candidate),
      incumbent: pairs.complete.map(\.values.incumbent), sign: primary.sign, sigma: floor.sigma,
      clusters: clusters(), constraints: constraints(), alpha: campaign.confirmation.alpha,
      screenThreshold: floor.screenThreshold(
        quantile: campaign.confirmation.screenQuantile, runs: campaign.confirmation.screenRuns),
      isComplete: pairs.complete.count >= campaign.confirmation.pairs, margin: primary.margin,
      bootstrapSeed: UInt64(seed))
    evidence.invalid = state.conflict(
      among: pairs.complete.flatMap { [$0.candidate, $0.incumbent] })
    var crash: String?
    for run in state.runs(of: candidate, kind: "confirm", purpose: candidate.key) {
      let eval = state.primaryEval(of: run)
      if eval?.text("status") == "invalid" {
        evidence.invalid = "\(run.key): \(eval?.string("failure") ?? "")"
      } else if run.text("fault") == "own" {
        crash = "\(run.key) ended itself: \(run.string("failure"))"
      } else if eval?.text("status") == "failed" {
        crash = "\(run.key) could not be evaluated: \(eval?.string("failure") ?? "")"
      }
    }
    return Gathered(evidence: evidence, crash: crash)
  }

  private func constraints() -> [ConstraintEvidence] {
    campaign.objectives.filter { $0.role == .constraint }.map { objective in
      ConstraintEvidence(
        metric: Text(objective.metric),
        values: pairs.complete.compactMap {
          state.value(of: $0.candidate, metric: objective.metric)
        },
        sign: objective.sign, threshold: objective.threshold ?? 0)
    }
  }

  /// Gains cluster by cluster, averaged over the pairs; empty unless every eval has the same items.
  private func clusters() -> [ClusterGain] {
    guard campaign.noise.varies.contains(.items), !pairs.complete.isEmpty else { return [] }
    var sums: [Text: (weight: Double, product: Double)] = [:]
    var items: [Text]?
    for pair in pairs.complete {
      guard let mine = state.primaryEval(of: pair.candidate),
        let theirs = state.primaryEval(of: pair.incumbent)
      else { return [] }
      let names = mine.texts("itemNames")
      guard !names.isEmpty, names == theirs.texts("itemNames"), items == nil || items == names
      else {
        return []
      }
      items = names
      let groups = mine.texts("itemClusters")
      let weights = mine.numbers("itemWeights")
      let gains = zip(mine.numbers("itemValues"), theirs.numbers("itemValues"))
        .map { campaign.primary.sign * ($0 - $1) }
      guard groups.count == names.count, weights.count == names.count, gains.count == names.count
      else { return [] }
      for index in names.indices {
        sums[groups[index], default: (0, 0)].weight += weights[index]
        sums[groups[index], default: (0, 0)].product += weights[index] * gains[index]
      }
    }
    return sums.keys.sorted().compactMap { cluster in
      guard let sum = sums[cluster], sum.weight > 0 else { return nil }
      let count = Double(pairs.complete.count)
      return ClusterGain(
        cluster: cluster, weight: sum.weight / count, gain: sum.product / sum.weight)
    }
  }
}
