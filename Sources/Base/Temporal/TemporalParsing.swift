// Dates, times and date-times from ISO 8601 texts: calendar, week, quarter and ordinal dates, basic
// (`20150721`) and extended (`2015-07-21`) form, shortened from the right, with offsets and zones.

extension TemporalScanner {
  /// A date in any form; `nil` where the text is none. Throws where there is no such day.
  mutating func date() throws -> CalendarDate? {
    let isNegative = next == UInt8(ascii: "-")
    let isSigned = accept("+") || accept("-")
    let count = digitCount
    let dash = position + count < bytes.count && bytes[position + count] == UInt8(ascii: "-")
    if dash, isSigned ? (1...9).contains(count) : count == 4 {
      guard let year = digits(1...9)?.value else { return nil }
      return try extendedDate(year: isNegative ? -year : year)
    }
    switch count {
    case 4, 6, 7, 8:
      guard let year = digits(4) else { return nil }
      return try basicDate(year: isNegative ? -year : year, digitsLeft: count - 4)
    case 1...9:
      guard isSigned, let year = digits(1...9)?.value else { return nil }
      return try CalendarDate(year: isNegative ? -year : year)
    default: return nil
    }
  }

  private mutating func basicDate(year: Int64, digitsLeft: Int) throws -> CalendarDate? {
    if digitsLeft == 0, accept("W") {
      guard let week = digits(2) else { return nil }
      return try CalendarDate(
        weekYear: year, week: week, dayOfWeek: digits(1...1)?.value ?? 1)
    }
    if digitsLeft == 0, accept("Q") {
      guard let quarter = digits(1) else { return nil }
      return try CalendarDate(
        year: year, quarter: quarter, dayOfQuarter: digits(2...2)?.value ?? 1)
    }
    switch digitsLeft {
    case 0: return try CalendarDate(year: year)
    case 2: return try digits(2).map { try CalendarDate(year: year, month: $0) }
    case 3: return try digits(3).map { try CalendarDate(year: year, ordinalDay: $0) }
    default:
      guard let month = digits(2), let day = digits(2) else { return nil }
      return try CalendarDate(year: year, month: month, day: day)
    }
  }

  private mutating func extendedDate(year: Int64) throws -> CalendarDate? {
    guard accept("-") else { return nil }
    if accept("W") {
      guard let week = digits(1...2)?.value else { return nil }
      guard accept("-") else { return try CalendarDate(weekYear: year, week: week) }
      return try digits(1).map {
        try CalendarDate(weekYear: year, week: week, dayOfWeek: $0)
      }
    }
    if accept("Q") {
      guard let quarter = digits(1) else { return nil }
      guard accept("-") else {
        return try CalendarDate(year: year, quarter: quarter, dayOfQuarter: 1)
      }
      return try digits(1...2).map {
        try CalendarDate(year: year, quarter: quarter, dayOfQuarter: $0.value)
      }
    }
    guard let first = digits(1...3) else { return nil }
    if first.count == 3 { return try CalendarDate(year: year, ordinalDay: first.value) }
    guard accept("-") else { return try CalendarDate(year: year, month: first.value) }
    return try digits(1...2).map {
      try CalendarDate(year: year, month: first.value, day: $0.value)
    }
  }

  /// A time of day in any form; `nil` where the text is none. Throws where there is no such time.
  mutating func time() throws -> LocalTime? {
    let count = digitCount
    let colon = position + count < bytes.count && bytes[position + count] == UInt8(ascii: ":")
    var minute: Int64 = 0
    var second: Int64 = 0
    var nanosecond: Int64 = 0
    guard let hour = digits(colon ? 1...2 : 2...2)?.value else { return nil }
    if colon ? accept(":") : count >= 4 {
      guard let read = digits(colon ? 1...2 : 2...2)?.value else { return nil }
      minute = read
      if colon ? accept(":") : count >= 6 {
        guard let read = digits(colon ? 1...2 : 2...2)?.value, let fraction = fraction() else {
          return nil
        }
        second = read
        nanosecond = fraction
      }
    }
    guard digitCount == 0 else { return nil }
    return try LocalTime(hour: hour, minute: minute, second: second, nanosecond: nanosecond)
  }
}

/// The error for a text that is not of the form of its type.
private func unreadable(_ text: Text, as type: String, example: String) -> StemmaError {
  let shown = text.codePointCount > 80 ? String(text.string.prefix(80)) + "..." : text.string
  return StemmaError.temporalArgument(
    "'\(shown)' is not a \(type)", advice: "write it in ISO 8601, such as '\(example)'")
}

extension CalendarDate {
  /// Reads `2015-07-21`, `20150721`, `2015-W30-2`, `2015-202`, `2015-Q3-21`, `2015-07`, `2015`, ...
  package init(parsing text: Text) throws {
    var scanner = TemporalScanner(text)
    guard let date = try scanner.date(), scanner.isAtEnd else {
      throw unreadable(text, as: "date", example: "2015-07-21")
    }
    self = date
  }
}

extension LocalTime {
  /// Reads `21:40:32.142`, `214032.142`, `21:40`, `21`, ...
  package init(parsing text: Text) throws {
    var scanner = TemporalScanner(text)
    guard let time = try scanner.time(), scanner.isAtEnd else {
      throw unreadable(text, as: "local time", example: "21:40:32.142")
    }
    self = time
  }
}

extension ZonedTime {
  /// Reads a local time with an offset; without one `defaultOffset` is meant.
  package init(parsing text: Text, defaultOffset: Int32 = 0) throws {
    var scanner = TemporalScanner(text)
    guard let time = try scanner.time() else {
      throw unreadable(text, as: "time", example: "21:40:32.142+01:00")
    }
    let offset = scanner.offset()
    guard scanner.isAtEnd else {
      throw unreadable(text, as: "time", example: "21:40:32.142+01:00")
    }
    self.init(
      local: time,
      offsetSeconds: try offset.map { try TimeZone.checked(offset: $0) } ?? defaultOffset)
  }
}

extension LocalDateTime {
  /// Reads a date and, after a `T`, a time; without one midnight is meant.
  package init(parsing text: Text) throws {
    var scanner = TemporalScanner(text)
    guard let read = try scanner.localDateTime(), scanner.isAtEnd else {
      throw unreadable(text, as: "local date-time", example: "2015-07-21T21:40:32.142")
    }
    self = read
  }
}

extension TemporalScanner {
  fileprivate mutating func localDateTime() throws -> LocalDateTime? {
    guard let date = try date() else { return nil }
    guard accept("T") else { return LocalDateTime(date: date, time: .midnight) }
    return try time().map { LocalDateTime(date: date, time: $0) }
  }
}

extension ZonedDateTime {
  /// Reads a local date-time with an offset, a zone in brackets, or both; without either
  /// `defaultZone` is meant.
  package init(parsing text: Text, defaultZone: TimeZone = .utc) throws {
    var scanner = TemporalScanner(text)
    guard let local = try scanner.localDateTime() else {
      throw unreadable(text, as: "date-time", example: "2015-07-21T21:40:32.142+01:00")
    }
    let offset = try scanner.offset().map { try TimeZone.checked(offset: $0) }
    let name = scanner.zoneName()
    guard scanner.isAtEnd else {
      throw unreadable(text, as: "date-time", example: "2015-07-21T21:40:32.142+01:00")
    }
    guard let name else {
      try self.init(local: local, zone: offset.map { .offset(seconds: $0) } ?? defaultZone)
      return
    }
    let zone = try TimeZone(parsing: name)
    guard let offset else {
      try self.init(local: local, zone: zone)
      return
    }
    let instant = local.localSeconds - Int64(offset)
    guard zone.offset(at: instant) == offset else {
      throw StemmaError.temporalArgument(
        "the offset in '\(text)' is not the one of its time zone at that moment",
        advice: "leave out the offset or the zone")
    }
    try self.init(secondsSinceEpoch: instant, nanosecond: local.time.nanosecond, zone: zone)
  }
}
