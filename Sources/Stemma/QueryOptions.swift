// How a query is to be run: at which snapshot, under which limits, and who may stop it.

public import Base
import Synchronization

/// Everything about a query but its text and parameters.
public struct QueryOptions: Sendable {
  /// The snapshot; `nil` for the present. A text that says AS OF itself wins.
  public var asOf: SnapshotTime?
  public var limits: QueryLimits
  public var cancellation: CancellationToken?
  /// A writing query is refused unless there is provenance for it.
  public var write: WriteProvenance?
  /// A text that says EXPLAIN or PROFILE itself wins.
  public var mode: QueryMode

  public init(
    asOf: SnapshotTime? = nil, limits: QueryLimits = QueryLimits(),
    cancellation: CancellationToken? = nil, write: WriteProvenance? = nil,
    mode: QueryMode = .run
  ) {
    self.mode = mode
    self.asOf = asOf
    self.limits = limits
    self.cancellation = cancellation
    self.write = write
  }
}

/// What is wanted of a query.
public enum QueryMode: Sendable, Hashable {
  case run
  /// The plan, without running it.
  case explain
  /// The plan and what each operation did; the rows are dropped.
  case profile
}

/// A past moment to read at.
public enum SnapshotTime: Sendable, Hashable {
  case transaction(TransactionNumber)
  /// The last transaction committed at or before this moment.
  case time(Timestamp)
  case checkpoint(Text)
}

/// Who writes with a query, and why.
public struct WriteProvenance: Sendable, Hashable {
  public var actor: Text
  public var reason: Text
  public init(actor: Text, reason: Text) {
    self.actor = actor
    self.reason = reason
  }
}

/// Named limits; a query that meets one ends with `complete == false` and says which. Without a
/// word of the caller memory alone is limited.
public struct QueryLimits: Sendable, Hashable {
  public var rows: Int?
  public var timeMilliseconds: Int?
  /// `nil` for no limit at all.
  public var memoryBytes: Int?
  public var pathExpansions: Int?
  /// What may lie in scratch files for want of memory.
  public var diskBytes: Int?

  public init(
    rows: Int? = nil, timeMilliseconds: Int? = nil,
    memoryBytes: Int? = QueryLimits.defaultMemoryBytes,
    pathExpansions: Int? = nil, diskBytes: Int? = nil
  ) {
    self.rows = rows
    self.timeMilliseconds = timeMilliseconds
    self.memoryBytes = memoryBytes
    self.pathExpansions = pathExpansions
    self.diskBytes = diskBytes
  }
}

/// Set from another thread (or a signal handler) to stop a query within 50 ms.
public final class CancellationToken: Sendable {
  private let flag = Atomic<Bool>(false)
  public init() {}
  public func cancel() { flag.store(true, ordering: .relaxed) }
  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
