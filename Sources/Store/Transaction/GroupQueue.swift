// The writes that wait for a shared commit. Which of them a group carries is decided by whoever
// gets the writer's turn (Store+Group.swift).

internal import Synchronization

/// One waiting write.
final class GroupMember: @unchecked Sendable {
  // @unchecked: after it is queued, `outcome` is touched only by holders of the writer's turn.
  let run: @Sendable (inout WriteTransaction) throws -> Void
  /// Set once the write is durable or has failed for good.
  var outcome: Result<Void, any Error>?
  /// Why it would fail if the group were committed now.
  var rejection: (any Error)?

  init(run: @escaping @Sendable (inout WriteTransaction) throws -> Void) { self.run = run }
}

/// What a write returned, carried from the thread that ran it to the one that asked.
final class GroupResult<Value: Sendable>: @unchecked Sendable {
  // @unchecked: written by the holder of the writer's turn, read after the turn was taken again.
  var value: Value?
}

/// Writes in the order in which they came.
final class GroupQueue: Sendable {
  /// The largest number of writes that share a commit.
  static let largestGroup = 1024

  private let members = Mutex<[GroupMember]>([])

  func add(_ member: GroupMember) { members.withLock { $0.append(member) } }

  func remove(_ member: GroupMember) {
    members.withLock { $0.removeAll { $0 === member } }
  }

  /// Takes the oldest waiting writes out of the queue.
  func takeGroup() -> [GroupMember] {
    members.withLock { members in
      let group = Array(members.prefix(Self.largestGroup))
      members.removeFirst(group.count)
      return group
    }
  }
}
