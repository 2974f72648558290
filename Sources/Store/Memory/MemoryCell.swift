// One row of a table in memory: key and value in one allocation whose address never moves.

internal import Glibc

/// An immutable key and value.
@safe @usableFromInline
final class MemoryCell: @unchecked Sendable {
  // @unchecked: the bytes are written by `init` only and freed by `deinit` only.
  @usableFromInline let key: UnsafeMutableRawPointer
  @usableFromInline let keyCount: Int
  @usableFromInline let valueCount: Int

  init(key: RawSpan, value: RawSpan) {
    keyCount = key.byteCount
    valueCount = value.byteCount
    let start = UnsafeMutableRawPointer.allocate(
      byteCount: max(keyCount + valueCount, 1), alignment: 16)
    unsafe key.withUnsafeBytes { bytes in
      unsafe start.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
    }
    if valueCount > 0 {
      unsafe value.withUnsafeBytes { bytes in
        unsafe (start + key.byteCount).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
      }
    }
    unsafe self.key = start
  }

  deinit { unsafe key.deallocate() }

  @usableFromInline var value: UnsafeMutableRawPointer { unsafe key + keyCount }

  /// The order of this row's key against another key.
  func order(against other: RawSpan) -> Int {
    let mine = unsafe RawSpan(_unsafeStart: key, byteCount: keyCount)
    return mine.order(against: other)
  }
}
