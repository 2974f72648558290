// What became of a proposal, for whoever waits for it: read by query, so that asking often costs
// little however large the campaign is.

import Base
public import Stemma

/// How far a proposal is.
public struct ProposalOutcome: Sendable {
  /// The key that was asked about: of the request (CT5) or the proposal (P42).
  public var key: String
  /// The key of the proposal, once there is one.
  public var proposal: String?
  /// `requested`, `refused`, or the status of the proposal.
  public var status: String
  /// Nothing of it will change by itself any more.
  public var isOver: Bool
  public var reason: String?
  /// The campaign's metric, and its mean over the valid runs that were to decide about it.
  public var metric: String?
  public var value: Double?
  public var runs = 0
  public var verdict: String?
  /// The last comparison: positive is better.
  public var effect: Double?
  public var lower: Double?
  public var upper: Double?
  public var report: String?

  /// Follows a request to its proposal, and a proposal to the one that took its place.
  ///
  /// - Throws: `key.not-found`.
  public static func of(_ key: String, in database: Database) throws -> ProposalOutcome {
    var outcome = ProposalOutcome(key: key, status: "requested", isOver: false)
    let reader = OutcomeReader(database: database)
    if key.hasPrefix("CT") {
      try reader.readRequest(key, into: &outcome)
    } else {
      outcome.proposal = key
    }
    guard var proposal = outcome.proposal else { return outcome }
    while let next = try reader.replacement(of: proposal) { proposal = next }
    outcome.proposal = proposal
    try reader.readProposal(proposal, into: &outcome)
    return outcome
  }
}

private struct OutcomeReader {
  let database: Database

  private func row(_ query: String, _ key: String) throws -> [Value]? {
    try database.query(query, parameters: ["key": .text(key)]).rows.first
  }

  private func text(_ value: Value?) -> String? {
    if case .string(let text)? = value { return text.string }
    return nil
  }

  private func number(_ value: Value?) -> Double? {
    if case .float(let number)? = value { return number }
    return nil
  }

  private func missing(_ key: String) -> StemmaError {
    StemmaError(
      .keyNotFound, "\(key) is neither a proposal nor one that was handed in",
      advice: "`stemma propose` prints the key to wait for.")
  }

  func readRequest(_ key: String, into outcome: inout ProposalOutcome) throws {
    let found = try row(
      """
      MATCH (t:Control {key: $key, action: 'propose'})-[:IN]->(c:Campaign)
      OPTIONAL MATCH (t)-[:RESULTED_IN]->(p:Proposal)
      RETURN p.key, t.failure, c.status
      """, key)
    guard let found else { throw missing(key) }
    outcome.proposal = text(found[0])
    guard outcome.proposal == nil else { return }
    let failure = text(found[1])
    let isClosed = ["stopped", "finished"].contains(text(found[2]))
    outcome.isOver = failure != nil || isClosed
    if outcome.isOver {
      outcome.status = "refused"
      outcome.reason = failure ?? "the campaign ended before it was taken"
    }
  }

  /// The same change made of a newer base, or what a reviewer made of it.
  func replacement(of proposal: String) throws -> String? {
    text(
      try row(
        "MATCH (n:Proposal)-[:SUPERSEDES]->(:Proposal {key: $key}) RETURN n.key", proposal)?.first)
  }

  func readProposal(_ key: String, into outcome: inout ProposalOutcome) throws {
    let found = try row(
      """
      MATCH (p:Proposal {key: $key})-[:IN]->(:Round)-[:IN]->(c:Campaign)
      OPTIONAL MATCH (t:Report)-[:REPORTS]->(p)
      RETURN p.status, c.status, c.metric, max(t.key)
      """, key)
    guard let found else { throw missing(key) }
    outcome.status = text(found[0]) ?? ""
    outcome.metric = text(found[2])
    outcome.report = text(found[3])
    let isClosed = ["stopped", "finished"].contains(text(found[1]))
    outcome.isOver =
      isClosed || (!LoopPolicy.unfinished.contains(Text(outcome.status)) && outcome.report != nil)
    try readValue(key, into: &outcome)
    try readComparison(key, into: &outcome)
    outcome.reason = try reason(key) ?? outcome.reason
  }

  private func readValue(_ key: String, into outcome: inout ProposalOutcome) throws {
    let found = try row(
      """
      MATCH (e:Eval {status: 'valid', split: 'validation'})-[:EVALUATES]->(r:Run)
            -[:EXECUTES]->(p:Proposal {key: $key})-[:IN]->(:Round)-[:IN]->(c:Campaign)
      WHERE e.metric = c.metric AND r.kind IN ['train', 'confirm'] AND r.purpose = p.key
      RETURN avg(e.value), count(e)
      """, key)
    outcome.value = number(found?.first)
    if case .integer(let count)? = found?.last { outcome.runs = Int(count) }
  }

  private func readComparison(_ key: String, into outcome: inout ProposalOutcome) throws {
    let found = try row(
      """
      MATCH (c:Comparison)-[:COMPARES]->(:Proposal {key: $key})
      WHERE c.stage IN ['screen', 'confirm']
      RETURN c.effect, c.lower, c.upper, c.verdict, c.reason ORDER BY id(c) DESC LIMIT 1
      """, key)
    guard let found else { return }
    outcome.effect = number(found[0])
    outcome.lower = number(found[1])
    outcome.upper = number(found[2])
    outcome.verdict = text(found[3])
    outcome.reason = text(found[4])
  }

  /// Why it ended without a verdict: a decision, or how its run ended.
  private func reason(_ key: String) throws -> String? {
    let decided = try row(
      """
      MATCH (p:Proposal {key: $key})
      OPTIONAL MATCH (q:Critique)-[:CRITIQUES]->(p)
      WITH p, collect(q) AS critiques UNWIND critiques + [p] AS subject
      MATCH (d:Decision)-[:DECIDES]->(subject)
      WHERE d.action IN ['reject', 'terminate', 'quarantine']
      RETURN d.reason ORDER BY id(d) DESC LIMIT 1
      """, key)
    if let decided { return text(decided[0]) }
    let failed = try row(
      """
      MATCH (r:Run)-[:EXECUTES]->(:Proposal {key: $key})
      OPTIONAL MATCH (e:Eval)-[:EVALUATES]->(r)
      WITH r, coalesce(r.failure, e.failure) AS failure WHERE failure IS NOT NULL
      RETURN failure ORDER BY id(r) DESC LIMIT 1
      """, key)
    return text(failed?.first)
  }
}
