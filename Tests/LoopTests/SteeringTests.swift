// People and machines that interfere: gates that ask, signed reviews, pause and stop from another
// terminal, a machine that fails, providers that answer nonsense.

import Base
import Foundation
import Lineage
import Sandbox
import Signing
import Stemma
import Synchronization
import Testing

@testable import Loop

@Suite struct SteeringTests {
  private func number(_ query: String, _ database: Database) throws -> Int {
    guard case .integer(let number)? = try database.query(query).rows.first?.first else {
      return -1
    }
    return Int(number)
  }

  private func texts(_ query: String, _ database: Database) throws -> [String] {
    try database.query(query).rows.compactMap { row in
      if case .string(let text)? = row.first { text.string } else { nil }
    }
  }

  static func asking(_ text: String) -> String {
    ResumeTests.small(text) + "\n[gates]\nproposal = \"ask\"\nreport = \"ask\"\n"
  }

  @Test func gatesAskAndSignedAnswersCount() throws {
    let simulated = try SimulatedCampaign(Self.asking)
    defer { simulated.remove() }
    let database = simulated.database
    let executor = simulated.executor()
    let ada = try SigningKey(name: "ada", seed: [UInt8](repeating: 9, count: 32))
    func decide(_ key: String, _ answer: Review.Answer, _ reason: String) throws {
      try Review.decide(
        key, answer, reason: reason, by: ada, in: database, surroundings: simulated.surroundings)
    }
    let first = try simulated.run(executor)
    #expect(first.status == "running" && first.waiting == ["P2", "P3", "P4"], "\(first.end)")
    #expect(try Review.pending(in: database).map(\.subject) == ["P2", "P3", "P4"])
    #expect(executor.asked.runs.count == 8, "only noise has run")
    #expect(throws: StemmaError.self) { try decide("P2", .reject, "") }
    #expect(throws: StemmaError.self) { try decide("P99", .approve, "") }
    #expect(throws: StemmaError.self) {
      try decide("P2", .modify(parameters: ["width": "99"], patches: nil), "wider")
    }
    try decide("P2", .approve, "")
    try decide("P3", .reject, "it would crash")
    try decide("P4", .modify(parameters: ["width": "7"], patches: nil), "rather wider")
    #expect(throws: StemmaError.self) { try decide("P4", .approve, "") }
    let second = try simulated.run(executor)
    #expect(second.waiting.allSatisfy { $0.hasPrefix("RP") })
    let statuses = try texts("MATCH (p:Proposal) RETURN p.status AS s ORDER BY id(p)", database)
    #expect(statuses.prefix(4) == ["confirmed", "confirmed", "rejected", "terminated"])
    #expect(statuses.count == 5)
    #expect(
      try texts(
        "MATCH (d:Decision {action: 'modify'})-[:RESULTED_IN]->(p) RETURN p.key AS k", database)
        == ["P5"])
    for pending in try Review.pending(in: database) { try decide(pending.subject, .approve, "") }
    let third = try simulated.run(executor)
    #expect(third.status == "finished", "\(third.end)")
    let report = try texts("MATCH (r:Report {kind: 'campaign'}) RETURN r.text AS t", database)
    #expect(
      report.first?.contains("terminated: modified by a reviewer: rather wider") == true,
      "\(report)")
    let signed = try database.query(
      "MATCH (d:Decision {madeBy: 'person'}) "
        + "RETURN d.signedText AS t, d.signature AS s, d.publicKey AS k"
    )
    #expect(signed.rows.count >= 7)
    for row in signed.rows {
      guard case .string(let text) = row[0], case .string(let signature) = row[1],
        case .string(let key) = row[2]
      else {
        Issue.record("an unsigned decision of a person")
        continue
      }
      let verifier = try VerificationKey(text: key.string)
      #expect(verifier == ada.publicKey)
      #expect(
        DecisionStatement.verify(text: text.string, signature: signature.string, by: verifier))
    }
  }

  /// A winner whose report is rejected is withdrawn, and the starting point is believed again.
  @Test func aRejectedReportWithdrawsTheWinner() throws {
    let simulated = try SimulatedCampaign {
      ResumeTests.small($0) + "\n[gates]\nreport = \"ask\"\n"
    }
    defer { simulated.remove() }
    let executor = simulated.executor()
    var log = ""
    let waiting = try simulated.run(executor, events: { log += "\($0)\n" })
    #expect(waiting.best.count == 2, "\(log)")
    for pending in try Review.pending(in: simulated.database) {
      try Review.decide(
        pending.subject, pending.about.contains("confirmed") ? .reject : .approve,
        reason: "the gain is an artefact", by: simulated.owner, in: simulated.database,
        surroundings: simulated.surroundings)
    }
    let summary = try simulated.run(executor)
    #expect(summary.status == "finished")
    #expect(summary.best.map(\.key) == ["P1"])
    #expect(summary.holdoutPassed == nil, "the baseline is not checked against itself")
    // What was concluded from it is withdrawn with it, and @contradicted says so.
    let contradicted = try NamedQueries.shipped.named("contradicted").run(
      on: simulated.database, [:])
    #expect(contradicted.rows.count == 1, "\(contradicted.rows)")
  }

  @Test func pauseResumeAndStopFromAnotherTerminal() throws {
    let simulated = try SimulatedCampaign()
    defer { simulated.remove() }
    let executor = simulated.executor()
    func ask(_ request: Loop.Request) throws {
      try Loop.request(
        request, of: "sim", reason: "test", by: "cli:test", in: simulated.database,
        surroundings: simulated.surroundings)
    }
    #expect(throws: StemmaError.self) { try ask(.pause) }
    // The request is made while the loop runs, at the start of its first round.
    let paused = try simulated.run(
      executor, events: { if case .round(1, _) = $0 { try? ask(.pause) } })
    #expect(paused.status == "paused")
    #expect(try simulated.run(executor).status == "paused")
    try ask(.resume)
    let stopped = try simulated.run(
      executor, events: { if case .round(2, _) = $0 { try? ask(.stop) } })
    #expect(stopped.status == "stopped")
    #expect(stopped.progress.runsOpen == 0)
    #expect(stopped.progress.rounds == 2)
    #expect(
      try number("MATCH (c:Charge) WHERE c.spent IS NULL RETURN count(c)", simulated.database) == 0)
    #expect(try simulated.run(executor).status == "stopped")
    try ask(.resume)
    #expect(try simulated.run(executor).status == "finished")
    #expect(
      try number("MATCH (c:Control) WHERE c.handledAt IS NULL RETURN count(c)", simulated.database)
        == 0)
  }

  @Test func oneRunIsCancelledAndAnotherQueuedAgain() throws {
    let simulated = try SimulatedCampaign(ResumeTests.small)
    defer { simulated.remove() }
    let database = simulated.database
    func ask(_ request: Loop.RunRequest, _ run: String) throws {
      try Loop.request(
        request, ofRun: run, reason: "it hangs", by: "cli:test", in: database,
        surroundings: simulated.surroundings)
    }
    #expect(throws: StemmaError.self) { try ask(.cancel, "R1") }
    let executor = simulated.executor(stuck: ["R9-1", "R10-1"])
    var isRequeued = false
    let summary = try simulated.run(
      executor,
      events: { event in
        guard case .runStarted(let run, _, _) = event else { return }
        if run == "R9" { try? ask(.cancel, run) }
        if run == "R10", !isRequeued {
          isRequeued = true
          try? ask(.requeue, run)
        }
      })
    #expect(summary.status == "finished", "\(summary.end)")
    #expect(try texts("MATCH (r:Run {key: 'R9'}) RETURN r.status AS s", database) == ["cancelled"])
    #expect(
      try texts("MATCH (:Run {key: 'R9'})-[:EXECUTES]->(p) RETURN p.status AS s", database)
        == ["terminated"])
    let attempts = try texts(
      "MATCH (a:Attempt)-[:IN]->(:Run {key: 'R10'}) RETURN a.status AS s ORDER BY a.number",
      database)
    // What it runs is the proposal that crashes.
    #expect(attempts == ["cancelled", "failed"], "\(executor.asked.runs)")
    for open in ["(c:Charge) WHERE c.spent", "(c:Control) WHERE c.handledAt"] {
      #expect(try number("MATCH \(open) IS NULL RETURN count(c)", database) == 0)
    }
    #expect(throws: StemmaError.self) { try ask(.cancel, "R9") }
    #expect(throws: StemmaError.self) { try ask(.requeue, "R999") }
  }

  /// Whoever cancels while no runner is alive is obeyed by the next one before anything runs.
  @Test func aRequestWaitsForTheNextRunner() throws {
    let simulated = try SimulatedCampaign(ResumeTests.small)
    defer { simulated.remove() }
    let database = simulated.database
    struct Dead: Error {}
    #expect(throws: Dead.self) {
      try simulated.run(
        simulated.executor(),
        onBoundary: { if $0.description == "after run-started" { throw Dead() } })
    }
    try Loop.request(
      .cancel, ofRun: "R1", reason: "not this seed", by: "cli:test", in: database,
      surroundings: simulated.surroundings)
    let executor = simulated.executor()
    #expect(try simulated.run(executor).status == "finished")
    #expect(!executor.asked.runs.contains { $0.hasPrefix("R1-") })
    #expect(
      try texts("MATCH (r:Run {key: 'R1'}) RETURN r.failure AS f", database)
        == ["cancelled: not this seed"])
    #expect(
      try texts("MATCH (a:Attempt)-[:IN]->(:Run {key: 'R1'}) RETURN a.status AS s", database)
        == ["lost"])
  }

  @Test func aFailingMachineIsNeverAScore() throws {
    let simulated = try SimulatedCampaign(ResumeTests.small)
    defer { simulated.remove() }
    // Two attempts of a noise run and every attempt of a screening run fail.
    let failures: Set<String> = ["R3-1", "R3-2", "R9-1", "R9-2", "R9-3"]
    let summary = try simulated.run(simulated.executor(machineFailures: failures))
    #expect(summary.status == "finished")
    let database = simulated.database
    #expect(
      try texts(
        "MATCH (a:Attempt)-[:IN]->(:Run {key: 'R3'}) RETURN a.status AS s ORDER BY a.number",
        database)
        == ["failed", "failed", "finished"])
    #expect(
      try texts("MATCH (r:Run {key: 'R9'}) RETURN r.fault AS f", database) == ["infrastructure"])
    #expect(
      try texts("MATCH (p:Proposal {key: 'P2'}) RETURN p.status AS s", database) == ["terminated"])
    #expect(
      try number("MATCH (e:Eval)-[:EVALUATES]->(:Run {key: 'R9'}) RETURN count(e)", database) == 0)
  }

  @Test func nonsenseOfProvidersIsRecordedAndPassedOver() throws {
    let simulated = try SimulatedCampaign { text in
      text.replacingFirst("rounds = 4", "rounds = 1")
        .replacingFirst(
          "kind = \"search\"",
          "kind = \"command\"\ncommand = "
            + "[\"sh\", \"-c\", \"cat > /dev/null; echo '{\\\"version\\\": 1}'\"]"
        )
        .replacingFirst("exploration = 0.4", "")
        + "\n[[critics]]\nkind = \"command\"\ncommand = [\"false\"]\n"
    }
    defer { simulated.remove() }
    let summary = try simulated.run(simulated.executor())
    #expect(summary.status == "finished")
    #expect(summary.progress.proposals == 0)
    let calls = try texts("MATCH (c:Call) RETURN c.failure AS f", simulated.database)
    #expect(calls.count == 3 && calls.allSatisfy { $0.contains("\"title\"") }, "\(calls)")
  }

  /// No critic on purpose: everything is tried, and nobody was asked.
  @Test func aCampaignMayHaveNoCritic() throws {
    let simulated = try SimulatedCampaign { text in
      text.replacingFirst("rounds = 4", "rounds = 2")
        .replacingFirst("format = 1\n", "format = 1\ncritics = []\n")
    }
    defer { simulated.remove() }
    let summary = try simulated.run(simulated.executor())
    #expect(summary.status == "finished")
    #expect(summary.progress.proposals > 0)
    #expect(try number("MATCH (c:Critique) RETURN count(c)", simulated.database) == 0)
    #expect(
      try number("MATCH (c:Call {role: 'critic'}) RETURN count(c)", simulated.database) == 0)
    #expect(
      try number("MATCH (p:Proposal {status: 'rejected'}) RETURN count(p)", simulated.database)
        == 0)
  }

  @Test func budgetsEndACampaign() throws {
    let simulated = try SimulatedCampaign {
      $0.replacingFirst("runs = 200", "runs = 20").replacingFirst("rounds = 4", "rounds = 50")
    }
    defer { simulated.remove() }
    let executor = simulated.executor()
    let summary = try simulated.run(executor)
    #expect(summary.status == "finished" && summary.end == "finished")
    #expect(summary.progress.runs <= 20)
    #expect(executor.asked.runs.count <= 20)
    // Eight for the noise, one to try something, four for the hold-out: less could only end.
    #expect(throws: StemmaError.self) {
      try SimulatedCampaign { $0.replacingFirst("runs = 200", "runs = 12") }
    }
  }

  /// Two of eight noise runs are lost to the machine, and the budget has no others.
  @Test func aStartingPointThatCannotBeMeasuredIsNoSuccess() throws {
    let simulated = try SimulatedCampaign { $0.replacingFirst("runs = 200", "runs = 13") }
    defer { simulated.remove() }
    let failures = Set((1...3).flatMap { ["R3-\($0)", "R4-\($0)"] })
    let summary = try simulated.run(simulated.executor(machineFailures: failures))
    #expect(summary.status == "finished")
    #expect(
      summary.hindrance?.contains("2 noise runs of the starting point do not fit") == true,
      "\(summary.hindrance ?? "none")")
    #expect(
      try texts("MATCH (p:Proposal) RETURN p.status AS s", simulated.database) == ["terminated"])
  }

  /// The runner dies in every attempt of one run: it is given up, and no attempt is left running.
  @Test func aRunThatKillsItsRunnerIsGivenUp() throws {
    struct Killed: Error {}
    let simulated = try SimulatedCampaign(ResumeTests.small)
    defer { simulated.remove() }
    let executor = simulated.executor()
    let database = simulated.database
    var deaths = 0
    var summary: CampaignSummary?
    while summary == nil, deaths < 30 {
      do {
        summary = try simulated.run(
          executor,
          onBoundary: { boundary in
            guard boundary == LoopBoundary(.after, .runStarted) else { return }
            let open = try database.query(
              "MATCH (:Attempt {status: 'running'})-[:IN]->(r:Run {key: 'R9'}) RETURN r")
            if !open.rows.isEmpty { throw Killed() }
          })
      } catch is Killed { deaths += 1 }
    }
    #expect(deaths == LoopEngine.lostAttemptLimit + 1)
    #expect(summary?.status == "finished")
    #expect(
      try texts(
        "MATCH (a:Attempt)-[:IN]->(:Run {key: 'R9'}) RETURN DISTINCT a.status AS s", database)
        == ["lost"])
    #expect(
      try number("MATCH (a:Attempt {status: 'running'}) RETURN count(a)", database) == 0)
  }

  /// A machine that holds budgets only nearly is refused unless the owner accepts that by name, and
  /// then every run says so.
  @Test func inexactGuardsAreAcceptedByNameOrRefused() throws {
    let weak = ["disk", "memory"].map {
      InexactGuard(name: $0, weakness: "\($0)-by-polling", mechanism: "polling")
    }
    func start(_ allowed: String) throws -> (simulated: SimulatedCampaign, events: String) {
      let simulated = try SimulatedCampaign {
        ResumeTests.small($0).replacingFirst("[run]", "[run]\n\(allowed)")
      }
      let executor = simulated.executor()
      executor.inexactly.withLock { $0 = weak }
      var events = ""
      do {
        _ = try simulated.run(executor, events: { events += "\($0)\n" })
      } catch let error as StemmaError {
        #expect(error.code == .sandboxUnavailable)
        events = "\(error.message)\n\(error.advice ?? "")"
        #expect(try number("MATCH (n) RETURN count(n)", simulated.database) == 0)
      }
      return (simulated, events)
    }
    let refused = try start("allow_weaker = [\"memory-by-polling\"]")
    defer { refused.simulated.remove() }
    #expect(refused.events.contains("disk (only polling)"), "\(refused.events)")
    #expect(!refused.events.contains("memory (only"), "\(refused.events)")
    #expect(
      refused.events.contains("allow_weaker = [\"disk-by-polling\", \"memory-by-polling\"]"),
      "\(refused.events)")
    let accepted = try start("allow_weaker = [\"memory-by-polling\", \"disk-by-polling\"]")
    defer { accepted.simulated.remove() }
    #expect(accepted.events.contains("disk-by-polling"))
    #expect(
      try texts("MATCH (r:Run) RETURN DISTINCT r.grants AS g", accepted.simulated.database) == [
        "network: none; read-only: none; "
          + "not exact: disk (disk-by-polling), memory (memory-by-polling)"
      ])
  }

  @Test func aChangedFileIsRefused() throws {
    let simulated = try SimulatedCampaign(ResumeTests.small)
    defer { simulated.remove() }
    try simulated.run(simulated.executor())
    var changed = simulated.campaign
    changed.text.append(10)
    let other = changed
    #expect(throws: StemmaError.self) {
      try Loop.run(
        other, in: simulated.database, surroundings: simulated.surroundings,
        executor: simulated.executor(), vault: simulated.vault,
        options: .init(owner: simulated.owner, waits: false))
    }
  }
}
