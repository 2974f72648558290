// The log's tree as a bundle's headers make it: all complete subtrees, so that tiles and the roots
// of earlier sizes can be compared.

import Base

/// Grows leaf by leaf.
struct CheckedTree {
  private var frontier = MerkleFrontier()
  /// By level, the roots of complete subtrees in their order.
  private(set) var levels: [[Digest]] = [[]]

  var size: UInt64 { frontier.size }

  mutating func append(_ leaf: Digest) {
    levels[0].append(leaf)
    for (index, digest) in frontier.append(leaf).enumerated() {
      if index + 1 == levels.count { levels.append([]) }
      levels[index + 1].append(digest)
    }
  }

  /// The leaf of a record; `nil` for one that the tree does not have.
  func leaf(of record: UInt64) -> Digest? {
    record > 0 && record <= size ? levels[0][Int(record - 1)] : nil
  }

  /// The root over the first `count` leaves, which are there.
  func root(at count: UInt64) throws -> Digest {
    try MerkleTree.root(size: count) { levels[Int($0)][Int($1)] }
  }
}
