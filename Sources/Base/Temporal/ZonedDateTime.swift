// Cypher's `DateTime`: an instant, the offset then in force, and the zone's name where one was
// given.

/// An instant with an offset from UTC and, where one was given, the name of its zone.
public struct ZonedDateTime: Sendable, Hashable {
  /// Seconds since 1970-01-01T00:00:00Z of the instant.
  public var secondsSinceEpoch: Int64
  /// 0 ..< 1,000,000,000.
  public var nanosecondsOfSecond: Int32
  public var offsetSeconds: Int32
  /// An IANA zone such as `Europe/Stockholm`; `nil` for a plain offset.
  public var zoneName: Text?

  public init(
    secondsSinceEpoch: Int64, nanosecondsOfSecond: Int32, offsetSeconds: Int32, zoneName: Text?
  ) {
    self.secondsSinceEpoch = secondsSinceEpoch
    self.nanosecondsOfSecond = nanosecondsOfSecond
    self.offsetSeconds = offsetSeconds
    self.zoneName = zoneName
  }
}

extension ZonedDateTime: Comparable {
  /// By instant, then by offset, then by the zone's name (none first), so that the order is total
  /// and agrees with `==`.
  public static func < (left: ZonedDateTime, right: ZonedDateTime) -> Bool {
    if left.secondsSinceEpoch != right.secondsSinceEpoch {
      return left.secondsSinceEpoch < right.secondsSinceEpoch
    }
    if left.nanosecondsOfSecond != right.nanosecondsOfSecond {
      return left.nanosecondsOfSecond < right.nanosecondsOfSecond
    }
    if left.offsetSeconds != right.offsetSeconds {
      return left.offsetSeconds < right.offsetSeconds
    }
    switch (left.zoneName, right.zoneName) {
    case (nil, nil), (.some, nil): return false
    case (nil, .some): return true
    case (let first?, let second?): return first < second
    }
  }
}

extension ZonedDateTime {
  /// What a clock in the zone shows.
  package var local: LocalDateTime {
    LocalDateTime(
      localSeconds: secondsSinceEpoch &+ Int64(offsetSeconds),
      nanosecond: Int64(nanosecondsOfSecond))
  }

  /// The instant at which a clock in `zone` shows `local`. In a gap the clock is moved forward by
  /// the gap; in an overlap the earlier instant is meant.
  package init(local: LocalDateTime, zone: TimeZone) throws {
    let (instant, offset) = zone.resolve(localSeconds: local.localSeconds)
    try self.init(
      instant: instant, nanosecond: local.time.nanosecond, offset: offset, zone: zone)
  }

  /// An instant as a clock in `zone` shows it.
  package init(secondsSinceEpoch: Int64, nanosecond: Int64, zone: TimeZone) throws {
    guard secondsSinceEpoch.magnitude < 1 << 60 else {
      throw StemmaError.temporalOverflow("the date lies outside the range of years")
    }
    try self.init(
      instant: secondsSinceEpoch, nanosecond: nanosecond,
      offset: zone.offset(at: secondsSinceEpoch), zone: zone)
  }

  private init(instant: Int64, nanosecond: Int64, offset: Int32, zone: TimeZone) throws {
    self.init(
      secondsSinceEpoch: instant, nanosecondsOfSecond: Int32(nanosecond), offsetSeconds: offset,
      zoneName: zone.name)
    guard
      GregorianCalendar.days.contains(
        floorDivide(instant + Int64(offset), secondsPerDay))
    else {
      throw StemmaError.temporalOverflow("the date lies outside the range of years")
    }
  }

  /// The zone, read from the time zone database where it has a name.
  package func zone() throws -> TimeZone {
    guard let zoneName else { return .offset(seconds: offsetSeconds) }
    return .named(zoneName, try TimeZoneDatabase.rules(of: zoneName))
  }

  /// The same instant as a clock in another zone shows it.
  package func at(_ zone: TimeZone) throws -> ZonedDateTime {
    try ZonedDateTime(
      secondsSinceEpoch: secondsSinceEpoch, nanosecond: Int64(nanosecondsOfSecond), zone: zone)
  }

  /// Months and days as the clock in the zone counts them, then seconds as they pass.
  package func adding(_ duration: CalendarDuration) throws -> ZonedDateTime {
    var start = self
    let zone = try zone()
    if duration.months != 0 || duration.days != 0 {
      let clock = local
      let date = try clock.date.adding(months: duration.months).adding(days: duration.days)
      start = try ZonedDateTime(local: LocalDateTime(date: date, time: clock.time), zone: zone)
    }
    let passed = try LocalDateTime(
      localSeconds: start.secondsSinceEpoch, nanosecond: Int64(start.nanosecondsOfSecond)
    ).adding(
      seconds: duration.seconds, nanoseconds: Int64(duration.nanosecondsOfSecond))
    return try ZonedDateTime(
      secondsSinceEpoch: passed.localSeconds, nanosecond: passed.time.nanosecond, zone: zone)
  }
}
