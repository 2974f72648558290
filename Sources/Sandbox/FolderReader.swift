// Reads folders by descriptor, as raw directory records. What counts or removes gets every name as
// its bytes; what reads files gets the names that are UTF-8, and how many are not, because nothing
// of ours makes such names.

import CSandbox
import Glibc

enum FolderReader {
  /// The names in a folder without `.` and `..`, sorted by bytes; at most `limit`.
  /// `odd` counts names that are not UTF-8; `isComplete` is false where the limit cut.
  static func names(
    in folder: Descriptor, limit: Int
  ) -> (names: [String], odd: Int, isComplete: Bool) {
    var names: [String] = []
    var odd = 0
    let isComplete = scan(folder, limit: limit) { bytes in
      if let name = String(validating: bytes, as: UTF8.self) {
        names.append(name)
      } else {
        odd += 1
      }
    }
    return (names.sortedByBytes(), odd, isComplete)
  }

  /// Every name as its bytes and a zero, in the folder's own order; at most `limit`.
  static func rawNames(
    in folder: Descriptor, limit: Int
  ) -> (names: [[CChar]], isComplete: Bool) {
    var names: [[CChar]] = []
    let isComplete = scan(folder, limit: limit) { bytes in
      names.append(bytes.map { CChar(bitPattern: $0) } + [0])
    }
    return (names, isComplete)
  }

  /// Tells the bytes of every name; false where there are more than `limit`.
  private static func scan(
    _ folder: Descriptor, limit: Int, _ tell: (ArraySlice<UInt8>) -> Void
  ) -> Bool {
    var told = 0
    var buffer = [UInt8](repeating: 0, count: 32 << 10)
    lseek(folder.number, 0, SEEK_SET)
    while true {
      let count = csandbox_directory_records(folder.number, &buffer, buffer.count)
      if count <= 0 { break }
      var offset = 0
      while offset + 19 < count {
        // struct linux_dirent64: inode, offset, length (16 bits at 16), type, name with a zero.
        let length = Int(buffer[offset + 16]) | Int(buffer[offset + 17]) << 8
        guard length >= 20, offset + length <= count else { break }
        let bytes = buffer[(offset + 19)..<(offset + length)].prefix { $0 != 0 }
        offset += length
        if bytes.elementsEqual([0x2E]) || bytes.elementsEqual([0x2E, 0x2E]) { continue }
        if told >= limit { return false }
        told += 1
        tell(bytes)
      }
    }
    return true
  }
}

extension [String] {
  /// Byte order, so that results do not depend on a folder's own order.
  func sortedByBytes() -> [String] {
    sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
