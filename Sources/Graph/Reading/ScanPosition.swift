// Where a scan or an index seek goes on. Positions are values: they hold no cursor, so that an
// operator may keep one between batches and a snapshot is never pinned by a forgotten scan.

package import Base

/// How far a scan over dense identities has come.
package struct ScanPosition: BitwiseCopyable, Hashable, Sendable {
  /// The first identity that has not been looked at.
  package var next: UInt64
  /// Whether the scan has met its end.
  package var isExhausted: Bool

  /// Before the first identity.
  package init() {
    next = 0
    isExhausted = false
  }
}

/// How far an ordered index has been read.
package struct IndexPosition: Hashable, Sendable {
  /// The key of the last entry looked at; empty before the first.
  package var lastKey: [UInt8]
  /// Whether the seek has met its end.
  package var isExhausted: Bool

  /// Before the first entry.
  package init() {
    lastKey = []
    isExhausted = false
  }
}

/// A range over the next property of an ordered index. Only values of the same class as the bounds
/// are met: numbers with numbers, strings with strings; `null` and NaN never.
package struct IndexRange: Hashable, Sendable {
  package struct Bound: Hashable, Sendable {
    package var value: Value
    package var isIncluded: Bool
    package init(_ value: Value, isIncluded: Bool) {
      self.value = value
      self.isIncluded = isIncluded
    }
  }

  package var lower: Bound?
  package var upper: Bound?

  package init(lower: Bound?, upper: Bound?) {
    self.lower = lower
    self.upper = upper
  }
}
