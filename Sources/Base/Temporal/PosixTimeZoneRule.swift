// The rule at the end of a time zone file, for all years after its last transition: POSIX's TZ
// string (IEEE Std 1003.1, "Environment Variables"; RFC 9636 §3.3.1 extends hours to ±167).

/// A standard offset and, maybe, daylight saving time with the two days on which it changes.
package struct PosixTimeZoneRule: Sendable, Hashable {
  /// A day of the year and a time of that day in seconds, as the clock shows it before the change.
  struct Change: Sendable, Hashable {
    enum Day: Sendable, Hashable {
      /// 1...365, February 29 is never counted.
      case julian(Int64)
      /// 0...365, February 29 is counted.
      case zeroBased(Int64)
      /// Month 1...12, week 1...5 (5 is the last), weekday 0...6 from Sunday.
      case weekday(month: Int64, week: Int64, day: Int64)
    }
    var day: Day
    var secondOfDay: Int64
  }

  /// Seconds east of UTC.
  var standardOffset: Int32
  var daylightOffset: Int32?
  var start: Change?
  var end: Change?

  /// Seconds east of UTC at an instant.
  func offset(at secondsSinceEpoch: Int64) -> Int32 {
    guard let daylightOffset, let start, let end else { return standardOffset }
    let standardDay = floorDivide(secondsSinceEpoch &+ Int64(standardOffset), secondsPerDay)
    let year = GregorianCalendar.civil(standardDay).year
    let from = instant(of: start, year: year, offset: standardOffset)
    let until = instant(of: end, year: year, offset: daylightOffset)
    let isDaylight =
      from < until
      ? (from..<until).contains(secondsSinceEpoch)
      : !(until..<from).contains(secondsSinceEpoch)
    return isDaylight ? daylightOffset : standardOffset
  }

  private func instant(of change: Change, year: Int64, offset: Int32) -> Int64 {
    days(of: change.day, year: year) * secondsPerDay + change.secondOfDay - Int64(offset)
  }

  private func days(of day: Change.Day, year: Int64) -> Int64 {
    let newYear = GregorianCalendar.days(year: year, month: 1, day: 1)
    switch day {
    case .zeroBased(let number): return newYear + number
    case .julian(let number):
      return newYear + number - 1 + (number >= 60 && GregorianCalendar.isLeap(year) ? 1 : 0)
    case .weekday(let month, let week, let weekday):
      let first = GregorianCalendar.days(year: year, month: month, day: 1)
      let shift = floorModulo(weekday - GregorianCalendar.weekday(first), 7)
      let length = GregorianCalendar.length(ofMonth: month, year: year)
      var found = shift + (week - 1) * 7
      if found >= length { found -= 7 }
      return first + found
    }
  }
}

extension PosixTimeZoneRule {
  /// Reads a TZ string such as `CET-1CEST,M3.5.0,M10.5.0/3`; `nil` where it is not one.
  init?(parsing bytes: some Collection<UInt8>) {
    var scanner = TemporalScanner(Array(bytes))
    guard scanner.zoneAbbreviation(), let west = scanner.posixTime() else { return nil }
    standardOffset = Int32(-west)
    if scanner.isAtEnd { return }
    guard scanner.zoneAbbreviation() else { return nil }
    if scanner.next != UInt8(ascii: ","), let west = scanner.posixTime() {
      daylightOffset = Int32(-west)
    } else {
      daylightOffset = standardOffset + 3_600
    }
    guard scanner.accept(","), let start = scanner.posixChange(), scanner.accept(","),
      let end = scanner.posixChange(), scanner.isAtEnd
    else { return nil }
    self.start = start
    self.end = end
  }
}

extension TemporalScanner {
  /// `CET` or `<+0845>`.
  fileprivate mutating func zoneAbbreviation() -> Bool {
    if accept("<") {
      while let byte = next, byte != UInt8(ascii: ">") { advance(); _ = byte }
      return accept(">")
    }
    var count = 0
    while let byte = next, (byte | 0x20) >= UInt8(ascii: "a"), (byte | 0x20) <= UInt8(ascii: "z") {
      advance()
      count += 1
    }
    return count >= 3
  }

  /// `[+-]h[hh][:mm[:ss]]` in seconds.
  fileprivate mutating func posixTime() -> Int64? {
    let isNegative = accept("-")
    if !isNegative { _ = accept("+") }
    guard let hours = digits(1...3), hours.value <= 167 else { return nil }
    var seconds = hours.value * 3_600
    if accept(":") {
      guard let minutes = digits(2...2), minutes.value < 60 else { return nil }
      seconds += minutes.value * 60
      if accept(":") {
        guard let rest = digits(2...2), rest.value < 60 else { return nil }
        seconds += rest.value
      }
    }
    return isNegative ? -seconds : seconds
  }

  /// `M3.5.0/2`, `J60` or `59`.
  fileprivate mutating func posixChange() -> PosixTimeZoneRule.Change? {
    let day: PosixTimeZoneRule.Change.Day
    if accept("M") {
      guard let month = digits(1...2)?.value, (1...12).contains(month), accept("."),
        let week = digits(1...1)?.value, (1...5).contains(week), accept("."),
        let weekday = digits(1...1)?.value, weekday <= 6
      else { return nil }
      day = .weekday(month: month, week: week, day: weekday == 0 ? 7 : weekday)
    } else if accept("J") {
      guard let number = digits(1...3)?.value, (1...365).contains(number) else { return nil }
      day = .julian(number)
    } else {
      guard let number = digits(1...3)?.value, number <= 365 else { return nil }
      day = .zeroBased(number)
    }
    var second: Int64 = 2 * 3_600
    if accept("/") {
      guard let given = posixTime() else { return nil }
      second = given
    }
    return PosixTimeZoneRule.Change(day: day, secondOfDay: second)
  }
}
