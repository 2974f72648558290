// Draws among the versions of a prompt by what came of them: Thompson sampling (Thompson 1933;
// Chapelle and Li, NIPS 2011) over Beta distributions. Pure: the campaign's seed, the question's
// number and the graph give the draw, so a loop that is killed draws the same again.

import Base
import Glibc

/// What came of the questions asked with one version of a prompt: rewards from 0 to 1, added up.
struct PromptRecord: Sendable, Hashable {
  private(set) var successes = 0.0
  private(set) var failures = 0.0

  mutating func add(_ reward: Double) {
    successes += reward
    failures += 1 - reward
  }
}

extension CampaignState {
  /// A proposer's question is worth 1 where its proposal was confirmed; a critic's 1 less the
  /// squared error of its probability. An answer that fits no schema is worth nothing; where
  /// nothing is known yet, it does not count.
  func record(ofPrompt prompt: MirrorNode, role: Text) -> PromptRecord {
    var record = PromptRecord()
    for call in mirror.sources(of: prompt.id, "USES", label: "Call")
    where call.text("role") == role {
      if let reward = reward(of: call) { record.add(reward) }
    }
    return record
  }

  private func reward(of call: MirrorNode) -> Double? {
    if call.text("status") == "invalid" { return 0 }
    guard let made = mirror.target(of: call.id, "PRODUCED") else { return nil }
    if made.label == "Proposal" { return reward(ofProposal: made) }
    guard let probability = made.number("predictedProbability"),
      let outcome = mirror.target(of: made.id, "CRITIQUES").flatMap({ self.outcome(of: $0) })
    else { return nil }
    return 1 - (probability - outcome) * (probability - outcome)
  }

  /// What was carried over to another base counts by what came of it there.
  private func reward(ofProposal proposal: MirrorNode) -> Double? {
    var last = proposal
    while let next = mirror.lastSource(of: last.id, "SUPERSEDES", label: "Proposal") { last = next }
    return last.text("status") == "rejected" ? 0 : outcome(of: last)
  }
}

/// One draw among several versions.
struct PromptDraw {
  /// A sample per version, from Beta(1 + successes, 1 + failures); the largest wins, the first of
  /// equals.
  let samples: [Double]
  let chosen: Int

  init(_ records: [PromptRecord], seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let samples = records.map { record in
      let left = Self.gamma(1 + record.successes, &random)
      let right = Self.gamma(1 + record.failures, &random)
      return left / (left + right)
    }
    self.samples = samples
    chosen = samples.indices.max { (samples[$0], -$0) < (samples[$1], -$1) } ?? 0
  }

  /// From the campaign's own seed, so that the draw can be done again by anybody who has its file.
  static func seed(_ campaign: UInt64, _ role: String, _ name: String, _ ordinal: Int) -> UInt64 {
    let text = "stemma prompt draw 1\n\(campaign)\n\(role)\n\(name)\n\(ordinal)"
    return SHA256.hash(Array(text.utf8)).bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Marsaglia and Tsang (ACM TOMS 26, 2000), for shapes of at least 1.
  private static func gamma(_ shape: Double, _ random: inout SplitMix64) -> Double {
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let radius = (-2 * log(1 - random.unitInterval())).squareRoot()
      let x = radius * cos(2 * .pi * random.unitInterval())
      let root = 1 + c * x
      let u = 1 - random.unitInterval()
      guard root > 0 else { continue }
      let v = root * root * root
      if log(u) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }
}
