// Names of labels, edge types and properties, interned per store in the order of first use.
// Records in the log spell the names; symbols are only how projections and plans say them.

/// An interned label, edge type or property name.
public struct Symbol: RawRepresentable, Hashable, Comparable, BitwiseCopyable, Sendable {
  public var rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  @inlinable
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  @inlinable
  public static func < (left: Symbol, right: Symbol) -> Bool { left.rawValue < right.rawValue }
}
