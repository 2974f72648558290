// The audit trail of one store: its keys, its checkpoints, and the proofs that they support. It
// writes statements about the log through the façade like everybody else, and never anything about
// the graph.

public import Base
import Graph
public import Signing
public import Stemma

/// The audit trail of an open store.
public struct AuditTrail: Sendable {
  public let database: Database

  public init(_ database: Database) { self.database = database }

  /// The name of the log: the first line of its checkpoints.
  public var origin: String { Self.origin(of: database.storeIdentity) }

  static func origin(of store: [UInt8]) -> String { "stemma.log/" + HexText.encode(store) }

  // MARK: Reading

  /// The log's keys at the present, or at an earlier size.
  public func keys(atSize size: UInt64? = nil) throws -> KeyHistory {
    try database.readLog(at: size.map { TransactionNumber($0) }) { graph in
      try Self.keys(graph, origin: origin)
    }
  }

  static func keys(_ graph: borrowing GraphView, origin: String) throws -> KeyHistory {
    let statements = try graph.trail(.keyAdded) + graph.trail(.keyRevoked)
    return KeyHistory.following(
      statements.sorted { $0.transaction < $1.transaction }, origin: origin)
  }

  /// A checkpoint of the log with every signature that is known for it.
  public struct Kept: Sendable {
    public var name: Text
    public var size: UInt64
    /// The record that keeps it.
    public var transaction: TransactionNumber
    public var note: SignedNote
    /// RFC 3161 responses about it, in DER.
    public var timestamps: [[UInt8]]
  }

  /// Every checkpoint, oldest first. One that cannot be read is damage of the log.
  public func checkpoints() throws -> [Kept] {
    try database.readLog { graph in try Self.checkpoints(graph) }
  }

  static func checkpoints(_ graph: borrowing GraphView) throws -> [Kept] {
    let found = try allCheckpoints(graph)
    guard let (record, size) = found.unreadable.first else { return found.kept }
    throw StemmaError(
      .storeDamaged, "the checkpoint of \(size) records is no signed note",
      at: .record(table: "log", key: "\(record)"), advice: "run `stemma verify`")
  }

  /// Every checkpoint that can be read, and the others by their record and size.
  static func allCheckpoints(
    _ graph: borrowing GraphView
  ) throws -> (kept: [Kept], unreadable: [(record: UInt64, size: UInt64)]) {
    var lines: [UInt64: [NoteSignature]] = [:]
    for (_, entry) in try graph.trail(.cosignature) {
      guard let line = NoteSignature(line: String(decoding: entry.content, as: UTF8.self)) else {
        continue
      }
      lines[entry.transaction.rawValue, default: []].append(line)
    }
    var timestamps: [UInt64: [[UInt8]]] = [:]
    for (_, entry) in try graph.trail(.timestamp) {
      timestamps[entry.transaction.rawValue, default: []].append(entry.content)
    }
    var kept: [Kept] = []
    var unreadable: [(record: UInt64, size: UInt64)] = []
    for (transaction, entry) in try graph.trail(.checkpoint) {
      let size = entry.transaction.rawValue
      guard var note = try? SignedNote(parsing: String(decoding: entry.content, as: UTF8.self))
      else {
        unreadable.append((transaction.rawValue, size))
        continue
      }
      for line in lines[size] ?? [] { note.add(line) }
      kept.append(
        Kept(
          name: entry.name, size: size, transaction: transaction, note: note,
          timestamps: timestamps[size] ?? []))
    }
    return (kept, unreadable)
  }

  /// What the log is at some size, without any signature. O(log n).
  public func head(atSize size: UInt64? = nil) throws -> Checkpoint {
    try database.readLog { graph in
      let size = size ?? graph.snapshot.rawValue
      guard size <= graph.snapshot.rawValue else {
        throw StemmaError(
          .argumentInvalid, "the log has \(graph.snapshot.rawValue) records, not \(size)")
      }
      return try Self.head(graph, size, origin: origin)
    }
  }

  static func head(
    _ graph: borrowing GraphView, _ size: UInt64, origin: String
  ) throws -> Checkpoint {
    Checkpoint(
      origin: origin, size: size,
      root: try MerkleTree.root(size: size) { try graph.treeNode(level: $0, index: $1) })
  }

  // MARK: Writing

  /// Adds a statement to the log. The same statement made twice is one record.
  func append(_ entries: [TrailEntry], actor: Text, reason: Text) throws {
    var hash = SHA256()
    for entry in entries {
      hash.update(Array("\(entry.kind.rawValue) \(entry.transaction.rawValue) ".utf8))
      hash.update(Array(entry.name.string.utf8))
      hash.update([0])
      hash.update(entry.content)
    }
    let request = RequestID(bytes: Array(hash.digest().bytes.prefix(16)))!
    try database.append(
      TransactionRequest(
        requestID: request, actor: actor, reason: reason, operations: entries.map { .trail($0) }))
  }
}
