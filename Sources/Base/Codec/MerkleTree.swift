// Merkle trees as RFC 9162 §2.1 defines them: the log over its record headers, and each record over
// its operations. Nothing here stores anything; leaves and nodes are given and returned.

/// Hashes, roots and proofs of Merkle trees.
package enum MerkleTree {
  /// SHA-256(0x00 ‖ data).
  package static func leaf(_ data: [UInt8]) -> Digest {
    SHA256.hash(0, data)
  }

  /// SHA-256(0x01 ‖ left ‖ right).
  package static func node(_ left: Digest, _ right: Digest) -> Digest {
    SHA256.node(left, right)
  }

  /// The root over leaf hashes; of no leaves it is the hash of nothing. O(n).
  package static func root(_ leaves: [Digest]) -> Digest {
    guard leaves.count > 1 else { return leaves.first ?? SHA256.hash([UInt8]()) }
    // Level by level: the last of an odd number goes up as it is.
    var level = leaves
    var count = leaves.count
    while count > 1 {
      SHA256.nodes(&level, pairs: count / 2)
      if count % 2 == 1 { level[count / 2] = level[count - 1] }
      count = (count + 1) / 2
    }
    return level[0]
  }

  /// The path from a leaf to the root, lowest first (RFC 9162 §2.1.3.1). O(n).
  package static func inclusionProof(of index: Int, in leaves: [Digest]) -> [Digest] {
    precondition(leaves.indices.contains(index), "the leaf is not in the tree")
    return path(index, leaves[...])
  }

  private static func path(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
    if leaves.count <= 1 { return [] }
    let split = leaves.startIndex + largestPowerOfTwo(below: leaves.count)
    if leaves.startIndex + index < split {
      return path(index, leaves[..<split]) + [root(Array(leaves[split...]))]
    }
    return path(leaves.startIndex + index - split, leaves[split...])
      + [root(Array(leaves[..<split]))]
  }

  /// Whether a proof leads from a leaf to the root of a tree of `size` leaves (§2.1.3.2).
  package static func verifyInclusion(
    _ leaf: Digest, at index: UInt64, size: UInt64, proof: [Digest], root: Digest
  ) -> Bool {
    guard index < size else { return false }
    var (position, last) = (index, size - 1)
    var result = leaf
    for sibling in proof {
      if last == 0 { return false }
      if position & 1 == 1 || position == last {
        result = node(sibling, result)
        while position & 1 == 0 && position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        result = node(result, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && result == root
  }

  /// The proof that the tree over the first `size` leaves was only extended (§2.1.4.1). O(n).
  package static func consistencyProof(from size: Int, in leaves: [Digest]) -> [Digest] {
    precondition((0...leaves.count).contains(size), "the older tree is not the smaller one")
    if size == 0 || size == leaves.count { return [] }
    return subproof(size, leaves[...], isWhole: true)
  }

  private static func subproof(
    _ size: Int, _ leaves: ArraySlice<Digest>, isWhole: Bool
  ) -> [Digest] {
    if size == leaves.count { return isWhole ? [] : [root(Array(leaves))] }
    let split = largestPowerOfTwo(below: leaves.count)
    let middle = leaves.startIndex + split
    if size <= split {
      return subproof(size, leaves[..<middle], isWhole: isWhole) + [root(Array(leaves[middle...]))]
    }
    return subproof(size - split, leaves[middle...], isWhole: false)
      + [root(Array(leaves[..<middle]))]
  }

  /// Whether a proof shows that `newRoot` extends `oldRoot` (§2.1.4.2).
  package static func verifyConsistency(
    from oldSize: UInt64, _ oldRoot: Digest, to newSize: UInt64, _ newRoot: Digest,
    proof: [Digest]
  ) -> Bool {
    if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
    guard oldSize < newSize else { return false }
    if oldSize == 0 { return proof.isEmpty }
    var path = proof[...]
    if oldSize & (oldSize - 1) == 0 { path = [oldRoot] + path }
    guard let first = path.popFirst() else { return false }
    var (position, last) = (oldSize - 1, newSize - 1)
    while position & 1 == 1 {
      position >>= 1
      last >>= 1
    }
    var (old, new) = (first, first)
    for sibling in path {
      if last == 0 { return false }
      if position & 1 == 1 || position == last {
        old = node(sibling, old)
        new = node(sibling, new)
        while position & 1 == 0 && position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        new = node(new, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && old == oldRoot && new == newRoot
  }

  /// The largest power of two that is smaller than `count`, which is at least 2.
  private static func largestPowerOfTwo(below count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }
}
