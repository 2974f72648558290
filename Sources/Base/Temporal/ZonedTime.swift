// Cypher's `Time`: a time of day with an offset from UTC.

/// A time of day with an offset from UTC.
public struct ZonedTime: Sendable, Hashable {
  public var local: LocalTime
  public var offsetSeconds: Int32

  public init(local: LocalTime, offsetSeconds: Int32) {
    self.local = local
    self.offsetSeconds = offsetSeconds
  }
}
