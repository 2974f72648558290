// The keys of a log with the time during which each counted, from the log's own statements. Which
// of them to trust is the reader's choice: a key that was given from outside, and whatever it (or
// one that it led to) vouched for.

public import Base
public import Graph
public import Signing
import Synchronization

/// Every key that the log ever had.
public struct KeyHistory: Sendable {
  public struct Entry: Sendable, Hashable {
    public var key: NoteKey
    public var role: KeyStatement.Role
    public var addedBy: TransactionNumber
    public var revokedBy: TransactionNumber?
    /// The keys whose signatures the statement that added it carries, itself apart.
    public var vouchers: [NoteKey]

    /// Whether it counted for a tree of some size.
    public func isInForce(atSize size: UInt64) -> Bool {
      addedBy.rawValue <= size && (revokedBy.map { size < $0.rawValue } ?? true)
    }
  }

  public private(set) var entries: [Entry] = []
  /// Statements that are not what they should be, in words.
  public private(set) var faults: [String] = []

  public init() {}

  /// What the statements of a log come to, in the order in which they were made. Signatures are
  /// dear to check and the question comes with every eval that is recorded, so the last answer is
  /// kept with exactly what it follows from.
  static func following(
    _ statements: [(transaction: TransactionNumber, entry: TrailEntry)], origin: String
  ) -> KeyHistory {
    let known = last.withLock { $0 }
    if let known, known.origin == origin,
      known.statements.elementsEqual(
        statements, by: { $0.transaction == $1.transaction && $0.entry == $1.entry })
    {
      return known.history
    }
    var history = KeyHistory()
    for (transaction, entry) in statements {
      history.add(entry, from: transaction, origin: origin)
    }
    last.withLock { $0 = Answer(origin: origin, statements: statements, history: history) }
    return history
  }

  private struct Answer: Sendable {
    var origin: String
    var statements: [(transaction: TransactionNumber, entry: TrailEntry)]
    var history: KeyHistory
  }

  private static let last = Mutex<Answer?>(nil)

  /// The keys of a role that count at a size.
  public func keys(_ role: KeyStatement.Role, atSize size: UInt64) -> [NoteKey] {
    entries.filter { $0.role == role && $0.isInForce(atSize: size) }.map(\.key)
  }

  /// Takes in a statement that the log made.
  public mutating func add(
    _ entry: TrailEntry, from transaction: TransactionNumber, origin: String
  ) {
    let place = "record \(transaction.rawValue)"
    guard let note = try? SignedNote(parsing: String(decoding: entry.content, as: UTF8.self)),
      let statement = KeyStatement(text: note.text), statement.origin == origin,
      entry.name.string == statement.key.text,
      entry.kind == (statement.action == .add ? .keyAdded : .keyRevoked)
    else {
      faults.append("\(place): its statement about a key cannot be read or is of another log")
      return
    }
    let authorities = keys(.log, atSize: transaction.rawValue - 1)
    let signers = note.check(by: authorities).filter(\.outcome.isValid).map(\.key)
    switch statement.action {
    case .add:
      let hasOwn = note.check(by: [statement.key]).contains { $0.outcome.isValid }
      guard statement.role != .log || hasOwn else {
        faults.append("\(place): a new key of the log did not sign its own statement")
        return
      }
      if !authorities.isEmpty, signers.isEmpty {
        faults.append("\(place): no key in force vouches for the new key \(statement.key.name)")
      }
      entries.append(
        Entry(key: statement.key, role: statement.role, addedBy: transaction, vouchers: signers))
    case .revoke:
      guard !signers.isEmpty,
        let index = entries.lastIndex(where: {
          $0.key == statement.key && $0.role == statement.role && $0.revokedBy == nil
        })
      else {
        faults.append("\(place): nobody entitled to it revokes the key \(statement.key.name)")
        return
      }
      entries[index].revokedBy = transaction
    }
  }

  /// The keys that follow from some given ones: what these vouched for, and so on.
  public func trusted(from given: [NoteKey]) -> Set<NoteKey> {
    var trusted = Set(given)
    for entry in entries where entry.vouchers.contains(where: trusted.contains) {
      trusted.insert(entry.key)
    }
    return trusted
  }
}
