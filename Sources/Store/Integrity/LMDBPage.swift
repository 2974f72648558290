// Pages of an LMDB 0.9 file, read without liblmdb and without trust: every number that leads
// somewhere is checked first. Layout: lmdb's mdb.c, "struct MDB_page", "struct MDB_node", 64-bit
// little-endian.

/// The bytes of one or more pages.
struct LMDBPage {
  static let headerBytes = 16
  static let nodeHeaderBytes = 8

  enum Flag {
    static let branch: UInt16 = 0x01
    static let leaf: UInt16 = 0x02
    static let overflow: UInt16 = 0x04
    static let meta: UInt16 = 0x08
  }

  enum NodeFlag {
    /// The value lies on overflow pages.
    static let big: UInt16 = 0x01
    /// The value is another tree.
    static let tree: UInt16 = 0x02
    /// The value is a set of duplicates, which no table of ours has.
    static let duplicates: UInt16 = 0x04
  }

  /// What a page says that cannot be so.
  struct Fault: Error {
    var words: String
  }

  let bytes: [UInt8]

  // MARK: Numbers, bounds checked

  func little(_ offset: Int, width: Int) -> UInt64 {
    guard offset >= 0, offset <= bytes.count - width else { return 0 }
    var value: UInt64 = 0
    for index in (0..<width).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
    return value
  }

  var number: UInt64 { little(0, width: 8) }
  var flags: UInt16 { UInt16(little(10, width: 2)) }
  /// The number of pages of an overflow run.
  var overflowCount: UInt64 { little(12, width: 4) }

  // MARK: Nodes

  /// One entry of a branch or leaf page.
  struct Node {
    var key: [UInt8]
    /// The page below, on a branch.
    var child: UInt64
    var flags: UInt16
    /// The size of the value, and where it begins in the page.
    var valueCount: Int
    var valueOffset: Int
  }

  /// Every entry of the page, checked to lie inside it.
  func nodes() throws(Fault) -> [Node] {
    let lower = Int(little(12, width: 2))
    let upper = Int(little(14, width: 2))
    guard lower >= Self.headerBytes, lower <= upper, upper <= bytes.count, lower % 2 == 0 else {
      throw Fault(words: "its bounds \(lower) and \(upper) are impossible")
    }
    let count = (lower - Self.headerBytes) / 2
    var nodes: [Node] = []
    nodes.reserveCapacity(count)
    for index in 0..<count {
      let offset = Int(little(Self.headerBytes + 2 * index, width: 2))
      guard offset >= upper, offset + Self.nodeHeaderBytes <= bytes.count else {
        throw Fault(words: "entry \(index) lies outside the page")
      }
      nodes.append(try node(at: offset, index))
    }
    // LMDB keeps the entries of a page side by side at its end; a writer goes by that.
    let used = nodes.reduce(0) { $0 + byteCount(of: $1) }
    guard used == bytes.count - upper else {
      throw Fault(words: "its entries fill \(used) bytes where \(bytes.count - upper) are taken")
    }
    return nodes
  }

  /// The room that an entry takes, which is even.
  private func byteCount(of node: Node) -> Int {
    let isBranch = flags & Flag.branch != 0
    let inPage = isBranch ? 0 : node.flags & NodeFlag.big != 0 ? 8 : node.valueCount
    return (Self.nodeHeaderBytes + node.key.count + inPage + 1) & ~1
  }

  private func node(at offset: Int, _ index: Int) throws(Fault) -> Node {
    let size = little(offset, width: 4)
    let flags = UInt16(little(offset + 4, width: 2))
    let keyCount = Int(little(offset + 6, width: 2))
    let keyStart = offset + Self.nodeHeaderBytes
    guard keyCount <= Store.maximumKeyBytes, keyStart + keyCount <= bytes.count else {
      throw Fault(words: "the key of entry \(index) does not fit")
    }
    let isBranch = self.flags & Flag.branch != 0
    let inPage = isBranch ? 0 : flags & NodeFlag.big != 0 ? 8 : Int(size)
    guard inPage <= bytes.count - keyStart - keyCount else {
      throw Fault(words: "the value of entry \(index) does not fit")
    }
    return Node(
      key: Array(bytes[keyStart..<keyStart + keyCount]), child: size | UInt64(flags) << 32,
      flags: flags, valueCount: Int(size), valueOffset: keyStart + keyCount)
  }
}
