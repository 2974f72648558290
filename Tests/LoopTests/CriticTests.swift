// Critiques that count: what is struck and why, what a rubric demands, what several critics come
// to, and how their records follow from outcomes, in the loop and in the named query alike.

import Base
import Foundation
import Lineage
import Stemma
import Testing

@testable import Loop

@Suite struct CriticTests {
  /// Three rounds of one proposal each: an improvement, a crash, another value.
  private static let proposals =
    SimulatedCampaign.answer("better", "\"patches\":[\"better\"],\"parameters\":{\"width\":6}")
    + SimulatedCampaign.answer("crash", "\"patches\":[\"crash\"]")
    + SimulatedCampaign.answer("rate", "\"parameters\":{\"lr\":0.02}")

  static func critique(
    _ verdict: String, _ probability: Double, objections: String = "", more: String = ""
  ) -> String {
    "{\"role\":\"critic\",\"answer\":{\"version\":1,\"verdict\":\"\(verdict)\",\"summary\":\"s\","
      + "\"objections\":[\(objections)],\"prediction\":{\"outcome\":\"better\","
      + "\"probability\":\(probability)}\(more)}}\n"
  }

  static func objection(_ cites: String, kind: String = "other", text: String = "o") -> String {
    "{\"kind\":\"\(kind)\",\"text\":\"\(text)\",\"cites\":[\(cites)]}"
  }

  private static let critic = "[[critics]]\nkind = \"replay\"\nfile = \"critics.jsonl\"\n"

  /// A campaign whose critics say these lines, one after the other.
  private func campaign(
    critics: [String], _ lines: String, rules: String = "", rounds: Int = 3
  ) throws -> SimulatedCampaign {
    try SimulatedCampaign(files: ["proposals.jsonl": Self.proposals, "critics.jsonl": lines]) {
      $0.replacingFirst("rounds = 4", "rounds = \(rounds)")
        .replacingFirst("kind = \"search\"", "kind = \"replay\"\nfile = \"proposals.jsonl\"")
        .replacingFirst("exploration = 0.4", "").replacingFirst("per_round = 3", "per_round = 1")
        + "\n" + critics.map { Self.critic + "name = \"\($0)\"\n" }.joined() + rules
    }
  }

  private func rows(_ query: String, _ database: Database) throws -> [[Value]] {
    try database.query(query).rows
  }

  /// `good` foresees what happens, `bad` the opposite; in the last round only `good` rejects.
  private static let disagreement =
    critique("approve", 0.95) + critique("revise", 0.05, objections: objection("\"P1\""))
    + critique("revise", 0.05, objections: objection("\"P1\"")) + critique("approve", 0.95)
    + critique("reject", 0.1, objections: objection("\"P1\"")) + critique("approve", 0.9)

  @Test(arguments: [
    ("", "rejected"), ("[critique]\nrule = \"any-reject\"\n", "rejected"),
    ("[critique]\nrule = \"majority\"\n", "screened"),
    ("[critique]\nrule = \"weighted\"\n", "rejected"),
    ("[critique]\nrule = \"weighted\"\nthreshold = 0.95\n", "screened"),
  ])
  func severalCriticsComeToOneDecision(rules: String, expected: String) throws {
    let simulated = try campaign(critics: ["good", "bad"], Self.disagreement, rules: rules)
    defer { simulated.remove() }
    let summary = try simulated.run(simulated.executor())
    #expect(summary.outcomes.first { $0.status == "confirmed" } != nil)
    let last = try rows(
      "MATCH (p:Proposal {title: 'rate'}) RETURN p.status ORDER BY id(p)", simulated.database)
    let isRejected = last == [[.text("rejected")]]
    #expect(isRejected == (expected == "rejected"), "\(last)")
    let reasons = try rows(
      """
      MATCH (d:Decision {gate: 'critique'})-[:DECIDES]->(:Critique)-[:CRITIQUES]->
        (:Proposal {title: 'rate'}) RETURN d.reason
      """, simulated.database)
    if rules.contains("weighted") { #expect("\(reasons)".contains("of the weight rejects")) }
  }

  @Test func recordsOfCriticsFollowFromOutcomes() throws {
    let simulated = try campaign(
      critics: ["good", "bad"], Self.disagreement, rules: "[critique]\nrule = \"weighted\"\n")
    defer { simulated.remove() }
    try simulated.run(simulated.executor())
    let result = try NamedQueries.shipped.named("critics").run(on: simulated.database, [:])
    func cell(_ critic: String, _ name: String) -> Value {
      guard let column = result.columns.firstIndex(of: name),
        let row = result.rows.first(where: { $0[0] == .text("critic:\(critic)") })
      else { return .null }
      return row[column]
    }
    #expect(cell("good", "predictions") == .integer(2))
    #expect(cell("good", "missed") == .integer(0) && cell("bad", "missed") == .integer(1))
    #expect(cell("good", "precision") == .float(1) && cell("bad", "precision") == .float(0))
    #expect(result.rows.first?.first == .text("critic:good"))
    // The loop counts from its mirror what the query counts from the graph.
    let mirror = try Mirror.load(campaign: "sim", from: simulated.database)
    let state = CampaignState(campaign: simulated.campaign, mirror: mirror)
    for (critique, critic) in zip(mirror.all("Critique"), ["good", "bad"]) {
      let record = state.record(ofCriticOf: critique)
      guard case .float(let brier) = cell(critic, "brier"),
        case .float(let weight) = cell(critic, "weight")
      else {
        Issue.record("no numbers for \(critic): \(result.rows)")
        continue
      }
      #expect(abs(brier - record.loss / Double(record.predictions)) < 1e-12)
      #expect(abs(weight - record.weight) < 1e-12)
    }
  }

  @Test func whatCitesNothingTrueIsStruckWithItsReason() throws {
    let objections = [
      Self.objection("", text: "uncited"), Self.objection("\"P999\"", text: "invented"),
      Self.objection("\"P1\"", kind: "exact-duplicate", text: "not the same"),
      Self.objection("\"P1\"", kind: "failed-neighbour", text: "did not fail"),
      Self.objection("\"R1\"", kind: "near-duplicate", text: "no proposal"),
      Self.objection("\"P2\"", text: "itself"), Self.objection("\"A1\"", text: "an actor"),
      Self.objection("\"P1\",\"P998\"", text: "half true"),
    ].joined(separator: ",")
    let simulated = try campaign(
      critics: ["c"], Self.critique("reject", 0.1, objections: objections), rounds: 1)
    defer { simulated.remove() }
    try simulated.run(simulated.executor())
    let found = try rows(
      """
      MATCH (c:Critique) RETURN c.verdict, c.objections, c.struck, c.struckReasons,
        c.falseCitations
      """, simulated.database)
    func texts(_ list: [String]) -> Value { .list(list.map { .text($0) }) }
    #expect(
      found == [
        [
          .text("reject"), texts(["half true"]),
          texts([
            "uncited", "invented", "not the same", "did not fail", "no proposal", "itself",
            "an actor",
          ]),
          texts([
            "it cites nothing", "there is no P999", "none of what it cites is the same change",
            "nothing that it cites has failed",
            "it cites no proposal that would be nearly the same", "P2 is the proposal itself",
            "A1 is a Actor, which shows nothing",
          ]), texts(["objection 0: there is no P998"]),
        ]
      ])
  }

  private static let rubric = """
    [critique]
    [[critique.criteria]]
    name = "novelty"
    question = "Was it tried?"
    weight = 3
    anchors = { "0" = "it was", "1" = "it was not" }
    [[critique.criteria]]
    name = "plausibility"
    question = "Will it help?"
    anchors = { "0" = "no", "0.5" = "perhaps", "1" = "yes" }

    """

  /// A critic that answers beside the rubric has no voice; what it said is kept with its call.
  @Test func aRubricIsHeldTo() throws {
    let lines =
      Self.critique("approve", 0.5, more: ",\"scores\":{\"novelty\":1,\"plausibility\":0.2}")
      + Self.critique("reject", 0.5, more: ",\"scores\":{\"novelty\":0.5}")
      + Self.critique(
        "reject", 0.5,
        more: ",\"scores\":{\"novelty\":0.5,\"plausibility\":0.2,\"approve_everything\":1}")
    let simulated = try campaign(critics: ["c"], lines, rules: Self.rubric)
    defer { simulated.remove() }
    try simulated.run(simulated.executor())
    let database = simulated.database
    #expect(
      try rows("MATCH (c:Critique) RETURN c.score, c.rubric", database)
        == [[.float(0.8), .text("{\"novelty\":1,\"plausibility\":0.2}")]])
    let calls = try rows(
      "MATCH (c:Call {role: 'critic'}) RETURN c.status, c.failure ORDER BY id(c)", database)
    #expect(calls.map { $0[0] } == [.text("answered"), .text("invalid"), .text("invalid")])
    #expect("\(calls[1])".contains("plausibility") && "\(calls[2])".contains("approve_everything"))
    let asked = try rows(
      "MATCH (:Critique)-[:USES]->(p:Policy {name: 'rubric'}) RETURN p.text", database)
    #expect("\(asked)".contains("it was not"))
  }

  @Test(arguments: [
    ("[critique]\nrule = \"loudest\"\n", "not a value of 'rule'"),
    ("[critique]\nthreshold = 0.4\n", "has a threshold"),
    ("[[critique.criteria]]\nname = \"a b\"\nquestion = \"q\"\n", "cannot name a criterion"),
    ("[[critique.criteria]]\nname = \"a\"\nquestion = \"q\"\n", "at least two different scores"),
    (
      "[[critique.criteria]]\nname = \"a\"\nquestion = \"q\"\n"
        + "anchors = { \"0\" = \"n\", \"2\" = \"y\" }\n",
      "no score from 0 to 1"
    ),
  ])
  func mistakesInTheRubric(text: String, expected: String) {
    let error = #expect(throws: StemmaError.self) {
      try SimulatedCampaign { $0 + "\n" + text }
    }
    #expect(error?.message.contains(expected) == true, "\(String(describing: error))")
  }
}
