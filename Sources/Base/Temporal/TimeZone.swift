// A time zone as Cypher writes it: a plain offset from UTC or the name of an IANA zone. How a named
// zone behaves is in `TimeZoneRules`, where its file is found in `TimeZoneDatabase`.

/// A plain offset or a named zone with its rules.
package enum TimeZone: Sendable {
  case offset(seconds: Int32)
  case named(Text, TimeZoneRules)

  package static let utc = TimeZone.offset(seconds: 0)

  /// Offsets go as far as ±18:00.
  package static let offsetLimit: Int32 = 18 * 3_600

  /// The name, where the zone has one.
  package var name: Text? {
    if case .named(let name, _) = self { return name }
    return nil
  }

  /// Seconds east of UTC at an instant.
  package func offset(at secondsSinceEpoch: Int64) -> Int32 {
    switch self {
    case .offset(let seconds): seconds
    case .named(_, let rules): rules.offset(at: secondsSinceEpoch)
    }
  }

  /// The instant at which the zone's clock shows a local time, and the offset then.
  package func resolve(localSeconds: Int64) -> (instant: Int64, offset: Int32) {
    guard case .named = self else {
      let offset = offset(at: 0)
      return (localSeconds &- Int64(offset), offset)
    }
    let before = offset(at: localSeconds &- secondsPerDay)
    let after = offset(at: localSeconds &+ secondsPerDay)
    for candidate in [before, after] {
      let instant = localSeconds &- Int64(candidate)
      if offset(at: instant) == candidate { return (instant, candidate) }
    }
    // The clock never showed this time: it is moved forward by the gap.
    let instant = localSeconds &- Int64(before)
    return (instant, offset(at: instant))
  }

  /// Reads `Z`, `+01:00`, `-0130`, `+02:05:59` or the name of a zone.
  package init(parsing text: Text) throws {
    var scanner = TemporalScanner(text)
    if let offset = scanner.offset(), scanner.isAtEnd {
      self = .offset(seconds: try TimeZone.checked(offset: offset))
      return
    }
    let underscored = text.string.unicodeScalars.map { $0 == " " ? "_" : Character($0) }
    let name = Text(String(underscored))
    self = .named(name, try TimeZoneDatabase.rules(of: name))
  }

  static func checked(offset: Int64) throws -> Int32 {
    guard offset.magnitude <= UInt64(offsetLimit) else {
      throw StemmaError.temporalArgument("an offset from UTC lies between -18:00 and +18:00")
    }
    return Int32(offset)
  }
}
