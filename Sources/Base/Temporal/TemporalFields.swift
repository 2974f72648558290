// The map that `date({...})` and its siblings take: which fields a type has, which may stand
// together, and how they change a date or a time of day that was selected from another value.

/// The fields of a map, checked for names and types but not yet for ranges.
struct TemporalFields {
  private var numbers: [Text: Int64] = [:]
  /// The values to select from.
  private(set) var dateSource: Value?
  private(set) var timeSource: Value?
  private(set) var dateTimeSource: Value?
  private(set) var zone: TimeZone?
  let type: TemporalType

  private static let dateNames: [Text] = [
    "year", "quarter", "month", "week", "day", "dayOfWeek", "dayOfQuarter", "ordinalDay",
  ]
  private static let timeNames: [Text] = [
    "hour", "minute", "second", "millisecond", "microsecond", "nanosecond",
  ]

  init(_ map: ValueMap, for type: TemporalType) throws {
    self.type = type
    for entry in map.entries where !entry.value.isNull {
      switch entry.key {
      case "date" where type.hasDate: dateSource = entry.value
      case "time" where type.hasTime: timeSource = entry.value
      case "datetime" where type.hasTime && type.hasDate: dateTimeSource = entry.value
      case "timezone" where type.hasZone: zone = try TemporalFields.zone(entry.value)
      default: try addNumber(entry)
      }
    }
    if dateTimeSource != nil, dateSource != nil || timeSource != nil {
      throw StemmaError.temporalArgument("datetime cannot be combined with date or time")
    }
  }

  static func zone(_ value: Value) throws -> TimeZone {
    guard case .string(let text) = value else {
      throw StemmaError.temporalType("a time zone is a string such as '+01:00'")
    }
    return try TimeZone(parsing: text)
  }

  private mutating func addNumber(_ entry: ValueMap.Entry) throws {
    let isKnown =
      (type.hasDate && TemporalFields.dateNames.contains(entry.key))
      || (type.hasTime && TemporalFields.timeNames.contains(entry.key))
      || (type == .dateTime && (entry.key == "epochSeconds" || entry.key == "epochMillis"))
    guard isKnown else {
      throw StemmaError.temporalArgument("\(type.rawValue)() has no field '\(entry.key)'")
    }
    guard case .integer(let number) = entry.value else {
      throw StemmaError.temporalArgument("\(entry.key) must be an integer")
    }
    numbers[entry.key] = number
  }

  subscript(name: Text) -> Int64? { numbers[name] }

  var isEmpty: Bool {
    numbers.isEmpty && dateSource == nil && timeSource == nil && dateTimeSource == nil
  }

  private func has(_ names: Text...) -> Bool { names.contains { numbers[$0] != nil } }
}

extension TemporalFields {
  /// The date that the fields say, starting from a selected one where there is one.
  func date(from base: CalendarDate?) throws -> CalendarDate {
    let forms = [
      has("month", "day"), has("week", "dayOfWeek"), has("quarter", "dayOfQuarter"),
      has("ordinalDay"),
    ]
    if forms.filter({ $0 }).count > 1 {
      throw StemmaError.temporalArgument(
        "the fields say the date in two ways",
        advice: "use month and day, or week and dayOfWeek, or quarter and dayOfQuarter, "
          + "or ordinalDay")
    }
    if base == nil { try requireLargerFields() }
    let year = try checkedPart("year", self["year"] ?? base?.year ?? 0, GregorianCalendar.years)
    if forms[1] { return try weekDate(from: base) }
    if forms[2] { return try quarterDate(year: year, from: base) }
    if let day = self["ordinalDay"] { return try CalendarDate(year: year, ordinalDay: day) }
    let month = try checkedPart("month", self["month"] ?? base?.month ?? 1, 1...12)
    if let day = self["day"] { return try CalendarDate(year: year, month: month, day: day) }
    return CalendarDate.clamped(year: year, month: month, day: base?.day ?? 1)
  }

  private func requireLargerFields() throws {
    let larger: [(Text, Text)] = [
      ("day", "month"), ("dayOfWeek", "week"), ("dayOfQuarter", "quarter"),
    ]
    for (field, needed) in larger where self[field] != nil && self[needed] == nil {
      throw StemmaError.temporalArgument("\(field) cannot be given without \(needed)")
    }
    if self["year"] == nil {
      throw StemmaError.temporalArgument("\(type.rawValue)() needs a year")
    }
  }

  private func weekDate(from base: CalendarDate?) throws -> CalendarDate {
    let year = try checkedPart(
      "year", self["year"] ?? base?.weekYear ?? 0, GregorianCalendar.years)
    let last = GregorianCalendar.weeks(inWeekYear: year)
    return try CalendarDate(
      weekYear: year, week: self["week"] ?? min(base?.week ?? 1, last),
      dayOfWeek: self["dayOfWeek"] ?? base?.dayOfWeek ?? 1)
  }

  private func quarterDate(year: Int64, from base: CalendarDate?) throws -> CalendarDate {
    let quarter = try checkedPart("quarter", self["quarter"] ?? base?.quarter ?? 1, 1...4)
    if let day = self["dayOfQuarter"] {
      return try CalendarDate(year: year, quarter: quarter, dayOfQuarter: day)
    }
    let month = (quarter - 1) * 3 + ((base?.month ?? 1) - 1) % 3 + 1
    return CalendarDate.clamped(year: year, month: month, day: base?.day ?? 1)
  }
}

extension TemporalFields {
  /// The time of day that the fields say, starting from a selected one where there is one.
  /// `keeping` is the part of a second (in nanoseconds) that smaller fields are added to instead
  /// of replacing the whole fraction: what truncation to a part of a second asks for.
  func time(from base: LocalTime?, keeping unit: Int64? = nil) throws -> LocalTime {
    if base == nil { try requireLargerTimeFields() }
    return try LocalTime(
      hour: self["hour"] ?? base?.hour ?? 0, minute: self["minute"] ?? base?.minute ?? 0,
      second: self["second"] ?? base?.second ?? 0,
      nanosecond: try nanosecond(from: base?.nanosecond ?? 0, keeping: unit))
  }

  private func requireLargerTimeFields() throws {
    let order: [Text] = ["hour", "minute", "second"]
    for index in 1..<order.count where self[order[index]] != nil && self[order[index - 1]] == nil {
      throw StemmaError.temporalArgument(
        "\(order[index]) cannot be given without \(order[index - 1])")
    }
    if has("millisecond", "microsecond", "nanosecond"), self["second"] == nil {
      throw StemmaError.temporalArgument("a part of a second cannot be given without second")
    }
    if type == .localTime || type == .time, self["hour"] == nil {
      throw StemmaError.temporalArgument("\(type.rawValue)() needs an hour")
    }
  }

  private func nanosecond(from base: Int64, keeping unit: Int64?) throws -> Int64 {
    guard has("millisecond", "microsecond", "nanosecond") else { return base }
    var total: Int64 = 0
    // Each field counts within the next larger one that is given.
    var room = nanosecondsPerSecond
    if let unit, self["millisecond"] == nil {
      total = base
      room = unit
    }
    for (name, size): (Text, Int64) in [
      ("millisecond", 1_000_000), ("microsecond", 1_000), ("nanosecond", 1),
    ] {
      guard let count = self[name] else { continue }
      total += try checkedPart(name.string, count, 0...max(0, room / size - 1)) * size
      room = size
    }
    return total
  }
}
