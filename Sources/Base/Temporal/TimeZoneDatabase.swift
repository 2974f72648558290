// The machine's time zone database: files under /usr/share/zoneinfo, read once each and kept. It is
// a fact of the machine like its libraries; the path is fixed, no environment variable is asked.
//
// IANA's own data merge zones that agree since 1970 (`zone1970.tab` has those that are left); some
// distributions, Debian among them, ship the older local history of merged zones as well. Answers
// must not depend on the distribution, so a merged name is read from the zone that it is merged
// into, wherever the two tables say which one that is.

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
    let source = mergedZones[name] ?? name
    guard isWellFormed(name), let bytes = contents(of: folder + "/" + source.string),
      let rules = TimeZoneRules.reading(bytes)
    else { throw missing(name) }
    cache.withLock { $0[name] = rules }
    return rules
  }

  /// Zones of `zone.tab` that `zone1970.tab` lacks, by the one zone that it has for their country.
  private static let mergedZones: [Text: Text] = {
    var zonesOfCountry: [Text: [Text]] = [:]
    var kept: Set<Text> = []
    for line in table("zone1970.tab") {
      kept.insert(line.zone)
      for country in line.countries { zonesOfCountry[country, default: []].append(line.zone) }
    }
    var merged: [Text: Text] = [:]
    for line in table("zone.tab") where !kept.contains(line.zone) {
      guard let country = line.countries.first, let zones = zonesOfCountry[country],
        zones.count == 1
      else { continue }
      merged[line.zone] = zones[0]
    }
    return merged
  }()

  /// The lines of a table: countries, coordinates and the zone's name, between tabs. Nothing where
  /// there is no such table.
  private static func table(_ file: String) -> [(countries: [Text], zone: Text)] {
    guard let bytes = contents(of: folder + "/" + file) else { return [] }
    return bytes.split(separator: 0x0A).compactMap { line in
      let columns = line.split(separator: 0x09)
      guard columns.count >= 3, line.first != UInt8(ascii: "#"),
        let zone = Text(validatingUTF8: columns[2]), isWellFormed(zone)
      else { return nil }
      let countries = columns[0].split(separator: UInt8(ascii: ","))
      return (countries.compactMap { Text(validatingUTF8: $0) }, zone)
    }
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
