// The order of keys: bytes, shorter first where one is the beginning of the other. Both engines use
// it.

public import CLMDB
public import Glibc

extension RawSpan {
  /// Negative, zero or positive, like `memcmp` followed by the lengths.
  @inlinable
  public func order(against other: RawSpan) -> Int {
    let shared = min(byteCount, other.byteCount)
    let result = unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        shared == 0 ? 0 : unsafe memcmp(mine.baseAddress!, theirs.baseAddress!, shared)
      }
    }
    return result != 0 ? Int(result) : byteCount - other.byteCount
  }
}

extension RawSpan {
  /// The big-endian number of 8 bytes at an offset; bounds are checked.
  @inlinable
  public func bigEndianUInt64(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset + 8 <= byteCount, "a number lies outside its row")
    return UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}

extension RawSpan {
  /// Has the processor fetch what is at an offset, which is going to be read soon.
  @inlinable @inline(__always)
  public func prefetch(at offset: Int = 0) {
    guard offset < byteCount else { return }
    unsafe withUnsafeBytes { bytes in unsafe clmdb_prefetch(bytes.baseAddress! + offset) }
  }
}
