// Finds where the texts of created nodes or edges lie in the log's records, by walking over the
// CBOR without decoding it. Sealed columns point there instead of keeping long texts a second time.
//
// It walks each record once, however many ranges its nodes belong to: ranges come ascending, and
// the walk goes on where it stopped.

import Base
import Store

/// A walk over the records that created nodes, or edges.
struct LogPlaces {
  private let ofNodes: Bool
  private let symbols: SymbolTable
  private var transaction = TransactionNumber.zero
  private var offset = 0
  private var operationsLeft: UInt64 = 0
  /// What each shape of the record creates: its names where it is the wanted kind.
  private var shapes: [Shape] = []
  private var next: UInt64 = 0

  private struct Shape {
    var isNode: Bool
    var hasKey: Bool
    /// `nil` for a name that has no symbol: only values that are withheld had it.
    var names: [Symbol?]
  }

  init(ofNodes: Bool, symbols: SymbolTable) {
    self.ofNodes = ofNodes
    self.symbols = symbols
  }

  /// Calls `body` for each text that the record of `transaction` gives to what it creates below
  /// `limit`, from where the last call stopped.
  mutating func walk(
    _ transaction: TransactionNumber, below limit: UInt64, _ reading: Reading,
    _ body: (_ identity: UInt64, _ name: Symbol, _ place: LogPlace) throws -> Void
  ) throws {
    guard let record = try reading.get(.log, LogWriter.logKey(transaction).bytes) else {
      throw StemmaError.damaged("log", "\(transaction.rawValue) is missing")
    }
    if transaction != self.transaction { try begin(transaction, record) }
    while operationsLeft > 0 {
      guard try operation(record, limit, body) else { return }
      operationsLeft -= 1
    }
  }

  /// Reads a record up to its operations.
  private mutating func begin(_ transaction: TransactionNumber, _ record: RawSpan) throws {
    self.transaction = transaction
    var walk = CBORWalk(offset: 0)
    _ = try walk.head(record)
    try walk.skip(record, 2)
    shapes = []
    for _ in 0..<(try walk.head(record).argument) { shapes.append(try shape(&walk, record)) }
    operationsLeft = try walk.head(record).argument
    offset = walk.offset
  }

  private func shape(_ walk: inout CBORWalk, _ record: RawSpan) throws -> Shape {
    _ = try walk.head(record)
    let isNode = try walk.head(record).argument == RecordShape.nodeKind
    try walk.skip(record, 1)
    // The simple value 21 is true.
    let hasKey = isNode ? try walk.head(record).argument == 21 : false
    var names: [Symbol?] = []
    for _ in 0..<(try walk.head(record).argument) { names.append(try name(&walk, record)) }
    return Shape(isNode: isNode, hasKey: hasKey, names: names)
  }

  private func name(_ walk: inout CBORWalk, _ record: RawSpan) throws -> Symbol? {
    let head = try walk.head(record)
    let count = try walk.advance(head.argument, record)
    return symbols[try PropertyCodec.text(record, walk.offset - count, count)]
  }

  /// Walks over one operation; false, having done nothing, where it creates what is not below the
  /// limit.
  private mutating func operation(
    _ record: RawSpan, _ limit: UInt64, _ body: (UInt64, Symbol, LogPlace) throws -> Void
  ) throws -> Bool {
    var walk = CBORWalk(offset: offset)
    let items = try walk.head(record).argument
    let first = try walk.head(record)
    if first.major == 1 {
      // A code below zero is kept as the number before its complement.
      let code = first.argument + 1
      if code != (ofNodes ? OperationCode.createNode : OperationCode.createEdge) {
        try walk.skip(record, items &- 1)
      } else {
        let identity = try walk.head(record).argument
        if identity >= limit { return false }
        next = identity + 1
        try walk.skip(record, ofNodes ? 2 : 3)
        for _ in 0..<(try walk.head(record).argument / 2) {
          let name = try name(&walk, record)
          try value(&walk, record, identity, name, body)
        }
      }
    } else {
      guard first.argument < UInt64(shapes.count) else {
        throw StemmaError.damaged("log", "an operation has no shape")
      }
      let shape = shapes[Int(first.argument)]
      if shape.isNode != ofNodes {
        try walk.skip(record, items &- 1)
      } else {
        if next >= limit { return false }
        try walk.skip(record, ofNodes ? (shape.hasKey ? 1 : 0) : 2)
        for name in shape.names { try value(&walk, record, next, name, body) }
        next += 1
      }
    }
    offset = walk.offset
    return true
  }

  @inline(__always)
  private func value(
    _ walk: inout CBORWalk, _ record: RawSpan, _ identity: UInt64, _ name: Symbol?,
    _ body: (UInt64, Symbol, LogPlace) throws -> Void
  ) throws {
    let start = walk.offset
    let head = try walk.head(record)
    guard head.major == 3 else {
      walk.offset = start
      return try walk.skip(record, 1)
    }
    let count = try walk.advance(head.argument, record)
    guard count >= ColumnBuilder.referenceBytes, let name else { return }
    let place = LogPlace(
      transaction: transaction, offset: walk.offset - count, count: count)
    try body(identity, name, place)
  }
}

/// A position in CBOR that moves over items without decoding them.
struct CBORWalk {
  var offset: Int

  /// The major type and the argument of the next item; moves past its head.
  @inline(__always)
  mutating func head(_ bytes: RawSpan) throws -> (major: UInt8, argument: UInt64) {
    try bytes.require(1, at: offset)
    let first = bytes.byte(offset)
    offset += 1
    let information = first & 31
    if information < 24 { return (first >> 5, UInt64(information)) }
    let width = 1 << Int(information - 24)
    guard width <= 8 else { throw StemmaError.damaged("log", "a record is no CBOR") }
    try bytes.require(width, at: offset)
    var argument: UInt64 = 0
    for index in 0..<width { argument = argument << 8 | UInt64(bytes.byte(offset + index)) }
    offset += width
    return (first >> 5, argument)
  }

  /// Moves over the bytes of a string whose head was read; returns how many they are.
  @inline(__always)
  mutating func advance(_ count: UInt64, _ bytes: RawSpan) throws -> Int {
    guard count <= UInt64(bytes.byteCount - offset) else {
      throw StemmaError.damaged("log", "a record ends early")
    }
    offset += Int(count)
    return Int(count)
  }

  /// Moves over whole items.
  mutating func skip(_ bytes: RawSpan, _ items: UInt64) throws {
    var left = items
    while left > 0 {
      left -= 1
      let head = try head(bytes)
      switch head.major {
      case 2, 3: _ = try advance(head.argument, bytes)
      case 4: left = try Self.sum(left, head.argument, bytes)
      case 5: left = try Self.sum(left, head.argument &* 2, bytes)
      case 6: left += 1
      default: break
      }
    }
  }

  private static func sum(_ left: UInt64, _ more: UInt64, _ bytes: RawSpan) throws -> UInt64 {
    guard more <= UInt64(bytes.byteCount), left <= UInt64(bytes.byteCount) else {
      throw StemmaError.damaged("log", "a record ends early")
    }
    return left + more
  }
}
