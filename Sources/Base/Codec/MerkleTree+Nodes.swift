// Proofs from a tree whose complete subtrees are kept: O(log n) look-ups each, however large the
// log. The nodes of a tree never change once they are there, so proofs for an older, smaller tree
// come from the same ones.

extension MerkleTree {
  /// Gives the root of the complete subtree of 2^level leaves with a number among its like.
  package typealias Node = (_ level: UInt8, _ index: UInt64) throws -> Digest

  /// The root of the tree over the first `size` leaves.
  package static func root(size: UInt64, node: Node) throws -> Digest {
    try root(of: 0..<size, node)
  }

  /// The path from a leaf to the root of a tree of `size` leaves, lowest first.
  package static func inclusionProof(
    of index: UInt64, size: UInt64, node: Node
  ) throws -> [Digest] {
    precondition(index < size, "the leaf is not in the tree")
    var range = 0..<size
    var path: [Digest] = []
    while range.count > 1 {
      let split = range.lowerBound + largestPowerOfTwo(below: UInt64(range.count))
      if index < split {
        path.append(try root(of: split..<range.upperBound, node))
        range = range.lowerBound..<split
      } else {
        path.append(try root(of: range.lowerBound..<split, node))
        range = split..<range.upperBound
      }
    }
    return path.reversed()
  }

  /// The proof that the tree over `newSize` leaves extends the one over `oldSize`.
  package static func consistencyProof(
    from oldSize: UInt64, to newSize: UInt64, node: Node
  ) throws -> [Digest] {
    precondition(oldSize <= newSize, "the older tree is not the smaller one")
    if oldSize == 0 || oldSize == newSize { return [] }
    var range = 0..<newSize
    var isWhole = true
    var path: [Digest] = []
    while oldSize < range.upperBound {
      let split = range.lowerBound + largestPowerOfTwo(below: UInt64(range.count))
      if oldSize <= split {
        path.append(try root(of: split..<range.upperBound, node))
        range = range.lowerBound..<split
      } else {
        path.append(try root(of: range.lowerBound..<split, node))
        range = split..<range.upperBound
        isWhole = false
      }
    }
    if !isWhole { path.append(try root(of: range, node)) }
    return path.reversed()
  }

  /// The root over leaves that begin at a multiple of the largest power of two in their number.
  private static func root(of range: Range<UInt64>, _ node: Node) throws -> Digest {
    let count = range.upperBound - range.lowerBound
    if count == 0 { return SHA256.hash([UInt8]()) }
    if count & (count - 1) == 0 {
      let level = UInt8(count.trailingZeroBitCount)
      return try node(level, range.lowerBound >> UInt64(level))
    }
    let split = range.lowerBound + largestPowerOfTwo(below: count)
    return self.node(
      try root(of: range.lowerBound..<split, node), try root(of: split..<range.upperBound, node))
  }

  private static func largestPowerOfTwo(below count: UInt64) -> UInt64 {
    1 << UInt64(63 - (count - 1).leadingZeroBitCount)
  }
}
