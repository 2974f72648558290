// Budgets of the whole campaign and of a calendar day: what is told, what waits, what is refused.

import Base
import Foundation
import Stemma
import Synchronization
import Testing

@testable import Loop

@Suite struct BudgetTests {
  @Test func halfAndFourFifthsAreTold() throws {
    let simulated = try SimulatedCampaign {
      $0.replacingFirst("runs = 200", "runs = 30").replacingFirst("rounds = 4", "rounds = 50")
    }
    defer { simulated.remove() }
    var told: [String] = []
    try simulated.run(
      simulated.executor(),
      events: {
        if case .budget(let use, let share) = $0 {
          told.append("\(use.scope) \(use.resource) \(share)")
        }
      })
    #expect(told == ["campaign runs 0.5", "campaign runs 0.8"])
  }

  /// What does not fit into a day waits for the next, and nothing ends because of it.
  @Test func aDayThatIsFullWaitsForTheNext() throws {
    let simulated = try SimulatedCampaign {
      ResumeTests.small($0)
        .replacingFirst(
          "campaign = { runs = 200 }", "campaign = { runs = 200 }\nday = { runs = 10 }")
    }
    defer { simulated.remove() }
    let executor = simulated.executor()
    let days = Mutex<Int64>(0)
    let surroundings = Surroundings(
      now: {
        Timestamp(
          microsecondsSinceEpoch: 1_700_000_000_000_000 + days.withLock { $0 } * 86_400_000_000)
      }, random: simulated.surroundings.random)
    var perDay: [Int] = []
    var summary: CampaignSummary?
    for day in 0..<12 {
      days.withLock { $0 = Int64(day) }
      let before = executor.asked.runs.count
      var waited = ""
      summary = try Loop.run(
        simulated.campaign, in: simulated.database, surroundings: surroundings, executor: executor,
        vault: simulated.vault, options: .init(owner: simulated.owner, waits: false),
        events: { if case .waiting(let reason) = $0 { waited = reason } })
      perDay.append(executor.asked.runs.count - before)
      if summary?.status == "finished" { break }
      // Whoever asks from another terminal learns the same, and how full the day is.
      let seen = try Loop.status(
        of: "sim", in: simulated.database, surroundings: surroundings)
      #expect(seen?.status == "waiting")
      #expect(seen?.interruption?.contains("goes on at midnight (UTC)") == true)
      #expect(seen?.uses.contains { $0.scope == "day" && $0.limit == 10 && $0.used > 0 } == true)
      #expect(waited.contains("today's budget of 10 runs"), "\(waited)")
    }
    #expect(summary?.status == "finished" && (summary?.best.count ?? 0) >= 2)
    #expect(perDay.count > 2 && perDay.allSatisfy { $0 <= 10 }, "\(perDay)")
  }
}
