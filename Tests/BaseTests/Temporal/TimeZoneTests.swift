// Time zones: offsets through history and beyond the table, gaps and overlaps of the clock, and
// files that lie.

import Base
import Testing

@Suite struct TimeZoneTests {
  private func text(_ local: String, _ zone: Text) throws -> String {
    try ZonedDateTime(
      local: LocalDateTime(parsing: Text(local)), zone: TimeZone(parsing: zone)
    ).description
  }

  @Test(arguments: [
    ("1818-07-21T21:40", "Europe/Stockholm", "+00:53:28"),
    ("1984-11-11T12:31", "Europe/Stockholm", "+01:00"),
    ("2017-08-08T12:31", "Europe/Stockholm", "+02:00"),
    ("2500-07-01T00:00", "Europe/Stockholm", "+02:00"),
    ("2500-01-01T00:00", "America/New_York", "-05:00"),
    ("2500-01-01T00:00", "Australia/Sydney", "+11:00"),
    ("2500-07-01T00:00", "Australia/Sydney", "+10:00"),
    ("2015-07-21T21:40", "Australia/Eucla", "+08:45"),
    ("+999999999-07-01T00:00", "Europe/London", "+01:00"),
  ])
  func offset(_ local: String, _ zone: Text, _ offset: String) throws {
    #expect(try text(local, zone) == local + offset + "[\(zone)]")
  }

  @Test func gapsAreSkippedAndOverlapsTakeTheEarlierInstant() throws {
    let gap = try text("2017-03-26T02:30", "Europe/Stockholm")
    #expect(gap == "2017-03-26T03:30+02:00[Europe/Stockholm]")
    let overlap = try text("2017-10-29T02:30", "Europe/Stockholm")
    #expect(overlap == "2017-10-29T02:30+02:00[Europe/Stockholm]")
    // A whole day that Samoa skipped.
    let samoa = try text("2011-12-30T12:00", "Pacific/Apia")
    #expect(samoa == "2011-12-31T12:00+14:00[Pacific/Apia]")
  }

  @Test(arguments: ["Europe/Nowhere", "../etc/passwd", "/etc/passwd", "", "+19:00", "Europe//Rome"])
  func badZonesAreErrors(_ name: Text) {
    #expect(throws: StemmaError.self) { try TimeZone(parsing: name) }
  }

  /// Cutting and changing a good file never traps.
  @Test func damagedFilesAreRefused() throws {
    var good: [UInt8] = [0x54, 0x5A, 0x69, 0x66, 0x32] + [UInt8](repeating: 0, count: 15)
    good += [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4]
    good += [0, 0, 0x0E, 0x10, 0, 0] + Array("CET\0".utf8)
    good += good[0..<44] + [0, 0, 0x0E, 0x10, 0, 0] + Array("CET\0".utf8)
    good += Array("\nCET-1CEST,M3.5.0,M10.5.0/3\n".utf8)
    let rules = try #require(TimeZoneRules.reading(good))
    #expect(rules.offset(at: 1_500_000_000) == 7_200)
    #expect(rules.offset(at: 1_480_000_000) == 3_600)
    var random = SplitMix64(seed: 5)
    for _ in 0..<5_000 {
      var bytes = good
      if random.next() % 2 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      for _ in 0..<(random.next() % 4) where !bytes.isEmpty {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = TimeZoneRules.reading(bytes)?.offset(at: Int64(bitPattern: random.next()) >> 8)
    }
    #expect(TimeZoneRules.reading([]) == nil)
  }
}
