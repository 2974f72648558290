// What a store is made anew from: which of the states that a damaged file and its journal have, and
// what is known of the store where its header cannot be read.

import Base
import Store

/// The state of a store that its log is read from.
struct RebuildOrigin {
  var state = LMDBRows.State.settled
  /// Why it is not the state that opening the store would give.
  var loss: String?

  /// That state; with `allowsLoss` another, where more of the log can be read there.
  init(of source: String, allowsLoss: Bool) throws {
    guard allowsLoss else { return }
    var most = -1
    var refusal: String?
    for candidate in LMDBRows.State.allCases {
      do {
        let count = Self.readable(try LMDBRows.open(storeAt: source, at: candidate))
        guard count > most else { continue }
        (most, state) = (count, candidate)
      } catch let error as StemmaError {
        if candidate == .settled { refusal = error.message }
      }
    }
    if state != .settled { loss = refusal ?? "the newest state of the store cannot be read" }
  }

  /// How many records of the log can be read.
  private static func readable(_ rows: borrowing LMDBRows) -> Int {
    var count = 0
    do {
      try rows.forEach(in: .log) { _, value in
        guard (try? LogRecord(bytes: value))?.isAuthentic == true else { return false }
        count += 1
        return true
      }
    } catch {}
    return count
  }

  /// The header of the old store, or what its first record says of it; and whether it has objects
  /// that are rows. Throws where its format is none of ours.
  static func header(
    _ rows: borrowing LMDBRows, of source: String
  ) throws -> (header: FormatHeader, hasObjects: Bool) {
    var header: FormatHeader?
    do {
      try rows.forEach(in: .meta) { key, value in
        if key == FormatHeader.key { header = try readable(value, of: source) }
        return false
      }
    } catch is LMDBRows.Broken {}
    if let header { return (header, header.has(.objects)) }
    do {
      try rows.forEach(in: .log) { _, value in
        guard let record = try? LogRecord(bytes: value) else { return false }
        header = FormatHeader(uuid: record.header.store, writer: Graph.writer)
        return false
      }
    } catch is LMDBRows.Broken {}
    guard let header else {
      throw StemmaError(
        .storeDamaged, "neither the store's header nor its first record can be read",
        advice: "restore a backup")
    }
    // Only the number of the tables tells the format then.
    return (header, rows.tableCount >= Table.allCases.count)
  }

  /// A header, unless it is damaged; throws where it is sound and of another format.
  private static func readable(_ bytes: [UInt8], of source: String) throws -> FormatHeader? {
    do {
      return try FormatHeader(bytes: bytes)
    } catch {
      guard error.code == .newerFormat || error.code == .olderFormat else { return nil }
      throw StemmaError(error, path: source)
    }
  }
}
