// Faults that tests inject into a store in memory.

/// What is to go wrong, and when. The default is nothing.
package struct FaultPlan: Sendable, Hashable {
  /// The n-th put or delete of a transaction fails, from 1.
  package var failingWrite: Int?
  /// The commit fails as a full disk does.
  package var failsCommit = false
  /// The bytes of keys and values that fit; beyond that the map is full.
  package var byteLimit: Int?

  package init(failingWrite: Int? = nil, failsCommit: Bool = false, byteLimit: Int? = nil) {
    self.failingWrite = failingWrite
    self.failsCommit = failsCommit
    self.byteLimit = byteLimit
  }
}
