// The right edge of a Merkle tree: all that is needed to add leaves and to know the root. It is
// what the store keeps, so that a commit extends the tree without reading it.

/// The roots of the complete subtrees that a tree of some size consists of, largest first.
package struct MerkleFrontier: Sendable, Hashable {
  /// The number of leaves.
  package private(set) var size: UInt64 = 0
  /// One digest for each bit that is set in `size`, from the highest.
  package private(set) var peaks: [Digest] = []

  package init() {}

  /// A frontier that was kept; `nil` where the number of peaks does not fit the size.
  package init?(size: UInt64, peaks: [Digest]) {
    guard peaks.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.peaks = peaks
  }

  /// Adds a leaf hash. Returns the roots of the complete subtrees that it finished, by level from
  /// 1; the leaf itself is level 0. O(log n), amortised O(1).
  @discardableResult
  package mutating func append(_ leaf: Digest) -> [Digest] {
    var finished: [Digest] = []
    var carried = leaf
    var bits = size
    while bits & 1 == 1 {
      carried = MerkleTree.node(peaks.removeLast(), carried)
      finished.append(carried)
      bits >>= 1
    }
    peaks.append(carried)
    size += 1
    return finished
  }

  /// The root of the whole tree; of no leaves it is the hash of nothing.
  package var root: Digest {
    guard var result = peaks.last else { return SHA256.hash([UInt8]()) }
    for peak in peaks.dropLast().reversed() { result = MerkleTree.node(peak, result) }
    return result
  }
}
