// The duplicate gate with a judge: what is said without asking, what the judge is asked about, what
// of its answers counts, and that the gate says where nobody judged.

import Base
import Foundation
import Models
import Stemma
import TestSupport
import Testing

@testable import Loop

@Suite struct JudgeTests {
  private static func edit(_ title: String, _ line: String) -> String {
    SimulatedCampaign.answer(
      title, "\"files\":[{\"path\":\"train.py\",\"content\":\"x = 1\\n# \(line)\\n\"}]")
  }

  private static func rate(_ value: String, _ more: String = "") -> String {
    SimulatedCampaign.answer("rate", "\"parameters\":{\"lr\":\(value)}\(more)")
  }

  static func judged(_ same: String) -> String {
    "{\"role\":\"judge\",\"answer\":{\"version\":1,\"summary\":\"s\",\"same\":[\(same)]}}\n"
  }

  private static func same(_ key: String, _ probability: Double = 0.9) -> String {
    "{\"key\":\"\(key)\",\"reason\":\"both warm up\",\"probability\":\(probability)}"
  }

  private static let table = "[judge]\nkind = \"replay\"\nfile = \"judge.jsonl\"\n"

  private func campaign(
    _ proposals: [String], judge: [String], more: String = ""
  ) throws -> SimulatedCampaign {
    try SimulatedCampaign(
      files: ["proposals.jsonl": proposals.joined(), "judge.jsonl": judge.joined()]
    ) {
      $0.replacingFirst("format = 1", "format = 1\ncritics = []")
        .replacingFirst("rounds = 4", "rounds = \(proposals.count)")
        .replacingFirst("kind = \"search\"", "kind = \"replay\"\nfile = \"proposals.jsonl\"")
        .replacingFirst("exploration = 0.4", "").replacingFirst("per_round = 3", "per_round = 1")
        + "\n" + Self.table + more
    }
  }

  private func gates(_ simulated: SimulatedCampaign) throws -> [String] {
    try simulated.database.query(
      """
      MATCH (d:Decision {gate: 'duplicate'})-[:DECIDES]->(p:Proposal)
      OPTIONAL MATCH (d)-[:CITES]->(cited:Proposal)
      RETURN p.key + ' ' + d.action + ' ' + coalesce(cited.key, '-') + ' ' + d.reason
      ORDER BY id(p)
      """
    ).rows.map { $0[0].string ?? "" }
  }

  @Test func theGateSaysWhatItKnowsAndAsksTheRest() throws {
    let simulated = try campaign(
      [
        Self.edit("longer warm-up", "one"), Self.rate("0.0002"), Self.rate("0.000205"),
        Self.rate("0.000207", ",\"statedDifference\":\"a little more\""), Self.rate("0.0002"),
        Self.edit("longer warm-up again", "two"), Self.edit("longer warm-up once more", "three"),
        Self.edit("longer warm-up still", "four"), Self.edit("longer warm-up now", "five"),
        Self.edit("longer warm-up perhaps", "six"),
      ],
      judge: [
        Self.judged(Self.same("P2")), Self.judged(Self.same("P3") + "," + Self.same("P2", 0.3)),
        "{\"role\":\"judge\",\"failed\":\"it is asleep\"}\n",
        "{\"role\":\"judge\",\"answer\":{\"version\":1,\"verdict\":\"approve\"}}\n",
        Self.judged(""),
      ])
    defer { simulated.remove() }
    try simulated.run(simulated.executor())
    func table(_ query: String) throws -> String {
      try simulated.database.query(query).rows
        .map { row in row.map { $0.string ?? "\($0)" }.joined(separator: " | ") + "\n" }.joined()
    }
    let seen = [
      try gates(simulated).map { $0 + "\n" }.joined(),
      try table(
        """
        MATCH (c:Call {role: 'judge'}) RETURN c.about, c.status, c.failure ORDER BY c.ordinal
        """),
      try table(
        """
        MATCH (p:Proposal)-[d:DUPLICATES]->(o:Proposal)
        RETURN p.key, o.key, d.kind, d.detector, d.score ORDER BY id(p)
        """),
      // It says what it found as critics do, and counts as none of them.
      try table(
        """
        MATCH (c:Critique {origin: 'judge'})-[:CRITIQUES]->(p) OPTIONAL MATCH (c)-[:CITES]->(o)
        RETURN p.key, c.verdict, c.objectionKinds, c.struckReasons, o.key ORDER BY id(c)
        """),
      try table("MATCH (p:Proposal) RETURN p.key, p.title, p.status ORDER BY id(p)"),
      try table("MATCH (p:Policy {name: 'gates'}) RETURN p.text"),
    ]
    try Golden.expect(seen.joined(separator: "\n"), matches: "Campaigns/judge.txt")
  }

  /// Files that differ in lines too short for a sketch are not nearly the same.
  @Test func shortLinesAreChangesToo() throws {
    let simulated = try campaign(
      [Self.edit("tidy", "1"), Self.edit("tidy", "2")], judge: [Self.judged("")])
    defer { simulated.remove() }
    try simulated.run(simulated.executor())
    #expect(
      try gates(simulated).last == "P3 approve - the judge 'replay' holds none of P2 for the same")
  }

  /// Who was asked, and with what, does not depend on what else the store holds.
  @Test func aReplayAsksTheSame() throws {
    let proposals = [
      Self.edit("longer warm-up", "one"), Self.edit("longer warm-up again", "two"),
      Self.edit("shorter warm-up", "three"),
    ]
    let answers = [Self.judged(Self.same("P2")), Self.judged("")]
    var seen: [[String]] = []
    let rubric =
      "[[critique.criteria]]\nname = \"a\"\nquestion = \"b\"\n"
      + "anchors = { \"0\" = \"c\", \"1\" = \"d\" }\n"
    for more in ["", rubric] {
      let simulated = try campaign(proposals, judge: answers, more: more)
      defer { simulated.remove() }
      try simulated.run(simulated.executor())
      seen.append(
        try gates(simulated)
          + simulated.database.query(
            "MATCH (c:Call {role: 'judge'}) RETURN c.requestHash ORDER BY c.ordinal"
          ).rows.map { "\($0)" })
    }
    #expect(seen[0] == seen[1] && seen[0].count == 5)
  }

  @Test(arguments: [
    ("brief = 400", "a judge has no 'brief'"), ("history = 4", "a judge has no 'history'"),
    ("prompts = [\"a\", \"b\"]", "a judge has no 'prompts'"),
    ("candidates = 0", "'candidates' must lie between 1 and 20"),
    ("likeness = 2", "'likeness' must lie between 0.0 and 1.0"),
    ("candidate = 3", "has no key 'candidate'"),
  ])
  func mistakesAreTold(line: String, message: String) throws {
    let error = #expect(throws: StemmaError.self) {
      _ = try campaign([Self.rate("0.2")], judge: [], more: line + "\n")
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func theHistorianIsNoJudge() throws {
    let error = #expect(throws: StemmaError.self) {
      _ = try campaign(
        [Self.rate("0.2")], judge: [], more: "")
      _ = try Campaign.parse(
        Array((SimulatedCampaign.text + "\n[judge]\nkind = \"historian\"\n").utf8), name: "c",
        directory: "/c")
    }
    #expect(error?.message.contains("nobody who can do this") == true)
  }
}
