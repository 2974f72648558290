// The position of a Stemma transaction in the log: 1 is the first, 0 is "before everything".

/// A transaction's number in the log; also the name of the snapshot right after it.
public struct TransactionNumber: RawRepresentable, Hashable, Comparable, BitwiseCopyable, Sendable {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  public static func < (left: TransactionNumber, right: TransactionNumber) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The empty store, before the first transaction.
  public static let zero = TransactionNumber(0)

  /// Past every transaction there will ever be: "now" in comparisons.
  public static let unbounded = TransactionNumber(.max)
}
