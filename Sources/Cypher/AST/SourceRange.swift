// Where a piece of a query lies in its text. Every node of the tree carries one, so that any later
// stage can put a caret under what it complains about.

/// A half-open range of UTF-8 offsets in the text of a query. Texts are limited to
/// `ParserLimits.textBytes`, so 32 bits are enough.
package struct SourceRange: Hashable, Sendable, BitwiseCopyable {
  package var start: UInt32
  package var end: UInt32

  @inlinable
  package init(start: UInt32, end: UInt32) {
    self.start = start
    self.end = end
  }

  /// The empty range at the start: for nodes that no text stands for.
  package static let none = SourceRange(start: 0, end: 0)

  /// From the start of this range to the end of the other.
  @inlinable
  package func through(_ other: SourceRange) -> SourceRange {
    SourceRange(start: start, end: max(end, other.end))
  }
}
