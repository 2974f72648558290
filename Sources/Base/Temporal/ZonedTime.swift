// Cypher's `Time`: a time of day with an offset from UTC.

/// A time of day with an offset from UTC.
public struct ZonedTime: Sendable, Hashable {
  public var local: LocalTime
  public var offsetSeconds: Int32

  public init(local: LocalTime, offsetSeconds: Int32) {
    self.local = local
    self.offsetSeconds = offsetSeconds
  }
}

extension ZonedTime: Comparable {
  /// The moment in UTC that orders times; may lie outside a day.
  package var nanosecondsInUTC: Int64 {
    local.nanosecondsOfDay &- Int64(offsetSeconds) * nanosecondsPerSecond
  }

  /// By moment, then by offset, so that the order is total and agrees with `==`.
  public static func < (left: ZonedTime, right: ZonedTime) -> Bool {
    let (first, second) = (left.nanosecondsInUTC, right.nanosecondsInUTC)
    return first == second ? left.offsetSeconds < right.offsetSeconds : first < second
  }

  package func adding(_ duration: CalendarDuration) -> ZonedTime {
    ZonedTime(local: local.adding(duration), offsetSeconds: offsetSeconds)
  }

  /// The same moment as another offset tells it.
  package func at(offsetSeconds offset: Int32) -> ZonedTime {
    let shift = (Int64(offset) - Int64(offsetSeconds)) * nanosecondsPerSecond
    let shifted = floorModulo(local.nanosecondsOfDay &+ shift, nanosecondsPerDay)
    return ZonedTime(local: LocalTime(nanosecondsOfDay: shifted), offsetSeconds: offset)
  }
}
