// Cypher's `DateTime`: an instant, the offset then in force, and the zone's name where one was given.

/// An instant with an offset from UTC and, where one was given, the name of its zone.
public struct ZonedDateTime: Sendable, Hashable {
  /// Seconds since 1970-01-01T00:00:00Z of the instant.
  public var secondsSinceEpoch: Int64
  /// 0 ..< 1,000,000,000.
  public var nanosecondsOfSecond: Int32
  public var offsetSeconds: Int32
  /// An IANA zone such as `Europe/Stockholm`; `nil` for a plain offset.
  public var zoneName: Text?

  public init(
    secondsSinceEpoch: Int64, nanosecondsOfSecond: Int32, offsetSeconds: Int32, zoneName: Text?
  ) {
    self.secondsSinceEpoch = secondsSinceEpoch
    self.nanosecondsOfSecond = nanosecondsOfSecond
    self.offsetSeconds = offsetSeconds
    self.zoneName = zoneName
  }
}
