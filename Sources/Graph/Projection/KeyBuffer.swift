// The keys of projections, built in place: a read costs no allocation for its key. Numbers in keys
// are big-endian, so that the order of bytes is the order of numbers. docs/store-format.md has all.

import Base
import Store

/// A key of at most twenty-four bytes, put together in words: a word that is read right after its
/// bytes were written one by one makes a processor wait.
struct KeyBuffer {
  /// The first byte of the key is the lowest of the first word.
  private var words = InlineArray<3, UInt64>(repeating: 0)
  private(set) var count = 0

  @inline(__always)
  init() {}

  /// Adds some bytes, the first of which is the lowest.
  @inline(__always)
  private mutating func add(_ value: UInt64, bytes: Int) {
    let (word, shift) = (count >> 3, UInt64(count & 7) << 3)
    words[word] |= (value << shift).littleEndian
    if bytes > 8 - count & 7 { words[word + 1] |= (value >> (64 - shift)).littleEndian }
    count += bytes
  }

  @inline(__always)
  mutating func add(_ byte: UInt8) { add(UInt64(byte), bytes: 1) }

  @inline(__always)
  mutating func add32(_ value: UInt32) { add(UInt64(value.byteSwapped), bytes: 4) }

  /// A node or edge in five bytes.
  @inline(__always)
  mutating func addIdentity(_ value: UInt64) {
    add((value << 24).byteSwapped, bytes: 5)
  }

  @inline(__always)
  mutating func add64(_ value: UInt64) { add(value.byteSwapped, bytes: 8) }

  /// The bytes of the key.
  var bytes: RawSpan {
    @_lifetime(borrow self)
    @inline(__always)
    get { words.span.bytes.extracting(first: count) }
  }

  /// The first bytes of the key.
  @_lifetime(borrow self)
  func prefix(_ length: Int) -> RawSpan { words.span.bytes.extracting(first: length) }
}

/// Small facts about the whole store, in the table `meta`.
enum MetaKey {
  /// Counters and limits after the last transaction.
  static var head: KeyBuffer {
    var key = KeyBuffer()
    key.add(0x10)
    return key
  }

  /// What the identities were limited to after a transaction, and when it was committed.
  static func bounds(_ transaction: TransactionNumber) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(0x11)
    key.add64(transaction.rawValue)
    return key
  }

  /// The last number of the keys with a prefix follows `0x12` and the bytes of the prefix.
  static func counter(prefix: Text) -> [UInt8] { [0x12] + Array(prefix.string.utf8) }
}

extension KeyBuffer {
  /// The row of the group that a node belongs to.
  @inline(__always)
  static func adjacencyGroup(_ way: UInt8, _ type: Symbol, _ group: UInt64) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(way)
    key.addType(type)
    key.addIdentity(group)
    return key
  }

  /// The first segment of a hub's edges of a type.
  @inline(__always)
  static func adjacency(_ way: UInt8, _ type: Symbol, _ node: NodeID) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(way + AdjacencySegment.hub)
    key.addType(type)
    key.addIdentity(node.rawValue)
    return key
  }

  /// Types below 2^15 take two bytes, and sort before the others.
  @inline(__always)
  private mutating func addType(_ type: Symbol) {
    if type.rawValue < 0x8000 {
      add(UInt8(truncatingIfNeeded: type.rawValue >> 8))
      add(UInt8(truncatingIfNeeded: type.rawValue))
    } else {
      add32(type.rawValue | 0x8000_0000)
    }
  }

  /// A later segment, from 1.
  static func adjacency(
    _ way: UInt8, _ type: Symbol, _ node: NodeID, segment: UInt32
  ) -> KeyBuffer {
    var key = adjacency(way, type, node)
    if segment > 0 { key.add32(segment) }
    return key
  }

  /// A request identifier.
  static func request(_ request: RequestID) -> KeyBuffer {
    var key = KeyBuffer()
    key.add64(request.high)
    key.add64(request.low)
    return key
  }

  /// A symbol's name.
  static func symbol(_ number: UInt32) -> KeyBuffer {
    var key = KeyBuffer()
    key.add32(number)
    return key
  }
}

/// What a row of the table `versions` is about: the first byte of its key.
enum VersionKind {
  static let nodeProperty: UInt8 = 0
  static let edgeProperty: UInt8 = 1
  static let nodeLabel: UInt8 = 2
  static let nodeEnd: UInt8 = 3
  static let edgeEnd: UInt8 = 4

  /// The version of a property or label that was written by `transaction`; later ones come first.
  @inline(__always)
  static func key(
    _ kind: UInt8, _ identity: UInt64, _ name: Symbol, _ transaction: TransactionNumber
  ) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(kind)
    key.addIdentity(identity)
    key.add32(name.rawValue)
    key.add64(~transaction.rawValue)
    return key
  }

  /// The length of a version's key up to the name and including it.
  static let prefixBytes = 10

  /// All versions of a node or an edge.
  static func key(_ kind: UInt8, _ identity: UInt64) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(kind)
    key.addIdentity(identity)
    return key
  }
}

extension WriteTransaction {
  /// Puts bytes under a key built in place.
  mutating func put(_ table: Table, _ key: KeyBuffer, _ value: [UInt8]) throws(StoreError) {
    try put(table, key.bytes, value.span.bytes)
  }

  /// Puts bytes under a key that is above every other.
  mutating func append(_ table: Table, _ key: KeyBuffer, _ value: [UInt8]) throws(StoreError) {
    try append(table, key.bytes, value.span.bytes)
  }
}
