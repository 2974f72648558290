// Carrying out a group of writes in one commit. A member that fails after its first put spoils the
// transaction, so the group is begun again without it; members must therefore be repeatable.

extension Store {
  /// A member that failed after leaving traces.
  private struct Spoiled: Error {
    var member: GroupMember
    var reason: any Error
  }

  /// Runs all members and settles every outcome. Call with the writer's turn taken.
  func carryOut(_ group: [GroupMember]) {
    var remaining = group
    while !remaining.isEmpty {
      // The formatter wants two spaces in `catch where`.
      // swift-format-ignore
      do {
        try commitOne { transaction in try Self.runAll(remaining, &transaction) }
        for member in remaining {
          member.outcome = member.rejection.map { .failure($0) } ?? .success(())
        }
        return
      } catch let spoiled as Spoiled where remaining.count > 1 && !Self.isFull(spoiled.reason) {
        spoiled.member.outcome = .failure(spoiled.reason)
        remaining.removeAll { $0 === spoiled.member }
      } catch where remaining.count > 1 {
        // The group was too large for the map or the disk, or could not be begun or committed: each
        // gets its own answer.
        for member in remaining { carryOut([member]) }
        return
      } catch {
        remaining[0].outcome = .failure((error as? Spoiled)?.reason ?? error)
        return
      }
    }
  }

  private static func runAll(
    _ members: [GroupMember], _ transaction: inout WriteTransaction
  ) throws {
    for member in members {
      let before = (transaction.writeCount, transaction.traceCount)
      member.rejection = nil
      do {
        try member.run(&transaction)
        if let failure = transaction.failure { throw failure }
      } catch {
        guard before == (transaction.writeCount, transaction.traceCount) else {
          throw Spoiled(member: member, reason: error)
        }
        member.rejection = error
      }
    }
    if let companion = transaction.companion { try companion.finish(&transaction) }
  }

  private static func isFull(_ error: any Error) -> Bool {
    guard let error = error as? StoreError else { return false }
    return error.code == .mapFull || error.code == .diskFull || error.code == .busy
  }

  /// One engine transaction around `body`: committed if it returns and wrote something.
  func commitOne(_ body: (inout WriteTransaction) throws -> Void) throws {
    switch engine {
    case .disk(let environment, _):
      let handle = unsafe try environment.beginWrite()
      var transaction = unsafe WriteTransaction(transaction: handle, memory: nil)
      transaction.redo = environment.journal?.redo
      let faults = environment.faults.current
      transaction.failingWrite = faults.failingWrite ?? 0
      do {
        try body(&transaction)
        if let failure = transaction.failure { throw failure }
        if faults.failsCommit { throw StoreError(.diskFull) }
      } catch {
        unsafe environment.abort(handle)
        throw error
      }
      if transaction.writeCount == 0 {
        unsafe environment.abort(handle)
      } else {
        unsafe try environment.commit(handle)
      }
    case .memory(let memory, _):
      let working = memory.beginWrite()
      var transaction = unsafe WriteTransaction(transaction: nil, memory: working)
      transaction.failingWrite = memory.faults.failingWrite ?? 0
      try body(&transaction)
      if let failure = transaction.failure { throw failure }
      if transaction.writeCount > 0 { try memory.commit(working) }
    }
  }
}
