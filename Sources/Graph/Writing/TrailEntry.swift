// What the audit trail says about the log itself, as records of the same log: keys, signed
// checkpoints, signatures of witnesses, time stamps, withheld values. The graph keeps and finds
// them; whether a signature is right is judged above, where the keys are.

public import Base

/// One statement about the log.
public struct TrailEntry: Sendable, Hashable {
  public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
    /// A key speaks for the log from here on; the content is a signed note that says so.
    case keyAdded = 1
    /// A key no longer does; the content is a signed note that says so.
    case keyRevoked = 2
    /// A signed root of the log's tree; the content is a C2SP tlog-checkpoint.
    case checkpoint = 3
    /// Another's signature line for a checkpoint.
    case cosignature = 4
    /// An RFC 3161 response about a checkpoint, in DER.
    case timestamp = 5
    /// A value was withheld; the content is its place and commitment in CBOR.
    case withheld = 6
  }

  public var kind: Kind
  /// The transaction that it is about: the size of the checkpoint's tree, or the record with the
  /// withheld value; zero for keys.
  public var transaction: TransactionNumber
  /// The checkpoint's name, the key's text, the witness's name; may be empty.
  public var name: Text
  public var content: [UInt8]

  public init(
    _ kind: Kind, about transaction: TransactionNumber, name: Text, content: [UInt8]
  ) {
    self.kind = kind
    self.transaction = transaction
    self.name = name
    self.content = content
  }

  /// Bytes of a name, and of a content: a note with sixteen post-quantum signatures fits.
  static let nameLimitBytes = 1_024
  static let contentLimitBytes = 256 << 10
}

extension Preparation {
  /// Takes a statement about the log; throws where it is too large, is about the future, or gives
  /// a checkpoint a name that another has.
  func addTrailEntry(_ entry: TrailEntry, _ view: borrowing GraphView) throws {
    guard entry.name.utf8Count <= TrailEntry.nameLimitBytes,
      entry.content.count <= TrailEntry.contentLimitBytes
    else {
      throw StemmaError(
        .writeRejected,
        "an entry of the audit trail has at most \(TrailEntry.nameLimitBytes) bytes of name and"
          + " \(TrailEntry.contentLimitBytes) of content")
    }
    guard entry.transaction <= view.snapshot else {
      throw StemmaError(
        .writeRejected, "an entry of the audit trail is about a transaction that is not there yet")
    }
    if entry.kind == .checkpoint, !entry.name.isEmpty {
      let isPending = changes.contains { change in
        if case .trail(let other) = change { other.name == entry.name } else { false }
      }
      if try isPending || view.checkpoint(named: entry.name) != nil {
        throw StemmaError(
          .writeRejected, "there is a checkpoint named `\(entry.name)` already",
          advice: "choose another name; a checkpoint keeps its own for ever")
      }
    }
    changes.append(.trail(entry))
  }
}
