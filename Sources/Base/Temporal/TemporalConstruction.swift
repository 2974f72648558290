// `date(...)`, `localtime(...)`, `time(...)`, `localdatetime(...)`, `datetime(...)`,
// `duration(...)`: from a text, from a map of fields, from another temporal value (openCypher's
// CIP2015-08-06 "Date and Time").

extension TemporalType {
  /// The value that the function of this type makes of its one argument; null of null. `now` is
  /// the moment of the statement: for `{timezone: ...}` alone and for zones of plain times.
  package func make(_ argument: Value, now: Timestamp) throws -> Value {
    switch argument {
    case .null: return .null
    case .string(let text): return try parse(text)
    case .map(let map): return try make(map, now: now)
    default: return try selecting(argument, now: now)
    }
  }

  private func parse(_ text: Text) throws -> Value {
    switch self {
    case .date: .date(try CalendarDate(parsing: text))
    case .localTime: .localTime(try LocalTime(parsing: text))
    case .time: .time(try ZonedTime(parsing: text))
    case .localDateTime: .localDateTime(try LocalDateTime(parsing: text))
    case .dateTime: .dateTime(try ZonedDateTime(parsing: text))
    }
  }

  /// The value that a map of fields says.
  func make(_ map: ValueMap, now: Timestamp) throws -> Value {
    if map.count == 1, let zone = map["timezone"], !zone.isNull {
      return try self.now(now, zone: TemporalFields.zone(zone))
    }
    let fields = try TemporalFields(map, for: self)
    guard !fields.isEmpty else {
      throw StemmaError.temporalArgument("\(rawValue)() needs at least one field")
    }
    return try make(fields, now: now, keeping: nil)
  }

  private func make(_ fields: TemporalFields, now: Timestamp, keeping: Int64?) throws -> Value {
    if self == .dateTime, fields["epochSeconds"] != nil || fields["epochMillis"] != nil {
      return try makeFromEpoch(fields)
    }
    let dateParts = try parts(fields.dateTimeSource ?? fields.dateSource)
    let timeParts = try parts(fields.dateTimeSource ?? fields.timeSource)
    var date: CalendarDate?
    if hasDate {
      if let dateParts, dateParts.date == nil {
        throw StemmaError.temporalArgument("a date cannot be selected from a time")
      }
      date = try fields.date(from: dateParts?.date)
    }
    let time = hasTime ? try fields.time(from: timeParts.map { $0.time ?? .midnight }) : nil
    // A zone that comes with the selected time is kept, or the moment is moved to the new zone.
    guard hasZone, let source = timeParts?.zone, let time else {
      return try value(date: date, time: time, zone: fields.zone ?? .utc, now: now)
    }
    if self == .time {
      let kept = ZonedTime(
        local: time, offsetSeconds: source.offset(at: timeParts?.instant ?? 0))
      guard let zone = fields.zone else { return .time(kept) }
      return .time(kept.at(offsetSeconds: zone.offset(at: floorDivide(now.rawValue, 1_000_000))))
    }
    let kept = try ZonedDateTime(
      local: LocalDateTime(date: date ?? CalendarDate(daysSinceEpoch: 0), time: time), zone: source)
    return .dateTime(try fields.zone.map { try kept.at($0) } ?? kept)
  }

  private func parts(_ source: Value?) throws -> TemporalParts? {
    guard let source else { return nil }
    guard let parts = try TemporalParts(source) else {
      throw StemmaError.temporalType("date, time and datetime must be temporal values")
    }
    return parts
  }

  private func makeFromEpoch(_ fields: TemporalFields) throws -> Value {
    var seconds: Int64 = 0
    var nanosecond: Int64 = 0
    if let millis = fields["epochMillis"] {
      seconds = floorDivide(millis, 1_000)
      nanosecond = floorModulo(millis, 1_000) * 1_000_000
      nanosecond += try checkedPart("nanosecond", fields["nanosecond"] ?? 0, 0...999_999)
    } else {
      seconds = fields["epochSeconds"] ?? 0
      nanosecond = try checkedPart("nanosecond", fields["nanosecond"] ?? 0, 0...999_999_999)
    }
    return .dateTime(
      try ZonedDateTime(
        secondsSinceEpoch: seconds, nanosecond: nanosecond, zone: fields.zone ?? .utc))
  }
}

extension ZonedDateTime {
  /// `datetime.fromepoch(seconds, nanoseconds)`; the nanoseconds may be any number.
  package init(epochSeconds: Int64, nanoseconds: Int64) throws {
    let carry = floorDivide(nanoseconds, nanosecondsPerSecond)
    let (seconds, overflow) = epochSeconds.addingReportingOverflow(carry)
    guard !overflow else {
      throw StemmaError.temporalOverflow("the date lies outside the range of years")
    }
    try self.init(
      secondsSinceEpoch: seconds, nanosecond: floorModulo(nanoseconds, nanosecondsPerSecond),
      zone: .utc)
  }
}

extension CalendarDuration {
  /// `duration(...)` of its one argument; null of null.
  package static func make(_ argument: Value) throws -> Value {
    switch argument {
    case .null, .duration: return argument
    case .string(let text): return .duration(try CalendarDuration(parsing: text))
    case .map(let map): return .duration(try CalendarDuration(fields: map))
    default:
      throw StemmaError.temporalType(
        "duration() takes a string or a map",
        advice: "write duration('P14DT16H') or duration({days: 14, hours: 16})")
    }
  }

  private static let units: [(Text, DurationBuilder.Unit)] = [
    ("years", .years), ("quarters", .quarters), ("months", .months), ("weeks", .weeks),
    ("days", .days), ("hours", .hours), ("minutes", .minutes), ("seconds", .seconds),
    ("milliseconds", .milliseconds), ("microseconds", .microseconds),
    ("nanoseconds", .nanoseconds),
  ]

  private init(fields: ValueMap) throws {
    var builder = DurationBuilder()
    for entry in fields.entries {
      guard let unit = CalendarDuration.units.first(where: { $0.0 == entry.key })?.1 else {
        throw StemmaError.temporalArgument(
          "duration() has no field '\(entry.key)'",
          advice: "its fields are "
            + CalendarDuration.units.map { $0.0.string }.joined(separator: ", "))
      }
      switch entry.value {
      case .null: continue
      case .integer(let number): builder.add(unit, number)
      case .float(let number): try builder.add(unit, number)
      default: throw StemmaError.temporalArgument("\(entry.key) must be a number")
      }
    }
    self = try builder.duration()
  }
}
