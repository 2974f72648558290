// Rows of nodes or edges that a transaction made and that are not in the store yet.

import Base
import Store

/// Rows under construction, one after another.
struct RowBuffer {
  /// The identity of the first row; meaningless while there is none.
  private(set) var first: UInt64 = 0
  /// The rows, and where each ends.
  var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// How many of the rows are dropped.
  private var dropped = 0

  var isEmpty: Bool { ends.isEmpty }

  /// Says that a row for `identity` was appended to `bytes`.
  mutating func close(_ identity: UInt64) {
    if ends.isEmpty { first = identity }
    ends.append(bytes.count)
  }

  /// Where the row of an identity lies in `bytes`.
  func range(of identity: UInt64) -> Range<Int> {
    let index = Int(identity - first)
    return (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// Forgets the rows below an identity.
  mutating func drop(below identity: UInt64) {
    guard !isEmpty, identity > first else { return }
    dropped = min(ends.count, Int(identity - first))
  }

  /// Appends the rows to a table.
  mutating func flush(_ table: Table, _ store: inout WriteTransaction) throws {
    if ends.isEmpty { return }
    for index in dropped..<ends.count {
      let identity = first + UInt64(index)
      let key = KeyBuffer.node(NodeID(identity))
      try store.append(table, key.bytes, bytes.span.bytes.extracting(range(of: identity)))
    }
    bytes.removeAll(keepingCapacity: bytes.count < 1 << 20)
    ends.removeAll(keepingCapacity: true)
    dropped = 0
  }
}
