// Merkle roots against the vectors of Certificate Transparency's reference code, and every proof of
// every tree up to a size, with each kind of damage.

import Base
import Testing

@Suite struct MerkleTests {
  /// The leaves that the reference implementations of RFC 6962 test with.
  static let inputs: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], Array(0x40...0x43), Array(0x50...0x57),
    Array(0x60...0x6F),
  ]
  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test func publishedRoots() {
    let leaves = Self.inputs.map { MerkleTree.leaf($0) }
    for size in 0...8 {
      #expect(MerkleTree.root(Array(leaves[..<size])).hex == Self.roots[size])
    }
  }

  private func leaves(_ count: Int) -> [Digest] {
    (0..<count).map { MerkleTree.leaf([UInt8($0 & 0xFF), UInt8($0 >> 8)]) }
  }

  @Test func everyInclusionProofHoldsAndNoOther() {
    for size in 1...20 {
      let leaves = leaves(size)
      let root = MerkleTree.root(leaves)
      for index in 0..<size {
        let proof = MerkleTree.inclusionProof(of: index, in: leaves)
        let holds = { (leaf: Digest, index: Int, proof: [Digest]) in
          MerkleTree.verifyInclusion(
            leaf, at: UInt64(index), size: UInt64(size), proof: proof, root: root)
        }
        #expect(holds(leaves[index], index, proof))
        #expect(!holds(leaves[index], index + 1, proof))
        #expect(!holds(leaves[index], index, proof + [root]))
        #expect(!holds(root, index, proof) || size == 1)
        if !proof.isEmpty { #expect(!holds(leaves[index], index, Array(proof.dropLast()))) }
      }
    }
  }

  @Test func everyConsistencyProofHoldsAndNoOther() {
    for size in 0...20 {
      let all = leaves(size)
      for older in 0...size {
        let proof = MerkleTree.consistencyProof(from: older, in: all)
        let (old, new) = (MerkleTree.root(Array(all[..<older])), MerkleTree.root(all))
        let holds = { (old: Digest, new: Digest, proof: [Digest]) in
          MerkleTree.verifyConsistency(
            from: UInt64(older), old, to: UInt64(size), new, proof: proof)
        }
        #expect(holds(old, new, proof))
        let other = MerkleTree.leaf([9, 9, 9])
        if older > 0 {
          #expect(!holds(other, new, proof))
          #expect(!holds(old, other, proof))
        }
        #expect(!holds(old, new, proof + [other]))
      }
    }
  }

  @Test func aFrontierThatWasKeptGoesOnAsBefore() {
    var frontier = MerkleFrontier()
    for (index, leaf) in leaves(70).enumerated() {
      #expect(frontier.root == MerkleTree.root(leaves(index)))
      frontier.append(leaf)
      let kept = MerkleFrontier(size: frontier.size, peaks: frontier.peaks)
      #expect(kept == frontier)
    }
    #expect(MerkleFrontier(size: 3, peaks: []) == nil)
  }

  /// The proofs that come from the kept subtrees are those that come from all leaves.
  @Test func keptSubtreesGiveTheSameProofs() throws {
    let all = leaves(70)
    var kept: [[Digest]] = [[]]
    var frontier = MerkleFrontier()
    for leaf in all {
      kept[0].append(leaf)
      for (level, root) in frontier.append(leaf).enumerated() {
        if kept.count == level + 1 { kept.append([]) }
        kept[level + 1].append(root)
      }
    }
    let node = { (level: UInt8, index: UInt64) in kept[Int(level)][Int(index)] }
    for size in 0...70 {
      let part = Array(all[..<size])
      #expect(try MerkleTree.root(size: UInt64(size), node: node) == MerkleTree.root(part))
      for index in 0..<size {
        let proof = try MerkleTree.inclusionProof(of: UInt64(index), size: UInt64(size), node: node)
        #expect(proof == MerkleTree.inclusionProof(of: index, in: part))
      }
      for older in 0...size {
        let proof = try MerkleTree.consistencyProof(
          from: UInt64(older), to: UInt64(size), node: node)
        #expect(proof == MerkleTree.consistencyProof(from: older, in: part))
      }
    }
  }
}
