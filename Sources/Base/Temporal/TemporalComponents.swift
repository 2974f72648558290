// `d.year`, `t.offsetMinutes`, `duration.secondsOfMinute`, ...: the parts of a temporal value that
// Cypher reads like properties. Names are case-sensitive, as properties are.

extension Value {
  /// A part of a temporal value by its Cypher name; `nil` where the value is not temporal or its
  /// type has no such part. Throws where the part is too large for an integer.
  package func temporalComponent(_ name: Text) throws -> Value? {
    switch self {
    case .date(let date): return date.component(name).map { .integer($0) }
    case .localTime(let time): return time.component(name).map { .integer($0) }
    case .time(let time):
      return time.local.component(name).map { .integer($0) }
        ?? offsetComponent(name, time.offsetSeconds, zoneName: nil)
    case .localDateTime(let moment):
      return (moment.date.component(name) ?? moment.time.component(name)).map { .integer($0) }
    case .dateTime(let moment):
      if let number = try moment.component(name) { return .integer(number) }
      return offsetComponent(name, moment.offsetSeconds, zoneName: moment.zoneName)
    case .duration(let duration): return try duration.component(name).map { .integer($0) }
    default: return nil
    }
  }

  /// Whether the value is of one of the temporal types.
  package var isTemporal: Bool {
    switch self {
    case .date, .localTime, .time, .localDateTime, .dateTime, .duration: true
    default: false
    }
  }
}

extension CalendarDate {
  fileprivate func component(_ name: Text) -> Int64? {
    switch name.string.utf8.first {
    case UInt8(ascii: "y"): return name == "year" ? year : nil
    case UInt8(ascii: "q"): return name == "quarter" ? quarter : nil
    case UInt8(ascii: "m"): return name == "month" ? month : nil
    case UInt8(ascii: "w"):
      if name == "week" { return week }
      if name == "weekYear" { return weekYear }
      return name == "weekDay" ? dayOfWeek : nil
    case UInt8(ascii: "d"):
      if name == "day" { return day }
      if name == "dayOfWeek" { return dayOfWeek }
      return name == "dayOfQuarter" ? dayOfQuarter : nil
    case UInt8(ascii: "o"): return name == "ordinalDay" ? ordinalDay : nil
    default: return nil
    }
  }
}

extension LocalTime {
  fileprivate func component(_ name: Text) -> Int64? {
    switch name {
    case "hour": hour
    case "minute": minute
    case "second": second
    case "millisecond": nanosecond / 1_000_000
    case "microsecond": nanosecond / 1_000
    case "nanosecond": nanosecond
    default: nil
    }
  }
}

extension ZonedDateTime {
  fileprivate func component(_ name: Text) throws -> Int64? {
    switch name {
    case "epochSeconds": return secondsSinceEpoch
    case "epochMillis":
      return try checked(
        name, Int128(secondsSinceEpoch) * 1_000 + Int128(nanosecondsOfSecond / 1_000_000))
    default:
      let clock = local
      return clock.date.component(name) ?? clock.time.component(name)
    }
  }
}

private func offsetComponent(_ name: Text, _ offset: Int32, zoneName: Text?) -> Value? {
  switch name {
  case "timezone": zoneName.map { .string($0) } ?? .text(offsetText(offset))
  case "offset": .text(offsetText(offset))
  case "offsetMinutes": .integer(Int64(offset) / 60)
  case "offsetSeconds": .integer(Int64(offset))
  default: nil
  }
}

extension CalendarDuration {
  fileprivate func component(_ name: Text) throws -> Int64? {
    switch name {
    case "years": return months / 12
    case "quarters": return months / 3
    case "months": return months
    case "weeks": return days / 7
    case "days": return days
    case "quartersOfYear": return months / 3 % 4
    case "monthsOfQuarter": return months % 3
    case "monthsOfYear": return months % 12
    case "daysOfWeek": return days % 7
    default: return try clockComponent(name)
    }
  }

  private func clockComponent(_ name: Text) throws -> Int64? {
    let nanoseconds = Int64(nanosecondsOfSecond)
    switch name {
    case "hours": return seconds / 3_600
    case "minutes": return seconds / 60
    case "seconds": return seconds
    case "milliseconds": return try checked(name, floorDivide(totalNanoseconds, 1_000_000))
    case "microseconds": return try checked(name, floorDivide(totalNanoseconds, 1_000))
    case "nanoseconds": return try checked(name, totalNanoseconds)
    case "minutesOfHour": return seconds / 60 % 60
    case "secondsOfMinute": return seconds % 60
    case "millisecondsOfSecond": return nanoseconds / 1_000_000
    case "microsecondsOfSecond": return nanoseconds / 1_000
    case "nanosecondsOfSecond": return nanoseconds
    default: return nil
    }
  }
}

/// A part as an integer, or the error that it does not fit one.
private func checked(_ name: Text, _ value: Int128) throws -> Int64 {
  guard let fitting = Int64(exactly: value) else {
    throw StemmaError.temporalOverflow("\(name) is too large for an integer")
  }
  return fitting
}
