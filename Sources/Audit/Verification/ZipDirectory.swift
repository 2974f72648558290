// The directory of a .zip whose entries are stored as they are, which is how bundles are written:
// what compresses can be made to expand without end, and a bundle must be safe to open.

import Base

/// The entries of a .zip (APPNOTE 6.3, with the 64-bit forms).
struct ZipDirectory {
  struct Entry {
    var name: String
    /// Where the contents begin, and how many bytes they are.
    var offset: Int
    var count: Int
  }

  private(set) var entries: [Entry] = []

  init(_ file: BundleBytes) throws {
    let end = try Self.end(file)
    let directory = try file.bytes(at: end.offset, count: end.bytes)
    var position = 0
    for _ in 0..<end.count {
      guard position + 46 <= directory.count, directory.little(position, 4) == 0x0201_4B50 else {
        throw Self.malformed("its directory")
      }
      let lengths = [28, 30, 32].map { Int(directory.little(position + $0, 2)) }
      let next = position + 46 + lengths.reduce(0, +)
      guard next <= directory.count else { throw Self.malformed("its directory") }
      entries.append(try Self.entry(directory, position, lengths, file))
      position = next
    }
    guard position == directory.count else { throw Self.malformed("its directory") }
  }

  private static func entry(
    _ directory: [UInt8], _ position: Int, _ lengths: [Int], _ file: BundleBytes
  ) throws -> Entry {
    let nameStart = position + 46
    let bytes = directory[nameStart..<nameStart + lengths[0]]
    guard let name = String(validating: Array(bytes), as: UTF8.self) else {
      throw malformed("a name")
    }
    let method = directory.little(position + 10, 2)
    let isEncrypted = directory.little(position + 8, 2) & 1 == 1
    guard method == 0, !isEncrypted else {
      throw StemmaError(
        .argumentInvalid, "`\(name)` is compressed or encrypted in this .zip",
        advice: "unpack it into a folder and verify that")
    }
    var sizes = [24, 20].map { directory.little(position + $0, 4) }
    var offset = directory.little(position + 42, 4)
    var extra = nameStart + lengths[0]
    let extraEnd = extra + lengths[1]
    while extra + 4 <= extraEnd {
      let (kind, length) = (directory.little(extra, 2), Int(directory.little(extra + 2, 2)))
      extra += 4
      guard extra + length <= extraEnd else { throw malformed("an entry") }
      var place = extra
      if kind == 1 {
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF && place + 8 <= extra + length
        {
          sizes[index] = directory.little(place, 8)
          place += 8
        }
        if offset == 0xFFFF_FFFF, place + 8 <= extra + length {
          offset = directory.little(place, 8)
        }
      }
      extra += length
    }
    guard sizes[0] == sizes[1], let count = Int(exactly: sizes[0]), let at = Int(exactly: offset)
    else { throw malformed("an entry") }
    let head = try file.bytes(at: at, count: 30)
    guard head.little(0, 4) == 0x0403_4B50 else { throw malformed("an entry") }
    let start = at + 30 + Int(head.little(26, 2)) + Int(head.little(28, 2))
    guard start <= file.count - count else { throw malformed("an entry") }
    return Entry(name: name, offset: start, count: count)
  }

  /// The end of the directory, which is at the end of the file; comments are not expected.
  private static func end(
    _ file: BundleBytes
  ) throws -> (offset: Int, bytes: Int, count: UInt64) {
    guard file.count >= 22 else { throw malformed("its end") }
    let tail = try file.bytes(at: file.count - 22, count: 22)
    guard tail.little(0, 4) == 0x0605_4B50 else { throw malformed("its end") }
    var count = tail.little(10, 2)
    var bytes = tail.little(12, 4)
    var offset = tail.little(16, 4)
    if count == 0xFFFF || bytes == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      let locator = try file.bytes(at: file.count - 42, count: 20)
      guard locator.little(0, 4) == 0x0706_4B50, let at = Int(exactly: locator.little(8, 8)) else {
        throw malformed("its end")
      }
      let end = try file.bytes(at: at, count: 56)
      guard end.little(0, 4) == 0x0606_4B50 else { throw malformed("its end") }
      (count, bytes, offset) = (end.little(32, 8), end.little(40, 8), end.little(48, 8))
    }
    guard let start = Int(exactly: offset), let length = Int(exactly: bytes),
      count <= bytes / 46, length <= file.count, start <= file.count - length
    else { throw malformed("its end") }
    return (start, length, count)
  }

  private static func malformed(_ what: String) -> StemmaError {
    StemmaError(
      .argumentInvalid, "this is not a .zip that can be read: \(what) is wrong",
      advice: "unpack it with another tool into a folder and verify that")
  }
}

extension [UInt8] {
  /// A little-endian number of up to eight bytes.
  func little(_ position: Int, _ width: Int) -> UInt64 {
    self[position..<position + width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
