// Carries records of a log into another store, in portions: each portion is one durable write, so
// that neither memory nor a crash has to do with the length of the log.

import Base
import Store

/// Replays a log into a store on disk.
struct LogCarrier {
  let target: Store
  /// What an empty store gets.
  private let layout: GraphLayout
  /// The last transaction that is in the target.
  private(set) var last: TransactionNumber
  private var portion: [[UInt8]] = []
  private var portionBytes = 0

  private static let portionLimit = 1_000
  private static let portionByteLimit = 16 << 20

  init(into target: Store, layout: GraphLayout = .standard) throws {
    self.layout = layout
    self.target = target
    last = try target.read { reading in try Head(reading).transaction }
  }

  /// How many records were taken, written or not.
  var taken: UInt64 { last.rawValue + UInt64(portion.count) }

  /// Takes the next record; throws `store.damaged` where one of those taken is not sound.
  mutating func take(_ record: [UInt8]) throws {
    portion.append(record)
    portionBytes += record.count
    if portion.count >= Self.portionLimit || portionBytes >= Self.portionByteLimit { try flush() }
  }

  /// Takes what a log has beyond what was taken, and writes it.
  mutating func takeAll(
    of log: Reading, upTo end: UInt64, _ progress: (_ done: Int, _ total: Int) -> Void
  ) throws {
    let before = taken
    while taken < end {
      let key = LogWriter.logKey(TransactionNumber(taken + 1))
      guard let row = try log.get(.log, key.bytes) else {
        throw StemmaError.damaged("log", "record \(taken + 1) is not there")
      }
      try take([UInt8](copying: row))
      if taken & 63 == 0 { progress(Int(taken - before), Int(end - before)) }
    }
    try flush()
    progress(Int(end - before), Int(end - before))
  }

  /// Writes what was taken. Where a record is not sound, those before it are written nonetheless.
  mutating func flush() throws {
    let records = portion
    portion = []
    portionBytes = 0
    // A record that fails spoils its transaction, which is then done again without it.
    var wanted = records[...]
    var failure: (any Error)?
    while !wanted.isEmpty {
      var done = 0
      do {
        try carry(wanted, &done)
        last = TransactionNumber(last.rawValue + UInt64(wanted.count))
        break
      } catch let error as StemmaError where failure == nil && done < wanted.count {
        guard error.code != .storeFull else { throw error }
        failure = error
        wanted = wanted.prefix(done)
      }
    }
    if let failure { throw failure }
  }

  private func carry(_ records: ArraySlice<[UInt8]>, _ done: inout Int) throws {
    var count = 0
    defer { done = count }
    try target.write { transaction in
      var replay = try Replay(
        continuing: transaction.reading, storeIdentity: target.header.uuid, layout: layout)
      for record in records {
        let number = TransactionNumber(last.rawValue + UInt64(count) + 1)
        try replay.carryOut(record, number: number, &transaction)
        count += 1
      }
      try replay.finish(&transaction)
    }
  }
}
