// Times as people read them: ISO 8601 in UTC.

import Base

/// Renders moments.
enum RecordTime {
  /// Microseconds since 1970.
  static func text(_ microseconds: Int64) -> String {
    let exact = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let whole = exact.remainder < 0 ? exact.quotient - 1 : exact.quotient
    let rest = exact.remainder < 0 ? exact.remainder + 1_000_000 : exact.remainder
    return ZonedDateTime(
      secondsSinceEpoch: whole, nanosecondsOfSecond: Int32(rest) * 1_000, offsetSeconds: 0,
      zoneName: nil
    ).description
  }

  static func text(seconds: UInt64) -> String {
    ZonedDateTime(
      secondsSinceEpoch: Int64(clamping: seconds), nanosecondsOfSecond: 0, offsetSeconds: 0,
      zoneName: nil
    ).description
  }
}
