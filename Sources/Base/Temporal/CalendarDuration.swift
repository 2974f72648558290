// Cypher's `Duration`: months, days and seconds are kept apart, since none has a fixed length in
// terms of another.

/// A duration whose calendar parts are kept apart.
public struct CalendarDuration: Sendable, Hashable {
  public var months: Int64
  public var days: Int64
  public var seconds: Int64
  /// 0 ..< 1,000,000,000, added to `seconds` (which may be negative).
  public var nanosecondsOfSecond: Int32

  public init(months: Int64, days: Int64, seconds: Int64, nanosecondsOfSecond: Int32) {
    self.months = months
    self.days = days
    self.seconds = seconds
    self.nanosecondsOfSecond = nanosecondsOfSecond
  }
}

extension CalendarDuration {
  package static let zero = CalendarDuration(
    months: 0, days: 0, seconds: 0, nanosecondsOfSecond: 0)

  /// A month's average length in the Gregorian calendar, in seconds: 400 years / 4,800.
  package static let averageSecondsPerMonth: Int64 = 2_629_746

  /// All nanoseconds of the seconds part.
  package var totalNanoseconds: Int128 {
    Int128(seconds) * Int128(nanosecondsPerSecond) + Int128(nanosecondsOfSecond)
  }

  /// From parts of any size. Throws where one does not fit.
  package init(months: Int128, days: Int128, nanoseconds: Int128) throws {
    let seconds = floorDivide(nanoseconds, Int128(nanosecondsPerSecond))
    guard let months = Int64(exactly: months), let days = Int64(exactly: days),
      let whole = Int64(exactly: seconds)
    else { throw StemmaError.temporalOverflow("the duration is too long") }
    self.init(
      months: months, days: days, seconds: whole,
      nanosecondsOfSecond: Int32(nanoseconds - seconds * Int128(nanosecondsPerSecond)))
  }

  package func adding(_ other: CalendarDuration) throws -> CalendarDuration {
    try CalendarDuration(
      months: Int128(months) + Int128(other.months), days: Int128(days) + Int128(other.days),
      nanoseconds: totalNanoseconds + other.totalNanoseconds)
  }

  package func negated() throws -> CalendarDuration {
    try CalendarDuration(
      months: -Int128(months), days: -Int128(days), nanoseconds: -totalNanoseconds)
  }

  package func multiplied(by factor: Int64) throws -> CalendarDuration {
    // Months and days cannot leave 128 bits, nanoseconds can.
    let (nanoseconds, overflow) = totalNanoseconds.multipliedReportingOverflow(
      by: Int128(factor))
    guard !overflow else { throw StemmaError.temporalOverflow("the duration is too long") }
    return try CalendarDuration(
      months: Int128(months) * Int128(factor), days: Int128(days) * Int128(factor),
      nanoseconds: nanoseconds)
  }

  /// Fractions of months become days, fractions of days become seconds.
  package func multiplied(by factor: Double) throws -> CalendarDuration {
    var builder = DurationBuilder()
    try builder.add(.months, Double(months) * factor)
    try builder.add(.days, Double(days) * factor)
    try builder.add(.seconds, Double(seconds) * factor)
    try builder.add(.nanoseconds, Double(nanosecondsOfSecond) * factor)
    return try builder.duration()
  }

  package func divided(by divisor: Double) throws -> CalendarDuration {
    guard divisor != 0 else {
      throw StemmaError.temporalOverflow("a duration cannot be divided by zero")
    }
    var builder = DurationBuilder()
    try builder.add(.months, Double(months) / divisor)
    try builder.add(.days, Double(days) / divisor)
    try builder.add(.seconds, Double(seconds) / divisor)
    try builder.add(.nanoseconds, Double(nanosecondsOfSecond) / divisor)
    return try builder.duration()
  }

  /// The length in nanoseconds with months of average and days of 24 hours: what orders durations
  /// in ORDER BY, before their parts decide.
  package var averageNanoseconds: Int128 {
    let seconds =
      Int128(months) * Int128(CalendarDuration.averageSecondsPerMonth)
      + Int128(days) * Int128(secondsPerDay)
    return seconds * Int128(nanosecondsPerSecond) + totalNanoseconds
  }
}

extension CalendarDuration: Comparable {
  /// By average length, then months, days, seconds: a total order that agrees with `==`. Cypher's
  /// `<` on durations is null; this is the order of ORDER BY.
  public static func < (left: CalendarDuration, right: CalendarDuration) -> Bool {
    let (first, second) = (left.averageNanoseconds, right.averageNanoseconds)
    if first != second { return first < second }
    if left.months != right.months { return left.months < right.months }
    return left.days < right.days
  }
}
