// The family tree of proposals: what a change was made from, or what was made from it. Programs
// render it; nothing here does.

public import Base

/// A tree of proposals at one snapshot.
public struct Descent: Sendable {
  public enum Direction: String, Sendable, CaseIterable {
    /// From the proposal back to the baseline: one child per node.
    case ancestors
    case descendants
  }

  public var root: DescentNode
  public var direction: Direction
  /// How many proposals the tree shows, each once.
  public var shown: Int
  /// False where the limit left proposals out.
  public var complete: Bool
  public var snapshot: TransactionNumber
}

/// A proposal and those made from it (or the one it was made from).
public struct DescentNode: Sendable {
  public var record: RecordSummary
  public var title: String
  public var status: String
  /// What was changed against its base.
  public var changed: [String]
  /// From the confirmation that decided about it, positive is better; `nil` where there is none.
  public var effect: Effect?
  /// Other parents: inspirations and crossovers.
  public var alsoFrom: [OtherParent]
  public var children: [DescentNode]

  public struct Effect: Sendable, Hashable {
    public var value: Double
    public var lower: Double?
    public var upper: Double?
    public var verdict: String?
    /// The proposal that it was measured against: the best of that moment, not always the base.
    public var against: String?
    public var isAgainstBase: Bool
  }

  public struct OtherParent: Sendable, Hashable {
    public var key: String
    public var role: String
  }
}
