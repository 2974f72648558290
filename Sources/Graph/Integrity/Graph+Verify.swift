// Verification: every projection is a pure function of the log, so it is computed again in memory
// and compared, table by table and key by key. The log itself is checked record by record, and
// before all that the file and the objects (Graph+Files.swift).

import Base
import Store

extension Graph {
  /// Recomputes every projection from the log and compares. Damage is reported, not thrown; what is
  /// thrown is that the store could not be read at all. Needs memory for a copy of the store.
  package func verify(
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Verification {
    var report = Verification()
    if let path = store.path {
      if try !Self.checkFile(path, &report) { return report }
      try Self.checkObjectFiles(path, &report)
    }
    return try verifyProjections(report, progress: progress)
  }

  /// Everything against the log, in one snapshot; faults are added to those of `files`.
  func verifyProjections(
    _ files: Verification, progress: (_ done: Int, _ total: Int) -> Void
  ) throws -> Verification {
    try store.read { reading in
      var report = files
      try Self.checkObjectRows(store, reading, &report)
      let last = try lastRecord(reading, &report)
      let copy = try Store.inMemory(header: store.header)
      let isReplayed = try copy.write { transaction in
        try replay(reading, upTo: last, into: &transaction, &report, progress)
      }
      guard isReplayed else { return report }
      try copy.read { expected in
        report.nodes = Int((try Head(expected)).nodeLimit)
        report.edges = Int((try Head(expected)).edgeLimit)
        for table in Table.ofLog {
          try Self.compare(table, expected, reading, &report)
        }
      }
      try Self.checkWithheld(store.path, reading, &report)
      return report
    }
  }

  /// The number of the last record in the log.
  func lastRecord(_ reading: Reading, _ report: inout Verification) throws -> UInt64 {
    var cursor = try reading.cursor(.log)
    guard try cursor.last() else { return 0 }
    guard cursor.key.byteCount == 8 else {
      report.add("log", cursor.key.hexadecimal, expected: "8 bytes", found: "another key")
      return 0
    }
    return cursor.key.big64(0)
  }

  /// Replays the log; false where a record cannot be carried out, so that nothing can be compared.
  private func replay(
    _ reading: Reading, upTo last: UInt64, into transaction: inout WriteTransaction,
    _ report: inout Verification, _ progress: (Int, Int) -> Void
  ) throws -> Bool {
    // Where the head is damaged, the comparison says so.
    let layout = (try? Head(reading))?.layout ?? .standard
    var replay = try Replay(
      into: transaction.reading, storeIdentity: store.header.uuid, layout: layout)
    var number: UInt64 = 0
    while number < last {
      number += 1
      if number & 63 == 0 { progress(Int(number), Int(last)) }
      let key = LogWriter.logKey(TransactionNumber(number))
      guard let row = try reading.get(.log, key.bytes) else {
        report.add("log", "\(number)", expected: "a record", found: "nothing")
        return false
      }
      do {
        let bytes = [UInt8](copying: row)
        try replay.carryOut(bytes, number: TransactionNumber(number), &transaction)
      } catch let error as StemmaError {
        report.add("log", "\(number)", expected: "a sound record", found: error.message)
        return false
      }
      report.transactions += 1
    }
    if last > 0 { try replay.finish(&transaction) }
    report.merkleRoot = replay.merkleRoot
    progress(Int(last), Int(last))
    return true
  }

  static func compare(
    _ table: Table, _ expected: Reading, _ found: Reading, _ report: inout Verification
  ) throws {
    var left = try expected.cursor(table)
    var right = try found.cursor(table)
    var hasLeft = try left.next()
    var hasRight = try right.next()
    while hasLeft || hasRight {
      let order = !hasLeft ? 1 : !hasRight ? -1 : left.key.order(against: right.key)
      if order == 0, left.value.order(against: right.value) != 0 {
        report.add(
          table.name, left.key.hexadecimal, expected: left.value.hexadecimal,
          found: right.value.hexadecimal)
      } else if order < 0 {
        report.add(
          table.name, left.key.hexadecimal, expected: left.value.hexadecimal, found: "nothing")
      } else if order > 0 {
        report.add(
          table.name, right.key.hexadecimal, expected: "nothing", found: right.value.hexadecimal)
      }
      report.entriesCompared += 1
      if order <= 0 { hasLeft = try left.next() }
      if order >= 0 { hasRight = try right.next() }
    }
  }
}

extension RawSpan {
  /// The first bytes in hexadecimal digits, for messages.
  var hexadecimal: String {
    let shown = (0..<Swift.min(byteCount, 48)).map { byte($0) }
    return HexText.encode(shown) + (byteCount > 48 ? "..." : "")
  }
}
