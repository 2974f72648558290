// An entry of a page in the mapped file, and a key to compare it with. Both lead into memory that
// belongs to others: they live no longer than the search that makes them.

internal import Glibc

/// An entry of a page, with its key inside the page.
@unsafe struct PageEntry {
  private let start: UnsafeRawPointer
  /// The bytes of the page from `start` on.
  private let room: Int
  private let keyCount: Int

  @inline(__always)
  init?(_ page: UnsafeRawPointer, _ index: Int) {
    guard index >= 0, LMDBPage.headerBytes + 2 * index + 2 <= PageTree.pageBytes else { return nil }
    let offset = unsafe page.load(
      fromByteOffset: LMDBPage.headerBytes + 2 * index, as: UInt16.self)
    let room = PageTree.pageBytes - Int(offset)
    guard room >= LMDBPage.nodeHeaderBytes else { return nil }
    unsafe start = page + Int(offset)
    unsafe self.room = room - LMDBPage.nodeHeaderBytes
    unsafe keyCount = Int(unsafe start.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
    guard unsafe keyCount <= self.room else { return nil }
  }

  private var key: UnsafeRawPointer { unsafe start + LMDBPage.nodeHeaderBytes }
  var flags: UInt16 { unsafe start.loadUnaligned(fromByteOffset: 4, as: UInt16.self) }
  var valueCount: Int { Int(unsafe start.loadUnaligned(as: UInt32.self)) }

  /// The page below, on a branch.
  var child: UInt64 { unsafe UInt64(valueCount) | UInt64(flags) << 32 }

  /// The last eight bytes of the key as a number, if it is as long as another.
  @inline(__always)
  func tail(as other: PageKey) -> UInt64? {
    guard unsafe keyCount == other.count, unsafe keyCount >= 8 else { return nil }
    return unsafe UInt64(
      bigEndian: key.loadUnaligned(fromByteOffset: keyCount - 8, as: UInt64.self))
  }

  /// Where the value begins, if it has so many bytes in the page.
  func value(_ count: Int) -> UnsafeRawPointer? {
    guard unsafe count <= room - keyCount else { return nil }
    return unsafe key + keyCount
  }

  /// Negative, zero or positive, like `RawSpan.order`.
  @inline(__always)
  func order(against other: PageKey) -> Int {
    // Keys of one length, which most are, are two numbers that overlap.
    if let theirTail = unsafe other.tail, let tail = unsafe tail(as: other),
      unsafe keyCount <= 16
    {
      let (mine, theirs) = unsafe (
        UInt64(bigEndian: key.loadUnaligned(as: UInt64.self)), other.head
      )
      if mine != theirs { return mine < theirs ? -1 : 1 }
      return tail == theirTail ? 0 : tail < theirTail ? -1 : 1
    }
    let shared = unsafe min(keyCount, other.count)
    let result = shared == 0 ? 0 : unsafe memcmp(key, other.start, shared)
    return unsafe result != 0 ? Int(result) : keyCount - other.count
  }
}

/// A key that is sought.
@unsafe struct PageKey {
  let start: UnsafeRawPointer
  let count: Int
  /// The first and the last eight bytes as numbers, where there are so many.
  let head: UInt64
  let tail: UInt64?

  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe start = unsafe bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!
    unsafe count = bytes.count
    guard bytes.count >= 8 else {
      unsafe (head, tail) = (0, nil)
      return
    }
    unsafe head = UInt64(bigEndian: unsafe start.loadUnaligned(as: UInt64.self))
    unsafe tail = UInt64(
      bigEndian: start.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
  }
}
