// Notes and critiques by somebody outside. They are read by people, and by models as quoted text
// that is marked as an outsider's; the loop's gates look at neither.

public import Base
import Graph
import Models
public import Stemma

extension Outside {
  /// A longer note is refused.
  public static let noteLimitBytes = 16 << 10

  /// Keeps a note: what somebody thinks or found, with the records that it is about. Returns its
  /// key.
  ///
  /// - Throws: `argument.invalid`, `key.not-found` for a record that does not exist.
  public static func note(
    _ text: String, title: String, about keys: [String], address: String? = nil,
    by actor: String, in database: Database, surroundings: Surroundings
  ) throws -> String {
    let name = try self.actor(actor)
    try LineageCheck.require(database)
    guard !text.isEmpty, !title.isEmpty, text.utf8.count <= noteLimitBytes,
      title.utf8.count <= 500, (address ?? "").utf8.count <= 2_000, keys.count <= 50
    else {
      throw StemmaError(
        .argumentInvalid,
        "a note has a title of at most 500 bytes, a text of at most \(noteLimitBytes), an address "
          + "of at most 2,000 and is about at most 50 records")
    }
    var transaction = StepTransaction()
    let note = transaction.create(
      "Source",
      [("title", .text(title)), ("uri", address.map { .text($0) }), ("note", .text(text))])
    for key in Set(keys).sorted() {
      guard let record = try MirrorNode.find(Text(key), in: database) else { throw missing(key) }
      guard CitationCheck.citable.contains(record.label) else {
        throw StemmaError(
          .argumentInvalid, "a note cannot be about \(key), a \(record.label)",
          advice: "Name the proposal, run or finding that it is about.")
      }
      transaction.connect(note, "CITES", .id(record.id))
    }
    transaction.connect(note, "BY", try transaction.actor(name, kind: "agent", in: database))
    return try Loop.append(
      transaction, by: name, reason: "a note: \(title)", in: database, surroundings: surroundings)
  }

  /// What became of a critique by somebody outside.
  public struct Criticism: Sendable {
    public var key: String
    /// Objections that were struck, each with the reason.
    public var struck: [String]
  }

  /// Keeps a critique of a proposal. Its citations are checked as those of the campaign's critics
  /// are; no gate looks at it, and nobody's calibration counts it.
  ///
  /// - Parameter answer: as in docs/provider-protocol.md, without `version`.
  /// - Throws: `argument.invalid`, `provider.answer` naming the field, `key.not-found`.
  public static func critique(
    _ answer: ValueMap, of key: String, by actor: String, in database: Database,
    surroundings: Surroundings
  ) throws -> Criticism {
    let name = try self.actor(actor)
    try LineageCheck.require(database)
    var answer = answer
    answer["version"] = .integer(1)
    let critique = try CritiqueAnswer(.map(answer))
    guard let proposal = try MirrorNode.find(Text(key), in: database),
      proposal.label == "Proposal"
    else {
      throw StemmaError(
        .keyNotFound, "\(key) is no proposal here",
        advice: "`tried_before` and the query language find the one that you mean.")
    }
    let check = try CitationCheck(critique, of: proposal) { try MirrorNode.find($0, in: database) }
    var transaction = StepTransaction()
    let node = CritiqueRecord(answer: critique, check: check).create(
      of: proposal.id, origin: "outside", at: .dateTime(ZonedDateTime(surroundings.now())),
      in: &transaction)
    transaction.connect(node, "BY", try transaction.actor(name, kind: "agent", in: database))
    let made = try Loop.append(
      transaction, by: name, reason: "a critique of \(key)", in: database,
      surroundings: surroundings)
    return Criticism(key: made, struck: check.struck.map { "\($0.text): \($0.reason)" })
  }

  private static func missing(_ key: String) -> StemmaError {
    StemmaError(
      .keyNotFound, "there is no record \(key) here",
      advice: "Ask the graph for the key that you mean.")
  }
}
