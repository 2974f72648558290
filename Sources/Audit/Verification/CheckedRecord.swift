// One record of a bundle, taken apart as docs/store-format.md has it and held against the root that
// its own header commits to. Whether the header is in the log is judged elsewhere.

import Base

/// A record with the hashes that its bytes have.
struct CheckedRecord {
  /// One operation: what it is, and where it is in the bytes.
  struct Operation {
    var code: UInt64
    var range: Range<Int>
    /// Names with the ranges of their values, for operations that have some.
    var values: [(name: Text, range: Range<Int>)] = []
  }

  let header: PlainHeader
  private(set) var bytes: [UInt8] = []
  private(set) var operations: [Operation] = []
  /// The places of values that are withheld: operation, property.
  private(set) var withheld: [(operation: Int, property: Int)] = []
  /// Whether the operations and values are those that the header commits to.
  private(set) var isAuthentic = false

  private enum Salts {
    case secret(AuthenticationKey)
    case listed([Digest?])
  }

  /// Reads the record at the cursor, which moves behind it. Throws where the bytes are not those of
  /// a record; `PlainCursor.Truncated` where they may go on.
  init(_ cursor: inout PlainCursor) throws {
    let start = cursor.offset
    guard try cursor.array() == 3 else { throw PlainCursor.Malformed(offset: start) }
    let headerBytes = Array(try cursor.string())
    guard let header = PlainHeader(headerBytes) else { throw PlainCursor.Malformed(offset: start) }
    self.header = header
    let salts = try Self.salts(&cursor)
    let count = try cursor.array()
    var leaves = MerkleFrontier()
    var place = 0
    for number in 0..<count {
      let (operation, form) = try read(&cursor, number, salts, &place)
      operations.append(operation)
      leaves.append(MerkleTree.leaf(form))
    }
    switch salts {
    case .secret: guard place > 0 else { throw PlainCursor.Malformed(offset: start) }
    case .listed(let salts):
      guard salts.count == place else { throw PlainCursor.Malformed(offset: start) }
    }
    bytes = Array(cursor.bytes[start..<cursor.offset])
    isAuthentic = UInt64(count) == header.operationCount && leaves.root == header.operationsRoot
    for index in operations.indices { operations[index].move(by: -start) }
  }

  private static func salts(_ cursor: inout PlainCursor) throws -> Salts {
    let start = cursor.offset
    if cursor.offset < cursor.bytes.count, cursor.bytes[cursor.offset] >> 5 == 2 {
      let secret = Array(try cursor.string())
      guard secret.count == Digest.byteCount else { throw PlainCursor.Malformed(offset: start) }
      return .secret(AuthenticationKey(secret))
    }
    var salts: [Digest?] = []
    for _ in 0..<(try cursor.array()) {
      guard cursor.offset < cursor.bytes.count else { throw PlainCursor.Truncated() }
      if cursor.bytes[cursor.offset] == 0xF6 {
        cursor.offset += 1
        salts.append(nil)
      } else {
        guard let salt = Digest(bytes: try cursor.string()) else {
          throw PlainCursor.Malformed(offset: start)
        }
        salts.append(salt)
      }
    }
    return .listed(salts)
  }

  /// One operation, and its committed form: commitments take the places of the values.
  private mutating func read(
    _ cursor: inout PlainCursor, _ number: Int, _ salts: Salts, _ place: inout Int
  ) throws -> (Operation, [UInt8]) {
    let start = cursor.offset
    let items = try cursor.array()
    let code = try cursor.unsigned()
    guard items > 1, (1...12).contains(code) else { throw PlainCursor.Malformed(offset: start) }
    guard code < 5 else {
      for _ in 1..<items { try cursor.skip() }
      let range = start..<cursor.offset
      return (Operation(code: code, range: range), Array(cursor.bytes[range]))
    }
    let pairs: Int
    if code < 3 {
      guard items == (code == 1 ? 5 : 6) else { throw PlainCursor.Malformed(offset: start) }
      for _ in 1..<items - 1 { try cursor.skip() }
      let entries = try cursor.array()
      guard entries.isMultiple(of: 2) else { throw PlainCursor.Malformed(offset: start) }
      pairs = entries / 2
    } else {
      guard items == 4 else { throw PlainCursor.Malformed(offset: start) }
      try cursor.skip()
      pairs = 1
    }
    var operation = Operation(code: code, range: start..<start)
    var form = Array(cursor.bytes[start..<cursor.offset])
    for index in 0..<pairs {
      let nameStart = cursor.offset
      let name = try cursor.text()
      form += cursor.bytes[nameStart..<cursor.offset]
      let value = cursor.offset
      try cursor.skip()
      operation.values.append((name, value..<cursor.offset))
      form += [0x58, 0x20]
      try commitment(cursor.bytes[value..<cursor.offset], number, index, salts, &place)
        .append(to: &form)
    }
    operation.range = start..<cursor.offset
    return (operation, form)
  }

  private static let withheldHead: [UInt8] = [0xD9, 0xFB, 0xFE, 0x58, 0x20]

  /// Whether a value is the mark of one that is withheld.
  static func isWithheld(_ value: ArraySlice<UInt8>) -> Bool {
    value.count == withheldHead.count + Digest.byteCount && value.starts(with: withheldHead)
  }

  private mutating func commitment(
    _ value: ArraySlice<UInt8>, _ number: Int, _ index: Int, _ salts: Salts, _ place: inout Int
  ) throws -> Digest {
    defer { place += 1 }
    let salt: Digest?
    switch salts {
    case .secret(let key):
      salt = key.authenticate(UInt32(clamping: number), UInt32(clamping: index))
    case .listed(let salts):
      guard place < salts.count else { throw PlainCursor.Malformed(offset: value.startIndex) }
      salt = salts[place]
    }
    let isWithheld = Self.isWithheld(value)
    guard isWithheld == (salt == nil) else {
      throw PlainCursor.Malformed(offset: value.startIndex)
    }
    guard let salt else {
      withheld.append((number, index))
      return Digest(bytes: value.suffix(Digest.byteCount))!
    }
    return SHA256.hash(salt, Array(value))
  }
}

extension CheckedRecord.Operation {
  fileprivate mutating func move(by distance: Int) {
    func moved(_ range: Range<Int>) -> Range<Int> {
      range.lowerBound + distance..<range.upperBound + distance
    }
    range = moved(range)
    for index in values.indices { values[index].range = moved(values[index].range) }
  }
}
