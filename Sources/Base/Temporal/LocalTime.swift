// Cypher's `LocalTime`: a time of day with no zone.

/// A time of day with nanosecond precision and no zone.
public struct LocalTime: Sendable, Hashable, Comparable {
  /// 0 ..< 86,400,000,000,000.
  public var nanosecondsOfDay: Int64

  public init(nanosecondsOfDay: Int64) { self.nanosecondsOfDay = nanosecondsOfDay }

  public static func < (left: LocalTime, right: LocalTime) -> Bool {
    left.nanosecondsOfDay < right.nanosecondsOfDay
  }
}

/// Nanoseconds in a second, as wide as most arithmetic here.
package let nanosecondsPerSecond: Int64 = 1_000_000_000
package let secondsPerDay: Int64 = 86_400
package let nanosecondsPerDay: Int64 = 86_400_000_000_000

extension LocalTime {
  package static let midnight = LocalTime(nanosecondsOfDay: 0)

  /// A time of day. Throws where there is no such time.
  package init(
    hour: Int64, minute: Int64 = 0, second: Int64 = 0, nanosecond: Int64 = 0
  ) throws {
    let hour = try checkedPart("hour", hour, 0...23)
    let minute = try checkedPart("minute", minute, 0...59)
    let second = try checkedPart("second", second, 0...59)
    let nanosecond = try checkedPart("nanosecond", nanosecond, 0...999_999_999)
    self.init(
      nanosecondsOfDay: (hour * 3_600 + minute * 60 + second) * nanosecondsPerSecond
        + nanosecond)
  }

  package init(secondOfDay: Int64, nanosecond: Int64) {
    self.init(nanosecondsOfDay: secondOfDay * nanosecondsPerSecond + nanosecond)
  }

  package var secondOfDay: Int64 { nanosecondsOfDay / nanosecondsPerSecond }
  package var hour: Int64 { secondOfDay / 3_600 }
  package var minute: Int64 { secondOfDay / 60 % 60 }
  package var second: Int64 { secondOfDay % 60 }
  /// 0 ..< 1,000,000,000.
  package var nanosecond: Int64 { nanosecondsOfDay % nanosecondsPerSecond }

  /// The same time, or, for a number that no day has, some time of a day.
  var inDay: LocalTime {
    LocalTime(nanosecondsOfDay: floorModulo(nanosecondsOfDay, nanosecondsPerDay))
  }

  /// The time after a duration's seconds; days and months do not matter, midnight is passed freely.
  package func adding(_ duration: CalendarDuration) -> LocalTime {
    let seconds = floorModulo(duration.seconds, secondsPerDay)
    let sum =
      floorModulo(nanosecondsOfDay, nanosecondsPerDay) + seconds * nanosecondsPerSecond
      + Int64(duration.nanosecondsOfSecond)
    return LocalTime(nanosecondsOfDay: floorModulo(sum, nanosecondsPerDay))
  }
}
