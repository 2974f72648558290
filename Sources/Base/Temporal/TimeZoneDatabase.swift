// The machine's time zone database: files under /usr/share/zoneinfo, read once each and kept. It is
// a fact of the machine like its libraries; the path is fixed, no environment variable is asked.

import Glibc
import Synchronization

/// Finds the rules of a zone by its IANA name.
package enum TimeZoneDatabase {
  /// Where Linux distributions keep the database (Debian's package `tzdata`).
  package static let folder = "/usr/share/zoneinfo"

  /// No zone's file is longer.
  private static let fileBytesLimit = 1 << 20

  private static let cache = Mutex<[Text: TimeZoneRules]>([:])

  /// The rules of a zone. Throws where there is no such zone, or no database.
  package static func rules(of name: Text) throws -> TimeZoneRules {
    if let known = cache.withLock({ $0[name] }) { return known }
    guard isWellFormed(name), let bytes = contents(of: folder + "/" + name.string),
      let rules = TimeZoneRules.reading(bytes)
    else { throw missing(name) }
    cache.withLock { $0[name] = rules }
    return rules
  }

  private static func missing(_ name: Text) -> StemmaError {
    if access(folder + "/Europe/London", R_OK) != 0 {
      return StemmaError.temporalArgument(
        "the time zone '\(name)' is not known, since there is no time zone database here",
        advice: "install the package tzdata; it fills \(folder)")
    }
    return StemmaError.temporalArgument(
      "there is no time zone '\(name)'",
      advice: "write an offset such as '+01:00' or a name such as 'Europe/Stockholm'")
  }

  /// Letters, digits and `_+-/`, no empty or dotted part: nothing that leaves the folder.
  private static func isWellFormed(_ name: Text) -> Bool {
    guard (1...64).contains(name.utf8Count) else { return false }
    var previous = UInt8(ascii: "/")
    for byte in name.string.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"),
        UInt8(ascii: "-"):
        break
      case UInt8(ascii: "/"):
        if previous == byte { return false }
      default: return false
      }
      previous = byte
    }
    return previous != UInt8(ascii: "/")
  }

  private static func contents(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 8_192)
    while bytes.count < fileBytesLimit {
      let count = read(file, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[0..<count])
    }
    return nil
  }
}
