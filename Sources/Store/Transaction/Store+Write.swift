// Writing: alone, or in a group with whoever else is waiting. Both return when the data is on disk.
//
// A group is one LMDB transaction that carries several whole transactions, since the one sync to
// disk is what costs. There is no waiting thread: each writer queues its work and then asks for the
// turn; who gets it carries out everything queued. A lone writer finds only its own work.

extension Store {
  /// Runs `body` in a write transaction of its own, on this thread, and commits. If it throws,
  /// nothing remains. One writer at a time over all threads and processes; others wait.
  package func write<Result>(
    _ body: (inout WriteTransaction) throws -> Result
  ) throws -> Result {
    try atEdge {
      if isReadOnly { throw StoreError(.readOnly) }
      let turn = writerTurn
      try turn.take()
      defer { turn.giveBack() }
      var outcome: Result?
      try commitOne { transaction in outcome = try body(&transaction) }
      return outcome!
    }
  }

  /// Like `write`, but may share its commit with other threads' writes. `body` can run more than
  /// once and on another thread: it must depend on nothing but what it reads. Where it throws,
  /// nothing of it remains and the others of the group are not harmed.
  package func writeGrouped<Result: Sendable>(
    _ body: @escaping @Sendable (inout WriteTransaction) throws -> Result
  ) throws -> Result {
    try atEdge {
      if isReadOnly { throw StoreError(.readOnly) }
      let result = GroupResult<Result>()
      let member = GroupMember { transaction in result.value = try body(&transaction) }
      let turn = writerTurn
      try turn.requireFree()
      if turn.queue.enter(member) {
        try turn.take()
        let group = turn.queue.takeGroup()
        carryOut(group)
        turn.giveBack()
        turn.queue.settle(group)
      }
      try member.outcome!.get()
      return result.value!
    }
  }

  private var writerTurn: WriterTurn {
    switch engine {
    case .disk(let environment, _): environment.writer
    case .memory(_, let turn): turn
    }
  }
}
