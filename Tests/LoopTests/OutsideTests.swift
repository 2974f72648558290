// Proposals that are handed in from outside: taken in order, refused by name before anything is
// written, and a loop that dies while it takes them takes each once.

import Base
import Foundation
import Models
import Sandbox
import Stemma
import Synchronization
import Testing

@testable import Loop

@Suite struct OutsideTests {
  static func campaign(_ text: String) -> String {
    ResumeTests.small(text).replacingOccurrences(
      of: "kind = \"replay\"\nfile = \"answers.jsonl\"", with: "kind = \"outside\"")
  }

  private func answer(_ title: String, _ members: [(Text, Value)] = []) -> ValueMap {
    ValueMap([("title", .text(title)), ("hypothesis", .text("h"))] + members)
  }

  private func parameters(_ pairs: [(Text, Value)]) -> (Text, Value) {
    ("parameters", .map(ValueMap(pairs)))
  }

  @discardableResult
  private func propose(
    _ answer: ValueMap, _ simulated: SimulatedCampaign, worktree: String? = nil,
    by actor: String = "optimiser"
  ) throws -> String {
    try Outside.propose(
      answer, worktree: worktree, to: "sim", by: actor, in: simulated.database,
      surroundings: simulated.surroundings)
  }

  private func refusal(_ body: () throws -> Void) -> String {
    do { try body() } catch let error as StemmaError {
      return "\(error.code.rawValue) \(error.message)"
    } catch { return "\(error)" }
    return "none"
  }

  /// Three proposals, each handed in when the loop waits for it; the second in a folder.
  private func whole(
    _ simulated: SimulatedCampaign,
    run: (SimulatedCampaign, SimulatedExecutor) throws -> CampaignSummary
  ) throws -> CampaignSummary {
    let executor = simulated.executor()
    let first = try run(simulated, executor)
    #expect(first.end.contains("stemma propose"), "\(first.end)")
    let request = try propose(
      answer(
        "better", [parameters([("width", .integer(6))]), ("patches", .list([.text("better")]))]),
      simulated)
    #expect(try ProposalOutcome.of(request, in: simulated.database).status == "requested")
    _ = try run(simulated, executor)
    let outcome = try ProposalOutcome.of(request, in: simulated.database)
    #expect(outcome.proposal == "P2" && outcome.status == "confirmed" && outcome.isOver)
    #expect(outcome.verdict == "better" && (outcome.effect ?? 0) > 0.05 && outcome.runs == 5)
    let folder = simulated.folder.appendingPathComponent("work").path
    FolderRemoval.remove(folder)
    #expect(
      try Checkout.make(of: nil, campaign: "sim", at: folder, in: simulated.database) == "P2")
    try Data("x = 1\n# CRASH\n".utf8).write(to: URL(fileURLWithPath: folder + "/train.py"))
    try propose(answer("crash"), simulated, worktree: folder)
    try propose(answer("again", [parameters([("width", .integer(7))])]), simulated, by: "ada")
    return try run(simulated, executor)
  }

  @Test func proposalsAreTakenInOrder() throws {
    let simulated = try SimulatedCampaign(Self.campaign)
    defer { simulated.remove() }
    let summary = try whole(simulated) { try $0.run($1) }
    #expect(summary.status == "finished", "\(summary.end)")
    let database = simulated.database
    let rows = try database.query(
      """
      MATCH (t:Control {action: 'propose'})-[:RESULTED_IN]->(p:Proposal)-[:BY]->(a:Actor)
      MATCH (c:Call {provider: 'outside'})-[:PRODUCED]->(p) MATCH (c)-[:BY]->(b:Actor)
      RETURN p.title, p.status, a.name, a.kind, a.name = b.name, t.handledAt IS NOT NULL,
        [(p)-[:BASED_ON]->(q) | q.key] ORDER BY id(p)
      """
    ).rows
    #expect(rows.count == 3)
    #expect(rows.map { $0[0] } == [.text("better"), .text("crash"), .text("again")])
    #expect(rows[1][1] == .text("failed") && rows[1][6] == .list([.text("P2")]))
    #expect(rows[0][2] == .text("outside:optimiser") && rows[2][2] == .text("outside:ada"))
    #expect(rows.allSatisfy { $0[3] == .text("agent") && $0[4] == .boolean(true) })
    #expect(
      refusal { try propose(answer("late", [parameters([("width", .integer(8))])]), simulated) }
        == "proposal.refused refused: campaign: 'sim' is finished")
    #expect(try database.verify().faults == [])
  }

  @Test func deathsWhileTakingChangeNothing() throws {
    let calm = try SimulatedCampaign(Self.campaign)
    defer { calm.remove() }
    _ = try whole(calm) { try $0.run($1) }
    let wanted = try GraphText.dump(calm.database)
    let killed = try SimulatedCampaign(Self.campaign)
    defer { killed.remove() }
    let left = Mutex(Set(LoopBoundary.all))
    let summary = try whole(killed) { simulated, executor in
      while true {
        do {
          return try simulated.run(
            executor, groupLimit: 1,
            onBoundary: { crossed in
              if left.withLock({ $0.remove(crossed) != nil }) { throw ResumeTests.Killed() }
            })
        } catch is ResumeTests.Killed {}
      }
    }
    #expect(summary.status == "finished")
    #expect(!left.withLock { $0.contains(LoopBoundary(.after, .proposed)) })
    #expect(try GraphText.dump(killed.database) == wanted)
  }

  @Test func whatIsWrongInAFolderIsRefusedByName() throws {
    let simulated = try SimulatedCampaign(Self.campaign)
    defer { simulated.remove() }
    _ = try simulated.run(simulated.executor())
    let before = try simulated.database.lastTransaction()
    let folder = simulated.folder.appendingPathComponent("work").path
    func attempt(_ change: (URL) throws -> Void) throws -> String {
      FolderRemoval.remove(folder)
      _ = try Checkout.make(of: "P1", campaign: "sim", at: folder, in: simulated.database)
      try change(URL(fileURLWithPath: folder))
      return refusal { try propose(answer("x"), simulated, worktree: folder) }
    }
    #expect(
      try attempt { try Data("x".utf8).write(to: $0.appendingPathComponent("evaluate.py")) }
        == "proposal.refused refused: not-editable: evaluate.py was added")
    #expect(
      try attempt {
        let file = $0.appendingPathComponent("train.py")
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createSymbolicLink(
          at: file, withDestinationURL: URL(fileURLWithPath: "/etc/passwd"))
      } == "proposal.refused refused: link: train.py (a symbolic link)")
    #expect(
      try attempt {
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o755], ofItemAtPath: $0.appendingPathComponent("train.py").path)
      } == "proposal.refused refused: mode: train.py was made executable")
    #expect(
      try attempt {
        try Data(repeating: 0, count: 5 << 20).write(to: $0.appendingPathComponent("train.py"))
      }.hasPrefix("proposal.refused refused: oversized: train.py has 5242880 bytes"))
    #expect(
      try attempt { _ in }.hasPrefix("proposal.refused refused: answer: the proposal changes noth"))
    #expect(try simulated.database.lastTransaction() == before)
  }

  @Test func whatIsWrongInAnAnswerIsRefusedByName() throws {
    let simulated = try SimulatedCampaign(Self.campaign)
    defer { simulated.remove() }
    #expect(refusal { try propose(answer("x"), simulated) }.hasPrefix("loop.state"))
    _ = try simulated.run(simulated.executor())
    let before = try simulated.database.lastTransaction()
    let file: Value = .map(
      ValueMap([("path", .text("../evaluator/evaluate.py")), ("content", .text("x"))]))
    let wrong: [(ValueMap, String)] = [
      (answer("x", [("files", .list([file]))]), "not-editable: ../evaluator/evaluate.py"),
      (answer("x", [parameters([("wdth", .integer(1))])]), "answer: there is no parameter"),
      (answer("x", [("base", .text("P77"))]), "answer: the base \"P77\" is not a proposal"),
      (
        answer(
          "x",
          [
            parameters([("width", .integer(3))]),
            ("prediction", .map(ValueMap([("metric", .text("lss"))]))),
          ]), "answer: the prediction is about lss; the campaign is about loss"
      ),
      (ValueMap([("title", .text("x"))]), "answer: in the proposal, \"hypothesis\" must be"),
    ]
    for (answer, words) in wrong {
      let said = refusal { try propose(answer, simulated) }
      #expect(said.hasPrefix("proposal.refused refused: " + words), "\(said)")
    }
    for name in ["", "critic historian", "loop\n", String(repeating: "a", count: 65)] {
      #expect(
        refusal {
          try propose(
            answer("x", [parameters([("width", .integer(3))])]), simulated, by: name)
        }.hasPrefix("argument.invalid"), "\(name)")
    }
    #expect(try simulated.database.lastTransaction() == before)
  }

  /// One round of three: the fourth is past the budget, whether or not a loop has taken any.
  @Test func whatIsPastTheBudgetIsRefusedByName() throws {
    let simulated = try SimulatedCampaign(Self.campaign)
    defer { simulated.remove() }
    _ = try simulated.run(simulated.executor())
    for width in 3...5 {
      try propose(
        answer("x", [parameters([("width", .integer(Int64(width)))])]), simulated)
    }
    #expect(
      refusal { try propose(answer("x", [parameters([("width", .integer(8))])]), simulated) }
        == "proposal.refused refused: budget: all 3 proposals of the campaign are made or handed in"
    )
  }

  @Test func whatIsHandedInComesBeforeTheProposersOwn() throws {
    let simulated = try SimulatedCampaign(SteeringTests.asking)
    defer { simulated.remove() }
    _ = try simulated.run(simulated.executor())
    let open = try OpenCampaign("sim", in: simulated.database)
    #expect(open.refusal?.reason == .budget, "all three of the round are asked for")
    let question = try JSONReader.read(
      Outside.question(of: "sim", after: "P1", in: simulated.database), limitBytes: 1 << 20)
    guard case .map(let map) = question, case .list(let trials)? = map["trials"] else {
      Issue.record("no question")
      return
    }
    #expect(trials.count == 3 && map["refusal"] != nil && map["parameters"] != nil)
    let other = try SimulatedCampaign { ResumeTests.small($0) }
    defer { other.remove() }
    let asked = Mutex(false)
    struct Stop: Error {}
    _ = try? other.run(
      other.executor(), groupLimit: 1,
      onBoundary: { boundary in
        if boundary == LoopBoundary(.after, .noiseMeasured), asked.withLock({ !$0 }) {
          asked.withLock { $0 = true }
          throw Stop()
        }
      })
    try propose(answer("mine", [parameters([("width", .integer(5))])]), other)
    _ = try other.run(other.executor())
    let titles = try other.database.query("MATCH (p:Proposal) RETURN p.title ORDER BY id(p)")
    #expect(titles.rows.prefix(2).last == [.text("mine")], "\(titles.rows)")
  }
}
