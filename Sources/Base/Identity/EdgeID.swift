// An edge's identity inside one store. Dense, in commit order, below 2^40; never reused.
// Edges have no keys of their own.

/// The identity of an edge: a dense number in commit order.
public struct EdgeID: RawRepresentable, Hashable, Comparable, BitwiseCopyable, Sendable {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  public static func < (left: EdgeID, right: EdgeID) -> Bool { left.rawValue < right.rawValue }

  /// One past the largest identity that a store can hand out.
  public static let limit: UInt64 = 1 << 40
}
