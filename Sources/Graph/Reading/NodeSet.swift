// A set of nodes for searches: bits in pages that are made when a node of theirs is first met, so
// that a small search in a large graph touches little memory, and no hashing is needed.

package import Base

/// Nodes that have been met.
package struct NodeSet: Sendable {
  /// Nodes per page: 4,096 bits in 64 words.
  private static let pageShift: UInt64 = 12
  private static let wordsPerPage = 64

  /// The number of each page in `words`, or -1.
  private var table: [Int32] = []
  private var words: [UInt64] = []
  private var usedPages: [Int] = []
  package private(set) var count = 0

  package init() {}

  /// Roughly what the set holds, in bytes.
  package var memoryBytes: Int { words.count * 8 + table.count * 4 }

  /// Adds a node; `false` where it was there. O(1).
  @inline(__always)
  package mutating func insert(_ node: NodeID) -> Bool {
    let page = Int(node.rawValue >> Self.pageShift)
    if page >= table.count { grow(toHold: page) }
    if table[page] < 0 { addPage(page) }
    let word =
      Int(table[page]) * Self.wordsPerPage
      + Int(truncatingIfNeeded: (node.rawValue >> 6) & 63)
    let bit = UInt64(1) << (node.rawValue & 63)
    if words[word] & bit != 0 { return false }
    words[word] |= bit
    count += 1
    return true
  }

  package func contains(_ node: NodeID) -> Bool {
    let page = Int(node.rawValue >> Self.pageShift)
    guard page < table.count, table[page] >= 0 else { return false }
    let word =
      Int(table[page]) * Self.wordsPerPage
      + Int(truncatingIfNeeded: (node.rawValue >> 6) & 63)
    return words[word] & (UInt64(1) << (node.rawValue & 63)) != 0
  }

  /// Forgets the nodes; costs as much as they had pages.
  package mutating func removeAll() {
    for page in usedPages { table[page] = -1 }
    usedPages.removeAll(keepingCapacity: true)
    words.removeAll(keepingCapacity: true)
    count = 0
  }

  private mutating func grow(toHold page: Int) {
    table.append(contentsOf: repeatElement(-1, count: page + 1 - table.count))
  }

  private mutating func addPage(_ page: Int) {
    table[page] = Int32(words.count / Self.wordsPerPage)
    words.append(contentsOf: repeatElement(0, count: Self.wordsPerPage))
    usedPages.append(page)
  }
}
