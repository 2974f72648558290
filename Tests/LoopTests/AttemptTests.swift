// Runs that end early: attempts of one run, of which each counts with what it used, pairs of which
// somebody cancels a run, and the rule that ends a screen by what the run says of itself.

import Base
import Foundation
import Stemma
import Synchronization
import Testing

@testable import Loop

@Suite struct AttemptTests {
  private static func resuming(_ text: String) -> String {
    ResumeTests.small(text).replacing("[run]\n", with: "[run]\nresume = \"1MiB\"\n")
  }

  @Test func aPreemptedRunGoesOnUnderWhatIsLeft() throws {
    let simulated = try SimulatedCampaign(Self.resuming)
    defer { simulated.remove() }
    let executor = simulated.executor(stuck: ["R3-1"])
    let asked = Mutex(false)
    let summary = try simulated.run(
      executor,
      events: { event in
        guard case .runStarted(let run, _, _) = event, run == "R3", !asked.withLock({ $0 }) else {
          return
        }
        asked.withLock { $0 = true }
        _ = try? Loop.request(
          .requeue, ofRun: "R3", reason: "the machine is needed", by: "tester",
          in: simulated.database, surroundings: simulated.surroundings)
      })
    #expect(summary.status == "finished")
    let attempts = try simulated.database.query(
      "MATCH (a:Attempt)-[:IN]->(r:Run {key: 'R3'}) "
        + "RETURN a.status, a.killedBy, a.wallSeconds ORDER BY a.number"
    ).rows
    #expect(attempts.first?.prefix(2) == [.text("cancelled"), .text("preempted")])
    #expect(attempts.count == 2 && attempts[1][0] == .text("finished"))
    let run = try simulated.database.query("MATCH (r:Run {key: 'R3'}) RETURN r.wallSeconds").rows
    #expect(run == [[.float(2.5)]], "a second of the first attempt, 1.5 of the second")
    let budgets = executor.asked.budgets
    #expect(budgets["R3-2"] == (budgets["R3-1"] ?? 0) - 1_000)
  }

  /// Whoever could have a pair drawn anew could choose which pairs count.
  @Test func aCancelledRunOfAPairEndsItsConfirmation() throws {
    let alone = try SimulatedCampaign(ResumeTests.small)
    defer { alone.remove() }
    try alone.run(alone.executor())
    func texts(_ query: String, _ database: Database) throws -> [String] {
      try database.query(query).rows.compactMap { row in
        if case .string(let text)? = row.first { text.string } else { nil }
      }
    }
    let pairs = try texts(
      "MATCH (r:Run {kind: 'confirm'}) RETURN r.key AS k ORDER BY id(r) LIMIT 2", alone.database)
    #expect(pairs.count == 2)
    for cancelled in pairs {
      let simulated = try SimulatedCampaign(ResumeTests.small)
      defer { simulated.remove() }
      let summary = try simulated.run(
        simulated.executor(stuck: ["\(cancelled)-1"]),
        events: { event in
          guard case .runStarted(let run, _, _) = event, run == cancelled else { return }
          _ = try? Loop.request(
            .cancel, ofRun: run, reason: "it looks bad", by: "cli:test", in: simulated.database,
            surroundings: simulated.surroundings)
        })
      #expect(summary.status == "finished", "\(summary.end)")
      let outcome = try texts(
        "MATCH (r:Run {key: '\(cancelled)'}), (p:Proposal {key: r.purpose})<-[:DECIDES]-(d) "
          + "WHERE d.reason CONTAINS 'cancelled' RETURN r.status + p.status AS s",
        simulated.database)
      #expect(outcome == ["cancelledterminated"], "\(cancelled) \(outcome)")
    }
  }

  // MARK: Curves

  private func rule(_ edit: (inout CurveRuleDeclaration) -> Void = { _ in }) throws -> CurveRule {
    var declaration = CurveRuleDeclaration(
      metric: "loss", direction: .minimise, after: 10, quantile: 0.99, points: 2)
    edit(&declaration)
    let reference = (0..<8).map { run in
      MetricSeries(
        metric: "loss", steps: [0, 10, 20], values: [5, 2 + Double(run) * 0.01, 1.5])
    }
    return try #require(CurveRule(declaration, reference: reference))
  }

  private func lines(_ points: [(Int, Double)]) -> [UInt8] {
    Array(points.map { "{\"step\": \($0.0), \"loss\": \($0.1)}\n" }.joined().utf8)
  }

  /// What a watch says after each piece of the file.
  private func verdicts(_ rule: CurveRule, _ pieces: [[UInt8]]) -> (ends: [Bool], reason: String?) {
    var watch = CurveWatch(rule)
    return (pieces.map { watch.take($0) }, watch.reason)
  }

  /// A later incumbent has few noise runs besides those that confirmed it.
  @Test func everyIncumbentWasMeasuredByAsManyRuns() throws {
    let simulated = try SimulatedCampaign(ResumeTests.small)
    defer { simulated.remove() }
    try simulated.run(simulated.executor())
    let state = CampaignState(
      campaign: simulated.campaign,
      mirror: try Mirror.load(campaign: "sim", from: simulated.database))
    let believed = state.mirror.all("Proposal").filter { $0.text("status") == "confirmed" }
    #expect(believed.count > 1)
    for proposal in believed {
      let runs = state.measuringRuns(of: proposal)
      #expect(runs.count >= simulated.campaign.noise.runs, "\(proposal.key) \(runs.count)")
      #expect(runs.allSatisfy { $0.text("kind") != "train" })
    }
  }

  @Test func clearLosersEnd() throws {
    // Bytes come in any pieces.
    let last = lines([(14, 3.25)])
    let worse = verdicts(
      try rule(),
      [
        lines([(0, 99), (9, 99), (10, 2.02), (11, 3), (12, 2.02), (13, 3)]), Array(last.prefix(7)),
        Array(last.dropFirst(7)),
      ])
    #expect(worse.ends == [false, false, true])
    #expect(
      worse.reason
        == "it said loss = 3.250 at step 14, clearly worse than the incumbent's noise runs "
        + "(2 points in a row)")
    let low = lines([(10, 0.1), (11, 0.1), (12, 0.1)])
    #expect(verdicts(try rule(), [low]).ends == [false])
    #expect(verdicts(try rule { $0.direction = .maximise }, [low]).ends == [true])
    // Before the first step of the reference nothing can be said.
    let early = lines([(-5, 99), (-4, 99), (-3, 99)])
    #expect(verdicts(try rule { $0.after = 0 }, [early]).ends == [false])
    #expect(
      CurveRule(
        CurveRuleDeclaration(
          metric: "loss", direction: .minimise, after: 0, quantile: 0.99, points: 1),
        reference: [MetricSeries(metric: "loss")]) == nil)
  }

  @Test func oddLinesArePassedOver() throws {
    let long = [UInt8](repeating: 120, count: 1 << 20) + [10]
    let odd = Array("\n\nnonsense\n{\"loss\": \"x\"}\n{\"step\": 10}\n".utf8) + long
    #expect(verdicts(try rule { $0.points = 1 }, [odd, lines([(10, 9)])]).ends == [false, true])
  }
}
