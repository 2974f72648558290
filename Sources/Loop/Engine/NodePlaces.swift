// Where the nodes of a mirror lie in memory. A store counts identities up from 0, so that they are
// looked up in pages and need no hashing.

import Base

/// Places by the identity of a node.
struct NodePlaces {
  private static let bits: UInt64 = 10

  /// Of as many identities each; empty where none is known. One more than the place, or 0.
  private var pages: [[UInt32]] = []

  subscript(id: NodeID) -> Int? {
    get {
      let (page, offset) = Self.split(id)
      guard page < pages.count, !pages[page].isEmpty, pages[page][offset] > 0 else { return nil }
      return Int(pages[page][offset]) - 1
    }
    set {
      let (page, offset) = Self.split(id)
      while pages.count <= page { pages.append([]) }
      if pages[page].isEmpty { pages[page] = [UInt32](repeating: 0, count: 1 << Self.bits) }
      pages[page][offset] = newValue.map { UInt32($0 + 1) } ?? 0
    }
  }

  private static func split(_ id: NodeID) -> (page: Int, offset: Int) {
    (Int(id.rawValue >> bits), Int(id.rawValue & (1 << bits - 1)))
  }
}
