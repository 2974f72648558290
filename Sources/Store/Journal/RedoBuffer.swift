// What one write transaction puts and deletes, in the form in which the journal keeps it. It is
// filled while the transaction is made, and written in one piece. It must never hold more than a
// small commit: beyond its limit it says so and holds nothing.
//
// A record, numbers little-endian, padded with zeros to whole blocks:
//
//     0  32  SHA-256 of all bytes after it, padding left out
//    32   8  "STEMJRNL"
//    40   8  generation
//    48   8  LMDB's number of the transaction
//    56   4  bytes of the record without padding
//    60   4  1 where the record begins a generation, else 0
//    64  ..  in that case the size of pages (8) and both meta pages (152 each), else nothing
//   512  ..  operations: kind (1), table (1), bytes of the key (2), of the value (4), key, value

internal import Base
internal import Glibc

/// The operations of one transaction, and the record that they become.
@safe final class RedoBuffer {
  /// What an operation does.
  enum Kind {
    static let put: UInt8 = 0
    static let append: UInt8 = 1
    static let delete: UInt8 = 2
  }

  /// The disk takes or loses a block as a whole, so that no two records share one.
  static let blockBytes = 4096
  /// Where the operations begin.
  static let headBytes = 512
  static let operationHeadBytes = 8
  /// The longest record; a larger transaction is synced with the file itself, which then costs
  /// little beside it.
  static let limitBytes = 128 * 1024
  static let magic: UInt64 = 0x4C4E_524A_4D45_5453

  private let memory: UnsafeMutableRawPointer
  private var end = RedoBuffer.headBytes
  /// Whether everything found room.
  private(set) var isComplete = true

  init() {
    unsafe memory = UnsafeMutableRawPointer.allocate(
      byteCount: Self.limitBytes, alignment: Self.blockBytes)
  }

  deinit { unsafe memory.deallocate() }

  /// Forgets the transaction before.
  func clear() {
    end = Self.headBytes
    isComplete = true
  }

  /// Notes one operation.
  func note(
    _ kind: UInt8, _ table: Table, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) {
    let next = end + Self.operationHeadBytes + key.count + value.count
    guard isComplete, next <= Self.limitBytes else {
      isComplete = false
      return
    }
    let place = unsafe memory + end
    unsafe place.storeBytes(of: kind, as: UInt8.self)
    unsafe place.storeBytes(of: table.rawValue, toByteOffset: 1, as: UInt8.self)
    unsafe place.storeBytes(
      of: UInt16(key.count).littleEndian, toByteOffset: 2, as: UInt16.self)
    unsafe place.storeBytes(
      of: UInt32(value.count).littleEndian, toByteOffset: 4, as: UInt32.self)
    let content = unsafe place + Self.operationHeadBytes
    if key.count > 0 { unsafe memcpy(content, key.baseAddress!, key.count) }
    if value.count > 0 {
      unsafe memcpy(content + key.count, value.baseAddress!, value.count)
    }
    end = next
  }

  /// How many bytes the record takes on the disk.
  var blocksBytes: Int {
    (end + Self.blockBytes - 1) / Self.blockBytes * Self.blockBytes
  }

  /// Gives the finished record, with its padding, to `body`.
  func withRecord<Result>(
    generation: UInt64, transaction: UInt64, base: JournalBase?,
    _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    unsafe memset(memory, 0, Self.headBytes)
    store(Self.magic, at: 32)
    store(generation, at: 40)
    store(transaction, at: 48)
    store(UInt64(end) | (base == nil ? 0 : 1 << 32), at: 56)
    if let base {
      store(UInt64(base.pageBytes), at: 64)
      for (index, meta) in base.metas.enumerated() {
        unsafe meta.withUnsafeBytes { bytes in
          let place = unsafe memory + 72 + index * JournalBase.metaBytes
          unsafe memcpy(place, bytes.baseAddress!, JournalBase.metaBytes)
        }
      }
    }
    let digest = unsafe JournalRecord.digest(UnsafeRawBufferPointer(start: memory, count: end))
    unsafe digest.withUnsafeBytes { unsafe _ = memcpy(memory, $0.baseAddress!, $0.count) }
    let whole = blocksBytes
    unsafe memset(memory + end, 0, min(whole, Self.limitBytes) - end)
    return unsafe body(UnsafeRawBufferPointer(start: memory, count: whole))
  }

  private func store(_ number: UInt64, at offset: Int) {
    unsafe memory.storeBytes(of: number.littleEndian, toByteOffset: offset, as: UInt64.self)
  }
}
