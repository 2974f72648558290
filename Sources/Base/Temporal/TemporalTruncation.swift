// `date.truncate(unit, value, fields)` and its siblings: the start of the unit that holds a moment,
// with fields set anew afterwards.

/// What a moment can be cut down to.
enum TruncationUnit: String {
  case millennium, century, decade, year, weekYear, quarter, month, week, day
  case hour, minute, second, millisecond, microsecond

  var isOfDate: Bool {
    switch self {
    case .hour, .minute, .second, .millisecond, .microsecond: false
    default: true
    }
  }

  /// The length of a unit shorter than a day.
  fileprivate var nanoseconds: Int64 {
    switch self {
    case .hour: 3_600 * nanosecondsPerSecond
    case .minute: 60 * nanosecondsPerSecond
    case .second: nanosecondsPerSecond
    case .millisecond: 1_000_000
    case .microsecond: 1_000
    default: nanosecondsPerDay
    }
  }

  /// The first day of the unit that holds a date.
  fileprivate func start(_ date: CalendarDate) throws -> CalendarDate {
    let parts = date.civil
    switch self {
    case .millennium: return try CalendarDate(year: floorDivide(parts.year, 1_000) * 1_000)
    case .century: return try CalendarDate(year: floorDivide(parts.year, 100) * 100)
    case .decade: return try CalendarDate(year: floorDivide(parts.year, 10) * 10)
    case .year: return try CalendarDate(year: parts.year)
    case .weekYear: return try CalendarDate(weekYear: date.weekYear, week: 1)
    case .quarter: return try CalendarDate(year: parts.year, month: date.quarter * 3 - 2)
    case .month: return try CalendarDate(year: parts.year, month: parts.month)
    case .week: return try date.adding(days: 1 - date.dayOfWeek)
    default: return date
    }
  }
}

extension TemporalType {
  /// Cuts a value down to a unit and sets `fields` anew; null where any argument is null.
  package func truncate(
    _ unitName: Value, _ value: Value, _ fields: Value, now: Timestamp
  ) throws -> Value {
    guard case .string(let text) = unitName else {
      if unitName.isNull { return .null }
      throw StemmaError.temporalType("the unit to truncate to is a string such as 'month'")
    }
    if value.isNull || fields.isNull { return .null }
    guard let unit = TruncationUnit(rawValue: text.string) else {
      throw StemmaError.temporalArgument("there is no unit '\(text)' to truncate to")
    }
    guard case .map(let map) = fields else {
      throw StemmaError.temporalType("the third argument of truncate() is a map of fields")
    }
    guard let parts = try TemporalParts(value) else {
      throw StemmaError.temporalType("only temporal values can be truncated")
    }
    return try truncate(unit, parts, map, now: now)
  }

  private func truncate(
    _ unit: TruncationUnit, _ parts: TemporalParts, _ map: ValueMap, now: Timestamp
  ) throws -> Value {
    if hasDate, parts.date == nil {
      throw StemmaError.temporalArgument("\(rawValue).truncate() needs a value with a date")
    }
    if !unit.isOfDate, !hasTime || parts.time == nil {
      throw StemmaError.temporalArgument("a date cannot be truncated to \(unit.rawValue)")
    }
    if unit.isOfDate, unit != .day, !hasDate {
      throw StemmaError.temporalArgument("a time cannot be truncated to \(unit.rawValue)")
    }
    var date = try parts.date.map { unit.isOfDate ? try unit.start($0) : $0 }
    var time = LocalTime.midnight
    if !unit.isOfDate, let given = parts.time {
      let rest = given.nanosecondsOfDay % unit.nanoseconds
      time = LocalTime(nanosecondsOfDay: given.nanosecondsOfDay - rest)
    }
    let fields = try TemporalFields(map, for: self)
    if hasDate { date = try fields.date(from: date) }
    if hasTime {
      let isPartOfSecond = unit == .millisecond || unit == .microsecond
      time = try fields.time(from: time, keeping: isPartOfSecond ? unit.nanoseconds : nil)
    }
    if self == .time, fields.zone == nil, let zone = parts.zone {
      let offset = zone.offset(at: parts.instant ?? 0)
      return .time(ZonedTime(local: time, offsetSeconds: offset))
    }
    return try self.value(
      date: date, time: time, zone: fields.zone ?? parts.zone ?? .utc, now: now)
  }
}
