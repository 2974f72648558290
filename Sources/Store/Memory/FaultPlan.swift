// Faults that tests inject into a store, the same on both engines where both can have them.

internal import Synchronization

/// What is to go wrong, and when. The default is nothing.
package struct FaultPlan: Sendable, Hashable {
  /// The n-th put or delete of a transaction fails, from 1.
  package var failingWrite: Int?
  /// The commit fails as a full disk does.
  package var failsCommit = false
  /// In memory: the bytes of keys and values that fit; beyond that the map is full. On disk
  /// `StoreOptions.mapBytes` is that limit.
  package var byteLimit: Int?
  /// In memory: commits are acknowledged and seen, but do not survive `Store.losePower()`. (What a
  /// real disk may do is a matter of the file, below this interface.)
  package var losesSync = false

  package init(
    failingWrite: Int? = nil, failsCommit: Bool = false, byteLimit: Int? = nil,
    losesSync: Bool = false
  ) {
    self.failingWrite = failingWrite
    self.failsCommit = failsCommit
    self.byteLimit = byteLimit
    self.losesSync = losesSync
  }
}

/// The plan of a store on disk, which is asked for at every write.
final class PlannedFaults: Sendable {
  private let plan = Mutex(FaultPlan())

  var current: FaultPlan { plan.withLock { $0 } }
  func set(_ faults: FaultPlan) { plan.withLock { $0 = faults } }
}
