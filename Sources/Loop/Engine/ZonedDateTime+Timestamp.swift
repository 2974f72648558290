// The clock's moments as Cypher's date-times, in UTC.

package import Base

extension ZonedDateTime {
  /// The moment in UTC.
  package init(_ time: Timestamp) {
    let micros = time.microsecondsSinceEpoch
    let seconds = micros >= 0 ? micros / 1_000_000 : (micros - 999_999) / 1_000_000
    self.init(
      secondsSinceEpoch: seconds,
      nanosecondsOfSecond: Int32(micros - seconds * 1_000_000) * 1_000, offsetSeconds: 0,
      zoneName: nil)
  }
}
