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

  /// What waits for a decision, oldest first.
  public static func pending(in database: Database) throws -> [Pending] {
    let result = try database.query(
      """
      MATCH (d:Decision {action: 'pending'})-[:DECIDES]->(s),
            (d)-[:IN]->(r:Round)-[:IN]->(c:Campaign)
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
