// The five types of Cypher that say when, and what any value of them is made of: a date, a time of
// day, a zone. Selecting, converting and comparing across types all go through these parts.

/// A temporal type that says when (durations say how long).
package enum TemporalType: String, Sendable, CaseIterable {
  case date
  case localTime = "localtime"
  case time
  case localDateTime = "localdatetime"
  case dateTime = "datetime"

  var hasDate: Bool { self == .date || self == .localDateTime || self == .dateTime }
  var hasTime: Bool { self != .date }
  var hasZone: Bool { self == .time || self == .dateTime }
}

/// The parts that a temporal value has; those that its type lacks are `nil`.
struct TemporalParts {
  var date: CalendarDate?
  var time: LocalTime?
  var zone: TimeZone?
  /// The instant, where it is known.
  var instant: Int64?

  /// The parts of a value; `nil` where it is of none of the five types.
  init?(_ value: Value) throws {
    switch value {
    case .date(let given): date = given
    case .localTime(let given): time = given.inDay
    case .time(let given):
      time = given.local.inDay
      zone = .offset(seconds: given.offsetSeconds)
    case .localDateTime(let given):
      date = given.date
      time = given.time.inDay
    case .dateTime(let given):
      guard given.secondsSinceEpoch.magnitude < 1 << 60 else {
        throw StemmaError.temporalOverflow("the date-time lies outside the range of years")
      }
      let local = given.local
      date = local.date
      time = local.time
      zone = try given.zone()
      instant = given.secondsSinceEpoch
    default: return nil
    }
  }
}

extension TemporalType {
  /// A value of this type out of parts; those that are missing are the first day of year 0,
  /// midnight and UTC.
  func value(
    date: CalendarDate?, time: LocalTime?, zone: TimeZone, now: Timestamp
  ) throws -> Value {
    let time = time ?? .midnight
    let date = date ?? CalendarDate(daysSinceEpoch: 0)
    switch self {
    case .date: return .date(date)
    case .localTime: return .localTime(time)
    case .localDateTime: return .localDateTime(LocalDateTime(date: date, time: time))
    case .time:
      let offset = zone.offset(at: floorDivide(now.rawValue, 1_000_000))
      return .time(ZonedTime(local: time, offsetSeconds: offset))
    case .dateTime:
      return .dateTime(
        try ZonedDateTime(local: LocalDateTime(date: date, time: time), zone: zone))
    }
  }

  /// What this type says of a moment, in a zone.
  package func now(_ moment: Timestamp, zone: TimeZone = .utc) throws -> Value {
    let seconds = floorDivide(moment.rawValue, 1_000_000)
    let nanosecond = (moment.rawValue - seconds * 1_000_000) * 1_000
    let there = try ZonedDateTime(secondsSinceEpoch: seconds, nanosecond: nanosecond, zone: zone)
    if self == .dateTime { return .dateTime(there) }
    return try selecting(.dateTime(there), now: moment)
  }

  /// The value of this type that another temporal value holds. Throws where it lacks a part.
  func selecting(_ value: Value, now: Timestamp) throws -> Value {
    guard let parts = try TemporalParts(value) else {
      throw StemmaError.temporalType(
        "\(rawValue)() takes a string, a map or a temporal value",
        advice: "write \(rawValue)('...') or \(rawValue)({...})")
    }
    if hasDate && parts.date == nil {
      throw StemmaError.temporalArgument("\(rawValue)() needs a value with a date")
    }
    if !hasDate && parts.time == nil {
      throw StemmaError.temporalArgument("\(rawValue)() needs a value with a time of day")
    }
    if self == .dateTime, case .dateTime = value { return value }
    if self == .time, let time = parts.time, let zone = parts.zone {
      let offset = zone.offset(at: parts.instant ?? 0)
      return .time(ZonedTime(local: time, offsetSeconds: offset))
    }
    return try self.value(
      date: parts.date, time: parts.time, zone: parts.zone ?? .utc, now: now)
  }
}
