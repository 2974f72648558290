// The answer to "why do we believe this?": a tree from a belief down to runs and the objects that
// hold their raw outputs. Programs render it; nothing here does.

public import Base

/// A tree of evidence at one snapshot.
public struct Evidence: Sendable {
  public var root: EvidenceNode
  /// How many records the tree shows, each once.
  public var records: Int
  /// False where the limit on records or depth cut something; `omitted` says where.
  public var complete: Bool
  public var snapshot: TransactionNumber
}

/// A record and what it rests on.
public struct EvidenceNode: Sendable {
  public var record: RecordSummary
  /// How the parent came here, such as `candidate`; empty for the root.
  public var caption: String
  /// Shown in full elsewhere in the tree, and not expanded again.
  public var isRepeated: Bool
  public var children: [EvidenceNode]
  /// Records that were left out, by caption.
  public var omitted: [Omission]

  public struct Omission: Sendable, Hashable {
    public var caption: String
    public var count: Int
  }
}
