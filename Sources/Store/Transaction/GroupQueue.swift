// The writes that wait for a shared commit, and who carries them out: the first that finds nobody
// doing so leads. It carries out everything that waits, wakes whom it did that for, and hands the
// lead to the one who then waits longest. Who commits is decided here, how in Store+Group.swift.

/// What writes of one group share, so that each need not read and write it again.
package protocol GroupCompanion: AnyObject {
  /// Writes what was held back; called once, after the last write of the group.
  func finish(_ transaction: inout WriteTransaction) throws
}

/// One waiting write.
final class GroupMember: @unchecked Sendable {
  // @unchecked: `outcome` and `rejection` are the leader's until the member is settled; the states
  // are the queue's, behind its lock.
  let run: @Sendable (inout WriteTransaction) throws -> Void
  /// Set once the write is durable or has failed for good.
  var outcome: Result<Void, any Error>?
  /// Why it would fail if the group were committed now.
  var rejection: (any Error)?
  fileprivate var isSettled = false
  fileprivate var leads = false

  init(run: @escaping @Sendable (inout WriteTransaction) throws -> Void) { self.run = run }
}

/// What a write returned, carried from the thread that ran it to the one that asked.
final class GroupResult<Value: Sendable>: @unchecked Sendable {
  // @unchecked: written by the leader, read once its member is settled.
  var value: Value?
}

/// Writes in the order in which they came.
final class GroupQueue: @unchecked Sendable {
  // @unchecked: everything is behind the monitor.
  /// The largest number of writes that share a commit.
  static let largestGroup = 1024

  private let monitor = Monitor()
  private var members: [GroupMember] = []
  private var hasLeader = false

  /// Queues a write. True where its caller is to lead, at once if nobody does; false once another
  /// has carried it out.
  func enter(_ member: GroupMember) -> Bool {
    monitor.withLock {
      members.append(member)
      if !hasLeader {
        hasLeader = true
        return true
      }
      while !member.isSettled, !member.leads { _ = monitor.wait(milliseconds: 1000) }
      return member.leads
    }
  }

  /// The oldest waiting writes, the leader's own among them.
  func takeGroup() -> [GroupMember] {
    monitor.withLock {
      let group = Array(members.prefix(Self.largestGroup))
      members.removeFirst(group.count)
      return group
    }
  }

  /// Wakes the members of a group whose outcomes are set, and whoever leads next.
  func settle(_ group: [GroupMember]) {
    monitor.withLock {
      for member in group { member.isSettled = true }
      if let next = members.first { next.leads = true } else { hasLeader = false }
      monitor.broadcast()
    }
  }
}
