// Records of the journal, read back. What is not whole is none: neither its length nor anything in
// it is believed before its digest was compared.

internal import Base
internal import Glibc

/// The fields at the head of a record.
struct JournalRecord {
  var generation: UInt64
  var transaction: UInt64
  var byteCount: Int
  var base: JournalBase?
  /// The whole record; operations begin at `RedoBuffer.headBytes`.
  var bytes: [UInt8]

  /// How many bytes it takes on the disk.
  var blocksBytes: Int {
    (byteCount + RedoBuffer.blockBytes - 1) / RedoBuffer.blockBytes * RedoBuffer.blockBytes
  }

  /// The generation that the first bytes of a record speak of; `nil` where they are of none.
  static func generation(_ head: [UInt8]) -> UInt64? {
    head.count >= 64 && number(head, at: 32) == RedoBuffer.magic ? number(head, at: 40) : nil
  }

  /// The record that starts with the bytes, which may go on behind it; `nil` where it is not whole.
  init?(_ bytes: [UInt8]) {
    guard let generation = Self.generation(bytes) else { return nil }
    let size = Self.number(bytes, at: 56)
    let byteCount = Int(size & 0xFFFF_FFFF)
    guard size >> 32 <= 1, byteCount >= RedoBuffer.headBytes, byteCount <= RedoBuffer.limitBytes,
      byteCount <= bytes.count
    else { return nil }
    let record = Array(bytes[..<byteCount])
    let digest = unsafe record.withUnsafeBytes { unsafe Self.digest($0) }
    guard digest == Array(record[..<32]) else { return nil }
    self.generation = generation
    transaction = Self.number(record, at: 48)
    self.byteCount = byteCount
    self.bytes = record
    if size >> 32 == 1 {
      let metas = (0..<2).map { index in
        let start = 72 + index * JournalBase.metaBytes
        return Array(record[start..<start + JournalBase.metaBytes])
      }
      base = JournalBase(pageBytes: Int(Self.number(record, at: 64)), metas: metas)
    }
  }

  /// The digest at the start of a record.
  static func digest(_ record: UnsafeRawBufferPointer) -> [UInt8] {
    let content = unsafe UnsafeRawBufferPointer(rebasing: record[32...])
    return unsafe SHA256.hash(content.bytes).bytes
  }

  /// Carries out the operations in their order.
  func redo(_ transaction: inout WriteTransaction) throws(StoreError) {
    try forEachOperation { (kind, table, key, value) throws(StoreError) in
      switch kind {
      case RedoBuffer.Kind.put: try transaction.put(table, key, value)
      case RedoBuffer.Kind.append: try transaction.append(table, key, value)
      default: try transaction.delete(table, key)
      }
    }
  }

  /// Hands out the operations in their order; their kinds are known ones.
  func forEachOperation(
    _ body: (_ kind: UInt8, _ table: Table, _ key: [UInt8], _ value: [UInt8]) throws(StoreError)
      -> Void
  ) throws(StoreError) {
    var place = RedoBuffer.headBytes
    while place < byteCount {
      let kind = bytes[place]
      let contentStart = place + RedoBuffer.operationHeadBytes
      guard contentStart <= byteCount, let table = Table(rawValue: bytes[place + 1]),
        kind <= RedoBuffer.Kind.delete
      else { throw StoreError(.damaged) }
      let head = Self.number(bytes, at: place)
      let keyEnd = contentStart + Int(head >> 16 & 0xFFFF)
      let end = keyEnd + Int(head >> 32)
      guard end <= byteCount else { throw StoreError(.damaged) }
      try body(kind, table, Array(bytes[contentStart..<keyEnd]), Array(bytes[keyEnd..<end]))
      place = end
    }
  }

  static func number(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }
}
