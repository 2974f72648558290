// A backup is a store of its own: the first time a copy of the tables as of one snapshot, later
// only what the log has more, carried out there. It can be opened, queried and verified.

package import Base
import Store

extension Graph {
  /// Brings the backup in `target` up to this store's newest transaction, or makes it. Others can
  /// read and write meanwhile.
  package func backUp(
    to target: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> CopyOutcome {
    guard let source = store.path else {
      throw StemmaError(.argumentInvalid, "a store in memory has no backup")
    }
    let turn = try Store.takeCopyTurn(into: target, from: source)
    defer { withExtendedLifetime(turn) {} }
    if Store.isStore(at: target) {
      let outcome = try extend(target, from: source, progress)
      // What was redacted here since the last time is destroyed there too.
      if try Self.hasUnfinishedWithholding(at: target) {
        try Self.requireNoKeptFiles(at: target, advice: "back up again")
        try Self.finishWithholding(at: target)
      }
      return outcome
    }
    var outcome = CopyOutcome()
    do {
      try Store.beginCopy(into: target)
      // Whatever the tables name was there before them; and they are a store only when it is here.
      try store.copyTables(toFolder: target)
      outcome.objects = try Store.copyObjectFiles(from: source, to: target, progress: progress)
      try Store.copySideFiles(from: source, to: target)
      try Store.placeTables(in: target)
    } catch {
      Store.abandonCopy(into: target)
      throw error
    }
    try Store.endCopy(into: target)
    try addTables(of: target, &outcome)
    // They came with the tables, and are what verification would call damage.
    if !outcome.objects.damaged.isEmpty { try Store.open(at: target).objects.removeDamagedRows() }
    return outcome
  }

  /// Counts what a new backup got with its tables.
  private func addTables(of target: String, _ outcome: inout CopyOutcome) throws {
    let copy = try Self.open(
      at: target, surroundings: surroundings, options: StoreOptions(isReadOnly: true))
    outcome.last = try copy.lastTransaction().rawValue
    outcome.objects.add(try copy.store.objectsInTables())
  }

  /// Carries the records that the backup lacks out in it, after what they name was copied.
  private func extend(
    _ target: String, from source: String, _ progress: (_ done: Int, _ total: Int) -> Void
  ) throws -> CopyOutcome {
    let backup = try Store.open(at: target)
    var carrier = try LogCarrier(into: backup)
    var outcome = CopyOutcome()
    outcome.before = carrier.last.rawValue
    let last = try store.read { reading in
      let last = try Head(reading).transaction.rawValue
      try Self.requireBeginning(of: reading, store, in: backup, size: outcome.before, last: last)
      return last
    }
    outcome.objects = try Store.copyObjectFiles(from: source, to: target, progress: progress)
    try Store.copySideFiles(from: source, to: target)
    try store.read { reading in
      if store.header.has(.objects) {
        try ObjectRows.carry(reading, into: backup, &outcome.objects)
        if !outcome.objects.damaged.isEmpty { try backup.objects.removeDamagedRows() }
      }
      try carrier.takeAll(of: reading, upTo: last, progress)
    }
    outcome.last = carrier.last.rawValue
    return outcome
  }

  /// The backup must be of this store, and its log the beginning of this one: their Merkle roots
  /// say so.
  private static func requireBeginning(
    of reading: Reading, _ store: Store, in backup: Store, size: UInt64, last: UInt64
  ) throws {
    func refused(_ words: String) -> StemmaError {
      StemmaError(
        .storeExists, "\(backup.path ?? "the folder") holds \(words)",
        advice: "give a folder that is empty or holds a backup of this store")
    }
    guard backup.header.uuid == store.header.uuid else { throw refused("another store") }
    guard size <= last else { throw refused("a newer state of this store") }
    let mine = try LogWriter.frontier(reading, size: size).root
    let its = try backup.read { try LogWriter.frontier($0, size: size).root }
    guard mine == its else { throw refused("another history of this store") }
  }

  /// Makes a store in `target` from a backup, which stays as it is; up to a transaction where one
  /// is given, else all of it.
  package static func restore(
    from backup: String, to target: String, upTo end: TransactionNumber? = nil,
    surroundings: Surroundings, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> CopyOutcome {
    if let end { return try rebuild(from: backup, into: target, upTo: end, progress: progress) }
    let graph = try open(
      at: backup, surroundings: surroundings, options: StoreOptions(isReadOnly: true))
    if Store.isStore(at: target) {
      throw StemmaError(
        .storeExists, "\(target) already holds a store",
        at: .file(path: target, line: nil, column: nil),
        advice: "restore into another folder, and compare")
    }
    return try graph.backUp(to: target, progress: progress)
  }
}
