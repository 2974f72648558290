// Resume is replay: a loop that dies at any boundary and starts again ends with the same graph as
// one left alone, and carries out nothing twice.

import Base
import Foundation
import Stemma
import Synchronization
import Testing

@testable import Loop

@Suite struct ResumeTests {
  struct Killed: Error {}

  /// Small, but with ends of several kinds: confirmed, crashed, duplicate.
  static func small(_ text: String) -> String {
    text.replacingOccurrences(of: "rounds = 4", with: "rounds = 1")
      .replacingOccurrences(
        of: "kind = \"search\"", with: "kind = \"replay\"\nfile = \"answers.jsonl\""
      )
      .replacingOccurrences(of: "exploration = 0.4", with: "")
      + "\n[confirm]\npairs = 4\n"
  }

  /// With a fourth proposal, whose base is replaced in the middle of the round, prompts that are
  /// drawn among, and a judge who is asked about anything that changes files.
  static func eventful(_ text: String) -> String {
    small(text).replacingOccurrences(of: "per_round = 3", with: "per_round = 4")
      .replacingOccurrences(
        of: "file = \"answers.jsonl\"",
        with: "file = \"answers.jsonl\"\nprompts = [\"bold.md\", \"meek.md\"]")
      + "\n[judge]\nkind = \"replay\"\nfile = \"judge.jsonl\"\nlikeness = 0\n"
  }

  static let prompts = [
    "bold.md": "Be bold.\n", "meek.md": "Be meek.\n", "judge.jsonl": JudgeTests.judged(""),
  ]

  /// The uninterrupted campaign, run once.
  static let undisturbed: Result<(dump: [String], boundaries: Int), any Error> = Result {
    let simulated = try SimulatedCampaign(files: prompts, eventful)
    defer { simulated.remove() }
    let count = Mutex(0)
    let summary = try simulated.run(
      simulated.executor(), onBoundary: { _ in count.withLock { $0 += 1 } })
    #expect(summary.best.count == 3 && summary.holdoutPassed == true)
    #expect(summary.outcomes.map(\.status) == ["confirmed", "failed", "rejected", "terminated"])
    return (try GraphText.dump(simulated.database), count.withLock { $0 })
  }

  /// Runs until `dies` says so, then again and again until it ends by itself.
  private func runKilled(
    _ simulated: SimulatedCampaign, groupLimit: Int = 64,
    dies: @escaping @Sendable (LoopBoundary, Int) -> Bool
  ) throws -> (deaths: Int, executor: SimulatedExecutor) {
    let executor = simulated.executor()
    let crossed = Mutex(0)
    var deaths = 0
    while true {
      do {
        try simulated.run(
          executor, groupLimit: groupLimit,
          onBoundary: { boundary in
            let number = crossed.withLock { count in
              count += 1
              return count
            }
            if dies(boundary, number) { throw Killed() }
          })
        return (deaths, executor)
      } catch is Killed {
        deaths += 1
        guard deaths < 100 else { throw Killed() }
      }
    }
  }

  private func expectSame(_ simulated: SimulatedCampaign) throws {
    let wanted = try Self.undisturbed.get().dump
    let found = try GraphText.dump(simulated.database)
    if found != wanted {
      let missing = wanted.filter { !found.contains($0) }.prefix(3)
      let extra = found.filter { !wanted.contains($0) }.prefix(3)
      Issue.record("missing: \(Array(missing))\nextra: \(Array(extra))")
    }
  }

  /// Every boundary that such a campaign crosses, dealt out to a few campaigns.
  static let groups: [[LoopBoundary]] = {
    // Nobody asks this one for anything, it asks no model, nothing is preempted or shared.
    let others: [StepName] = [
      .controlObeyed, .callReserved, .runClaimed, .runPreempted, .callsRecorded,
      .referencesChecked,
    ]
    let crossed = LoopBoundary.all.filter { !others.contains($0.step) }
    return (0..<4).map { group in crossed.indices.filter { $0 % 4 == group }.map { crossed[$0] } }
  }()

  /// Dies once at each named boundary of a group, with a commit for each step, so that the graph
  /// has been in every state in between.
  @Test(arguments: groups)
  func deathsAtNamedBoundariesChangeNothing(boundaries: [LoopBoundary]) throws {
    let simulated = try SimulatedCampaign(files: Self.prompts, Self.eventful)
    defer { simulated.remove() }
    let left = Mutex(Set(boundaries))
    let result = try runKilled(simulated, groupLimit: 1) { crossed, _ in
      left.withLock { $0.remove(crossed) != nil }
    }
    #expect(result.deaths == boundaries.count, "not crossed: \(left.withLock { $0 })")
    try expectSame(simulated)
    let asked = result.executor.asked
    // Only what had not been recorded may be done again, by another attempt.
    #expect(asked.evaluations.count - Set(asked.evaluations).count <= 2)
    #expect(Set(asked.runs).count == asked.runs.count)
  }

  /// Dies many times at seeded moments, in the middle of groups too.
  @Test(arguments: [1, 3, 4, 7], [1, 64])
  func manyDeathsChangeNothing(seed: UInt64, groupLimit: Int) throws {
    let simulated = try SimulatedCampaign(files: Self.prompts, Self.eventful)
    defer { simulated.remove() }
    var random = SplitMix64(seed: seed)
    let total = UInt64(try Self.undisturbed.get().boundaries)
    let moments = Set((0..<10).map { _ in Int(random.next() % total) + 1 })
    let result = try runKilled(simulated, groupLimit: groupLimit) { _, number in
      moments.contains(number)
    }
    // Several moments may fall into what follows one commit.
    #expect(result.deaths <= moments.count && result.deaths > 3)
    try expectSame(simulated)
    #expect(try simulated.database.verify().faults == [])
  }
}
