// Collects the parts of a duration, whole and fractional, from maps, texts and arithmetic. A
// fraction of a month becomes days and seconds by the average month, a fraction of a day becomes
// seconds; hours never become days. Whole parts are exact at any size.

/// Adds up the parts of a duration.
package struct DurationBuilder {
  /// What a part counts.
  package enum Unit: CaseIterable {
    case years, quarters, months, weeks, days, hours, minutes, seconds
    case milliseconds, microseconds, nanoseconds

    /// The unit that the part is kept in, and how many of it one makes.
    fileprivate var size: (base: Base, count: Int64) {
      switch self {
      case .years: (.months, 12)
      case .quarters: (.months, 3)
      case .months: (.months, 1)
      case .weeks: (.days, 7)
      case .days: (.days, 1)
      case .hours: (.nanoseconds, 3_600_000_000_000)
      case .minutes: (.nanoseconds, 60_000_000_000)
      case .seconds: (.nanoseconds, 1_000_000_000)
      case .milliseconds: (.nanoseconds, 1_000_000)
      case .microseconds: (.nanoseconds, 1_000)
      case .nanoseconds: (.nanoseconds, 1)
      }
    }
  }

  fileprivate enum Base { case months, days, nanoseconds }

  private var months: Int128 = 0
  private var days: Int128 = 0
  private var nanoseconds: Int128 = 0
  private var monthFraction = 0.0
  private var dayFraction = 0.0
  private var nanosecondFraction = 0.0

  package init() {}

  /// Adds a whole number of a unit.
  package mutating func add(_ unit: Unit, _ count: Int64) {
    let size = unit.size
    let total = Int128(count) * Int128(size.count)
    switch size.base {
    case .months: months += total
    case .days: days += total
    case .nanoseconds: nanoseconds += total
    }
  }

  /// Adds a number of a unit that may have a fraction. Throws where it is no number, or too large.
  package mutating func add(_ unit: Unit, _ count: Double) throws {
    let whole = count.rounded(.towardZero)
    guard whole.magnitude < 0x1p63 else {
      throw StemmaError.temporalOverflow("the duration is too long")
    }
    add(unit, Int64(whole))
    addFraction(unit, count - whole)
  }

  /// Adds a part of one unit, between -1 and 1.
  package mutating func addFraction(_ unit: Unit, _ fraction: Double) {
    let size = unit.size
    let total = fraction * Double(size.count)
    switch size.base {
    case .months: monthFraction += total
    case .days: dayFraction += total
    case .nanoseconds: nanosecondFraction += total
    }
  }

  /// The sum of all parts. Throws where it does not fit.
  package func duration() throws -> CalendarDuration {
    let wholeMonths = monthFraction.rounded(.towardZero)
    let daysLeft =
      (monthFraction - wholeMonths) * Double(CalendarDuration.averageSecondsPerMonth)
      * Double(nanosecondsPerSecond) + dayFraction * Double(nanosecondsPerDay)
    let wholeDays = (daysLeft / Double(nanosecondsPerDay)).rounded(.towardZero)
    let rest = daysLeft - wholeDays * Double(nanosecondsPerDay) + nanosecondFraction
    return try CalendarDuration(
      months: months + Int128(wholeMonths), days: days + Int128(wholeDays),
      nanoseconds: nanoseconds + Int128(DurationBuilder.cut(rest)))
  }

  /// Cuts towards zero, but takes what lies next to a whole number for that number: doubles hold a
  /// fraction of a month to about a third of a nanosecond.
  private static func cut(_ nanoseconds: Double) -> Double {
    let nearest = nanoseconds.rounded()
    return (nanoseconds - nearest).magnitude < 0.4 ? nearest : nanoseconds.rounded(.towardZero)
  }
}

extension CalendarDuration {
  /// Reads `P12Y5M14DT16H12M70S`, with fractions and signs, or `P2012-02-02T14:37:21.545`.
  package init(parsing text: Text) throws {
    var scanner = TemporalScanner(text)
    if let read = try scanner.duration() {
      self = read
      return
    }
    let shown = text.codePointCount > 80 ? String(text.string.prefix(80)) + "..." : text.string
    throw StemmaError.temporalArgument(
      "'\(shown)' is not a duration",
      advice: "write it in ISO 8601, such as 'P12Y5M14DT16H12M70S'")
  }
}

extension TemporalScanner {
  fileprivate mutating func duration() throws -> CalendarDuration? {
    let isNegative = next == UInt8(ascii: "-")
    if !accept("-") { _ = accept("+") }
    guard accept("P") else { return nil }
    var ahead = self
    if let read = try ahead.clockDuration() { return isNegative ? try read.negated() : read }
    var builder = DurationBuilder()
    var count = 0
    let calendar: [(Unicode.Scalar, DurationBuilder.Unit)] = [
      ("Y", .years), ("Q", .quarters), ("M", .months), ("W", .weeks), ("D", .days),
    ]
    let clock: [(Unicode.Scalar, DurationBuilder.Unit)] = [
      ("H", .hours), ("M", .minutes), ("S", .seconds),
    ]
    guard let dates = try durationParts(of: calendar, into: &builder) else { return nil }
    count += dates
    if accept("T") {
      guard let times = try durationParts(of: clock, into: &builder), times > 0 else {
        return nil
      }
      count += times
    }
    guard isAtEnd, count > 0 else { return nil }
    let read = try builder.duration()
    return isNegative ? try read.negated() : read
  }

  /// Numbers followed by their units, in the order of the units; how many there were, or `nil`.
  private mutating func durationParts(
    of units: [(Unicode.Scalar, DurationBuilder.Unit)], into builder: inout DurationBuilder
  ) throws -> Int? {
    var from = 0
    var count = 0
    while let byte = next, byte != UInt8(ascii: "T") {
      let isNegative = byte == UInt8(ascii: "-")
      if !accept("-") { _ = accept("+") }
      guard digitCount > 0 else { return nil }
      guard let whole = digits(1...18), digitCount == 0 else {
        throw StemmaError.temporalOverflow("the duration is too long")
      }
      var fraction = 0.0
      if accept(".") || accept(",") {
        guard let read = digits(1...18), digitCount == 0 else { return nil }
        var scale = 1.0
        for _ in 0..<read.count { scale *= 10 }
        fraction = Double(read.value) / scale
      }
      guard let unit = units[from...].firstIndex(where: { accept($0.0) }) else { return nil }
      from = unit + 1
      count += 1
      builder.add(units[unit].1, isNegative ? -whole.value : whole.value)
      builder.addFraction(units[unit].1, isNegative ? -fraction : fraction)
    }
    return count
  }

  /// `2012-02-02T14:37:21.545`, `20120202T143721`, `2012-033T14:37`: as long as a date-time would
  /// show it.
  private mutating func clockDuration() throws -> CalendarDuration? {
    guard let years = digits(4) else { return nil }
    var builder = DurationBuilder()
    builder.add(.years, years)
    let isExtended = accept("-")
    if digitCount == 3 {
      builder.add(.days, digits(3) ?? 0)
    } else {
      guard let months = digits(2), !isExtended || accept("-"), let days = digits(2) else {
        return nil
      }
      builder.add(.months, months)
      builder.add(.days, days)
    }
    if accept("T") {
      guard let time = try time() else { return nil }
      builder.add(.nanoseconds, time.nanosecondsOfDay)
    }
    return isAtEnd ? try builder.duration() : nil
  }
}
