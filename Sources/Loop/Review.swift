// Reviews: what waits for a person, and the signed answers. A decision is a new version of the
// pending node; a modification is a new proposal that the decision resulted in.

public import Base
public import Graph
import Models
public import Signing
public import Stemma

/// Decisions of people at gates.
public enum Review {
  /// Something that waits.
  public struct Pending: Sendable {
    public var decision: String
    public var gate: String
    public var subject: String
    /// `Proposal`, `Critique`, `Eval`, `Report`.
    public var kind: String
    /// A line about it.
    public var about: String
    public var campaign: String
  }

  /// What a reviewer decides.
  public enum Answer: Sendable {
    case approve
    case reject
    /// Parameters by name as text, and the declared patches to have (`nil`: as they are).
    case modify(parameters: [String: String], patches: [String]?)
  }

  /// What waits for a decision, oldest first; nothing of campaigns that are over.
  public static func pending(in database: Database) throws -> [Pending] {
    try LineageCheck.require(database)
    let result = try database.query(
      """
      MATCH (d:Decision {action: 'pending'})-[:DECIDES]->(s),
            (d)-[:IN]->(r:Round)-[:IN]->(c:Campaign)
      WHERE NOT c.status IN ['stopped', 'finished']
      RETURN d.key AS decision, d.gate AS gate, s.key AS subject, labels(s)[0] AS kind,
             coalesce(s.title, s.summary, s.metric) AS about, c.name AS campaign
      ORDER BY id(d)
      """)
    return result.rows.map { row in
      let texts = row.map { value in
        if case .string(let text) = value { text.string } else { "" }
      }
      return Pending(
        decision: texts[0], gate: texts[1], subject: texts[2], kind: texts[3], about: texts[4],
        campaign: texts[5])
    }
  }

  /// Says so where the campaign of what waited is over.
  private static func refuseOver(_ key: String, in database: Database) throws {
    let result = try database.query(
      """
      MATCH (d:Decision {action: 'pending'})-[:DECIDES]->(s),
            (d)-[:IN]->(:Round)-[:IN]->(c:Campaign)
      WHERE d.key = $key OR s.key = $key
      RETURN c.name AS campaign, c.status AS status
      """, parameters: ["key": .text(key)])
    guard let row = result.rows.first, case .string(let campaign) = row[0],
      case .string(let status) = row[1]
    else { return }
    throw StemmaError(
      .reviewInvalid, "\(key) waits no more: the campaign '\(campaign)' is \(status)",
      advice: status == "stopped" ? "`stemma loop resume` lets the campaign go on." : nil)
  }

  /// Answers a pending decision, signed. `key` is the decision's or its subject's.
  ///
  /// - Throws: `review.invalid` where nothing waits under that key, a rejection has no reason, or a
  ///   modification is impossible.
  @discardableResult
  public static func decide(
    _ key: String, _ answer: Answer, reason: String, by reviewer: SigningKey,
    in database: Database, surroundings: Surroundings
  ) throws -> TransactionReceipt {
    let waiting = try pending(in: database)
    guard let pending = waiting.first(where: { $0.decision == key || $0.subject == key }) else {
      try refuseOver(key, in: database)
      let keys = waiting.map { "\($0.subject) (\($0.gate))" }.joined(separator: ", ")
      throw StemmaError(
        .reviewInvalid, "nothing waits for a decision under \(key)",
        advice: waiting.isEmpty ? "Nothing waits at all." : "Waiting: \(keys).")
    }
    let action: String
    switch answer {
    case .approve: action = "approve"
    case .reject: action = "reject"
    case .modify: action = "modify"
    }
    guard action != "reject" || !reason.isEmpty else {
      throw StemmaError(
        .reviewInvalid, "a rejection needs a reason", advice: "Give it with --reason '...'.")
    }
    return try ReviewTransaction(
      database: database, pending: pending, action: action, reason: reason, reviewer: reviewer,
      surroundings: surroundings
    ).append(answer)
  }
}
