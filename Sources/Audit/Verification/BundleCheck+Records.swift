// The records in a bundle: each is in the log, its operations and values are what its header
// commits to, and its readable line says the same.

import Base
import Graph

extension BundleCheck {
  mutating func checkRecords(_ progress: (Int, Int) -> Void) throws {
    var reader = RecordStream(try files.open("records.cbor"))
    var lines = LineStream(try files.open("records.jsonl"))
    var last: UInt64 = 0
    while let record = try reader.next() {
      let number = record.header.transaction
      if report.records & 0xFF == 0 { progress(report.records, Int(clamping: report.size)) }
      let place = "record \(number)"
      if number <= last || number > report.size {
        report.fault(place, "it is out of order, twice, or too late")
      }
      last = max(last, number)
      if tree.leaf(of: number) != record.header.leaf {
        report.fault(place, "its header is not the one in the log")
      }
      if !record.isAuthentic {
        report.fault(place, "its operations or values are not those that were logged")
      }
      var json = PlainJSON()
      json.record(header: record.header.bytes, plain: record.bytes, hashes: &references)
      if try lines.next() != json.bytes {
        report.fault("records.jsonl", "the line of record \(number) is not what its bytes say")
      }
      report.records += 1
      present.append(number)
      withheld += record.withheld.map { [Int64(clamping: number), Int64($0), Int64($1)] }
      try take(record)
    }
    if try lines.next() != nil {
      report.fault("records.jsonl", "it has more lines than there are records")
    }
  }

  /// Notes what later steps need: statements about keys, and what changed after its creation.
  private mutating func take(_ record: CheckedRecord) throws {
    for operation in record.operations {
      switch operation.code {
      case 3...8: try changes.note(operation, record)
      case 12:
        var reader = CBORReader(Array(record.bytes[operation.range]))
        guard try reader.array() == 5, try reader.unsigned() == 12 else { continue }
        let kind = TrailEntry.Kind(rawValue: UInt8(clamping: try reader.unsigned()))
        let about = TransactionNumber(try reader.unsigned())
        let (name, content) = (try reader.text(), try reader.byteString())
        guard let kind, kind == .keyAdded || kind == .keyRevoked else { continue }
        history.add(
          TrailEntry(kind, about: about, name: name, content: content),
          from: TransactionNumber(record.header.transaction), origin: report.origin)
      default: break
      }
    }
  }
}

/// The records of a file, one after the other, in bounded memory.
struct RecordStream {
  private let file: BundleBytes
  private var cursor = PlainCursor(bytes: [], offset: 0)
  private var position = 0
  private static let pieceBytes = 4 << 20

  init(_ file: BundleBytes) { self.file = file }

  /// The next record; `nil` at the end of the file.
  mutating func next() throws -> CheckedRecord? {
    while true {
      if cursor.offset == cursor.bytes.count, position == file.count { return nil }
      let start = cursor.offset
      do {
        guard start < cursor.bytes.count else { throw PlainCursor.Truncated() }
        return try CheckedRecord(&cursor)
      } catch is PlainCursor.Truncated where position < file.count {
        // As much again as is there, so that a long record is not read over and over.
        let rest = cursor.bytes[start...]
        let wanted = max(Self.pieceBytes, rest.count)
        let piece = try file.bytes(at: position, count: min(wanted, file.count - position))
        position += piece.count
        cursor = PlainCursor(bytes: Array(rest) + piece, offset: 0)
      }
    }
  }
}

/// The lines of a file with their line breaks, in bounded memory.
struct LineStream {
  private let file: BundleBytes
  private var buffer: [UInt8] = []
  private var offset = 0
  private var position = 0
  private static let pieceBytes = 1 << 20

  init(_ file: BundleBytes) { self.file = file }

  /// The next line; `nil` at the end of the file.
  mutating func next() throws -> [UInt8]? {
    var searched = offset
    while true {
      if let end = buffer[searched...].firstIndex(of: 10) {
        defer { offset = end + 1 }
        return Array(buffer[offset...end])
      }
      if position == file.count {
        defer { offset = buffer.count }
        return offset < buffer.count ? Array(buffer[offset...]) : nil
      }
      searched = buffer.count - offset
      let piece = try file.bytes(at: position, count: min(Self.pieceBytes, file.count - position))
      position += piece.count
      buffer = Array(buffer[offset...]) + piece
      offset = 0
    }
  }
}
