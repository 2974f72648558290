// A record of the log as an auditor gets it, made from the stored bytes by walking over them: no
// value is decoded. Whoever exports millions of operations finds here where each is, what it
// creates, and where its values lie. It is not for records that are not to be trusted: what it
// skips is not checked, though it never reads beyond them.

import Base
import Store

/// The plain form of one record, as `LogRecord.plainBytes`, with the places of what is in it.
package struct RecordTranscript: Sendable {
  /// One operation.
  package struct Operation: Sendable {
    /// As in docs/store-format.md.
    package var code: UInt64
    /// The node or edge that it is about; zero where it is about none.
    package var identity: UInt64 = 0
    /// The shape of what it creates, by its number in `shapes`; `nil` where it creates nothing.
    package var shape: Int?
    /// The ends of an edge.
    package var from: UInt64 = 0
    package var to: UInt64 = 0
    /// Where it is in `bytes`.
    package var range = 0..<0
    /// Where the text of a node's key is in `bytes`; `nil` where it has none.
    package var key: Range<Int>?
    /// Its values, by their numbers in `values`.
    package var values = 0..<0
  }

  package private(set) var headerBytes: [UInt8] = []
  package private(set) var bytes: [UInt8] = []
  package private(set) var operations: [Operation] = []
  /// Where values are in `bytes`.
  package private(set) var values: [Range<Int>] = []
  package private(set) var shapes: [RecordShape] = []
  /// Whether values may be withheld.
  package private(set) var isRedacted = false

  private var spelled: [SpelledShape] = []
  private var context = RecordContext()

  /// Whether a value is withheld, so that its commitment stands there.
  package func isWithheld(_ value: Range<Int>) -> Bool {
    isRedacted && bytes[value].starts(with: Self.withheldHead)
  }

  private static let withheldHead: [UInt8] = [0xD9, 0xFB, 0xFE]

  /// Reads the stored form of a record.
  package init(_ record: RawSpan) throws {
    var walk = CBORWalk(offset: 0)
    guard try walk.head(record) == (4, 4) else { throw Self.malformed }
    let start = walk.offset
    let header = try walk.head(record)
    let length = try walk.advance(header.argument, record)
    headerBytes = [UInt8](copying: record.extracting(walk.offset - length..<walk.offset))
    try record.require(1, at: walk.offset)
    isRedacted = record.byte(walk.offset) >> 5 == 4
    try walk.skip(record, 1)
    bytes.reserveCapacity(record.byteCount * 2)
    bytes.append(0x83)
    bytes.append(copying: record.extracting(start..<walk.offset))
    for _ in 0..<(try walk.head(record).argument) { try readShape(&walk, record) }
    let count = try walk.head(record).argument
    guard count <= UInt64(LogRecord.operationLimit) else { throw Self.malformed }
    bytes.appendHead(4, count)
    operations.reserveCapacity(Int(count))
    for _ in 0..<count { try readOperation(&walk, record) }
    guard walk.offset == record.byteCount else { throw Self.malformed }
  }

  private static var malformed: StemmaError {
    StemmaError.damaged("log", "a record cannot be read")
  }

  // MARK: Shapes

  private mutating func readShape(_ walk: inout CBORWalk, _ record: RawSpan) throws {
    let start = walk.offset
    try walk.skip(record, 1)
    var reader = CBORReader([UInt8](copying: record.extracting(start..<walk.offset)))
    guard let shape = try? RecordShape(&reader) else { throw Self.malformed }
    add(shape)
  }

  private mutating func add(_ shape: RecordShape) {
    shapes.append(shape)
    spelled.append(SpelledShape(shape))
  }

  /// The number of a shape that an operation spelled itself.
  private mutating func number(of shape: RecordShape) -> Int {
    if let known = shapes.firstIndex(of: shape) { return known }
    add(shape)
    return shapes.count - 1
  }

  // MARK: Operations

  private mutating func readOperation(_ walk: inout CBORWalk, _ record: RawSpan) throws {
    let start = bytes.count
    let items = try walk.head(record).argument
    let first = try walk.head(record)
    var operation: Operation
    if first.major == 1 {
      operation = try readSpelled(&walk, record, code: first.argument + 1, items: items)
    } else {
      guard first.major == 0, first.argument < UInt64(shapes.count) else { throw Self.malformed }
      operation = try readShaped(&walk, record, Int(first.argument))
    }
    operation.range = start..<bytes.count
    operations.append(operation)
    if operation.code == OperationCode.createNode {
      context.note(node: NodeID(operation.identity))
    } else if operation.code == OperationCode.createEdge {
      context.note(
        edge: EdgeID(operation.identity), from: NodeID(operation.from), to: NodeID(operation.to))
    }
  }

  private mutating func readShaped(
    _ walk: inout CBORWalk, _ record: RawSpan, _ number: Int
  ) throws -> Operation {
    let form = spelled[number]
    bytes += form.start
    var operation: Operation
    if form.isNode {
      operation = Operation(code: OperationCode.createNode, shape: number)
      guard let next = context.nextNode, next < NodeID.limit else { throw Self.malformed }
      operation.identity = next
      bytes.appendHead(0, next)
      bytes += form.names
      if shapes[number].hasKey {
        let key = try copy(&walk, record)
        operation.key = try textRange(key)
      } else {
        bytes.append(0xF6)
      }
    } else {
      operation = Operation(code: OperationCode.createEdge, shape: number)
      guard let next = context.nextEdge, next < EdgeID.limit else { throw Self.malformed }
      operation.identity = next
      operation.from = try near(context.from, &walk, record)
      operation.to = try near(context.to, &walk, record)
      bytes.appendHead(0, next)
      bytes += form.names
      bytes.appendHead(0, operation.from)
      bytes.appendHead(0, operation.to)
    }
    bytes.appendHead(4, UInt64(form.properties.count * 2))
    let firstValue = values.count
    for name in form.properties {
      bytes += name
      values.append(try copy(&walk, record))
    }
    operation.values = firstValue..<values.count
    return operation
  }

  /// Copies the next item; returns where it is now.
  private mutating func copy(_ walk: inout CBORWalk, _ record: RawSpan) throws -> Range<Int> {
    let (from, start) = (walk.offset, bytes.count)
    try walk.skip(record, 1)
    bytes.append(copying: record.extracting(from..<walk.offset))
    return start..<bytes.count
  }

  /// The bytes of a text without its head.
  private func textRange(_ item: Range<Int>) throws -> Range<Int> {
    var walk = CBORWalk(offset: item.lowerBound)
    guard try walk.head(bytes.span.bytes).major == 3 else { throw Self.malformed }
    return walk.offset..<item.upperBound
  }

  /// A node by its distance from another.
  private func near(
    _ other: UInt64, _ walk: inout CBORWalk, _ record: RawSpan
  ) throws -> UInt64 {
    let head = try walk.head(record)
    guard head.major < 2, head.argument < NodeID.limit else { throw Self.malformed }
    let distance = head.major == 0 ? Int64(head.argument) : ~Int64(head.argument)
    let node = Int64(other) + distance
    guard node >= 0, node < Int64(NodeID.limit) else { throw Self.malformed }
    return UInt64(node)
  }

  /// An operation that says everything: all but its code is as in the plain form.
  private mutating func readSpelled(
    _ walk: inout CBORWalk, _ record: RawSpan, code: UInt64, items: UInt64
  ) throws -> Operation {
    guard code <= OperationCode.trail, items > 1 else { throw Self.malformed }
    bytes.appendHead(4, items)
    bytes.append(UInt8(code))
    var operation = Operation(code: code)
    guard code <= OperationCode.deleteEdge else {
      for _ in 1..<items { _ = try copy(&walk, record) }
      return operation
    }
    operation.identity = try copyNumber(&walk, record)
    let firstValue = values.count
    switch code {
    case OperationCode.createNode:
      let labels = try copyTexts(&walk, record)
      let key = try copy(&walk, record)
      if bytes[key.lowerBound] != 0xF6 { operation.key = try textRange(key) }
      let names = try copyPairs(&walk, record)
      operation.shape = number(
        of: .node(labels: labels, hasKey: operation.key != nil, names: names))
    case OperationCode.createEdge:
      let type = try copyText(&walk, record)
      operation.from = try copyNumber(&walk, record)
      operation.to = try copyNumber(&walk, record)
      operation.shape = number(of: .edge(type: type, names: try copyPairs(&walk, record)))
    case OperationCode.setNodeProperty, OperationCode.setEdgeProperty:
      _ = try copy(&walk, record)
      values.append(try copy(&walk, record))
    default:
      for _ in 2..<items { _ = try copy(&walk, record) }
    }
    operation.values = firstValue..<values.count
    return operation
  }

  private mutating func copyNumber(_ walk: inout CBORWalk, _ record: RawSpan) throws -> UInt64 {
    let head = try walk.head(record)
    guard head.major == 0, head.argument < NodeID.limit else { throw Self.malformed }
    bytes.appendHead(0, head.argument)
    return head.argument
  }

  /// Copies a text, and reads it.
  private mutating func copyText(_ walk: inout CBORWalk, _ record: RawSpan) throws -> Text {
    let item = try copy(&walk, record)
    guard let text = Text(validatingUTF8: bytes[try textRange(item)]) else { throw Self.malformed }
    return text
  }

  private mutating func copyTexts(_ walk: inout CBORWalk, _ record: RawSpan) throws -> [Text] {
    let count = try walk.head(record).argument
    bytes.appendHead(4, count)
    var texts: [Text] = []
    for _ in 0..<count { texts.append(try copyText(&walk, record)) }
    return texts
  }

  /// Copies names with values; returns the names.
  private mutating func copyPairs(_ walk: inout CBORWalk, _ record: RawSpan) throws -> [Text] {
    let count = try walk.head(record).argument
    bytes.appendHead(4, count)
    var names: [Text] = []
    for _ in 0..<count / 2 {
      names.append(try copyText(&walk, record))
      values.append(try copy(&walk, record))
    }
    return names
  }
}
