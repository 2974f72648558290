// The engine in memory: the double that every test of the layers above can run on, with the same
// semantics as the one on disk. Readers keep the snapshot they began with.

internal import Synchronization

/// A store's tables in memory.
final class MemoryEngine: Sendable {
  private struct State {
    var snapshot = MemorySnapshot()
    /// What a loss of power leaves.
    var durable = MemorySnapshot()
    var faults = FaultPlan()
  }

  private let state = Mutex(State())

  func current() -> MemorySnapshot { state.withLock { $0.snapshot } }

  /// A writer's own copy; the caller has the writer's turn.
  func beginWrite() -> MemorySnapshot {
    state.withLock { MemorySnapshot(copying: $0.snapshot, faults: $0.faults) }
  }

  func commit(_ snapshot: MemorySnapshot) throws(StoreError) {
    let failed = state.withLock { state in
      if state.faults.failsCommit { return true }
      state.snapshot = snapshot
      if !state.faults.losesSync { state.durable = snapshot }
      return false
    }
    if failed { throw StoreError(.diskFull) }
  }

  func losePower() { state.withLock { $0.snapshot = $0.durable } }

  var faults: FaultPlan { state.withLock { $0.faults } }

  func inject(_ faults: FaultPlan) { state.withLock { $0.faults = faults } }
}
