// A .zip of stored entries: no clock, no compression, entries in the order of their names, so that
// the same bundle is the same file. Sizes and numbers beyond 32 bits take the 64-bit forms.

import Base
import Glibc

/// Packs files that are on the disk.
struct ZipWriter {
  private let output: BundleFolder.File
  private var directory: [UInt8] = []
  private var count: UInt64 = 0
  private var offset: UInt64 = 0

  /// 1 January 1980, midnight: the earliest that the form can say.
  private static let date: UInt64 = 0x0021

  init(_ output: BundleFolder.File) { self.output = output }

  /// Adds the file at `path` under a name.
  mutating func add(_ name: String, from path: String) throws {
    let file = try BundleBytes(path, offset: 0, count: nil)
    var checksum = CyclicChecksum()
    try file.forEachPiece { checksum.update($0) }
    let size = UInt64(file.count)
    let local = header(name, size, checksum.value, at: nil)
    try output.write(local)
    try file.forEachPiece { try output.write($0) }
    directory += header(name, size, checksum.value, at: offset)
    offset += UInt64(local.count) + size
    count += 1
  }

  private static let most32: UInt64 = 0xFFFF_FFFF

  /// The head of an entry, or with `at` its line in the directory.
  private func header(_ name: String, _ size: UInt64, _ checksum: UInt32, at: UInt64?) -> [UInt8] {
    var extra: [UInt8] = []
    if size >= Self.most32 {
      extra.put(size, 8)
      extra.put(size, 8)
    }
    if let at, at >= Self.most32 { extra.put(at, 8) }
    var bytes: [UInt8] = []
    bytes.put(at == nil ? 0x0403_4B50 : 0x0201_4B50, 4)
    if at != nil { bytes.put(3 << 8 | 45, 2) }
    // Version 4.5 has the 64-bit forms; bit 11: names are UTF-8; method 0: stored.
    for field in [extra.isEmpty ? 20 : 45, 1 << 11, 0, 0, Self.date] { bytes.put(field, 2) }
    bytes.put(UInt64(checksum), 4)
    for _ in 0..<2 { bytes.put(min(size, Self.most32), 4) }
    bytes.put(UInt64(name.utf8.count), 2)
    bytes.put(UInt64(extra.isEmpty ? 0 : extra.count + 4), 2)
    if let at {
      for _ in 0..<3 { bytes.put(0, 2) }
      // A plain file of mode 644, as Unix says it.
      bytes.put(0o100644 << 16, 4)
      bytes.put(min(at, Self.most32), 4)
    }
    bytes += Array(name.utf8)
    if !extra.isEmpty {
      bytes.put(1, 2)
      bytes.put(UInt64(extra.count), 2)
      bytes += extra
    }
    return bytes
  }

  /// Writes the directory.
  func finish() throws {
    var end: [UInt8] = []
    let size = UInt64(directory.count)
    if count >= 0xFFFF || offset >= Self.most32 || size >= Self.most32 {
      end.put(0x0606_4B50, 4)
      end.put(44, 8)
      for field in [3 << 8 | 45, 45] as [UInt64] { end.put(field, 2) }
      for _ in 0..<2 { end.put(0, 4) }
      for field in [count, count, size, offset] { end.put(field, 8) }
      end.put(0x0706_4B50, 4)
      end.put(0, 4)
      end.put(offset + size, 8)
      end.put(1, 4)
    }
    end.put(0x0605_4B50, 4)
    for field in [0, 0, min(count, 0xFFFF), min(count, 0xFFFF)] { end.put(field, 2) }
    for field in [min(size, Self.most32), min(offset, Self.most32)] { end.put(field, 4) }
    end.put(0, 2)
    try output.write(directory)
    try output.write(end)
  }
}

extension [UInt8] {
  /// Appends a number, lowest byte first.
  fileprivate mutating func put(_ number: UInt64, _ width: Int) {
    for index in 0..<width { append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
  }
}

/// CRC-32 as .zip has it (ISO 3309), eight bytes at a time.
struct CyclicChecksum {
  private var state: UInt32 = ~0

  private static let tables: [[UInt32]] = {
    var tables = [[UInt32]](repeating: [UInt32](repeating: 0, count: 256), count: 8)
    for index in 0..<256 {
      var value = UInt32(index)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
      tables[0][index] = value
    }
    for table in 1..<8 {
      for index in 0..<256 {
        let value = tables[table - 1][index]
        tables[table][index] = value >> 8 ^ tables[0][Int(value & 0xFF)]
      }
    }
    return tables
  }()

  var value: UInt32 { ~state }

  mutating func update(_ bytes: [UInt8]) {
    let tables = Self.tables
    var (state, index) = (state, 0)
    while index + 8 <= bytes.count {
      var low = state
      low ^= UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
      low ^= UInt32(bytes[index + 2]) << 16 | UInt32(bytes[index + 3]) << 24
      state =
        tables[7][Int(low & 0xFF)] ^ tables[6][Int(low >> 8 & 0xFF)]
        ^ tables[5][Int(low >> 16 & 0xFF)] ^ tables[4][Int(low >> 24)]
      state ^= tables[3][Int(bytes[index + 4])] ^ tables[2][Int(bytes[index + 5])]
      state ^= tables[1][Int(bytes[index + 6])] ^ tables[0][Int(bytes[index + 7])]
      index += 8
    }
    while index < bytes.count {
      state = state >> 8 ^ tables[0][Int((state ^ UInt32(bytes[index])) & 0xFF)]
      index += 1
    }
    self.state = state
  }
}
