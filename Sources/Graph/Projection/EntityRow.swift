// The rows of nodes and edges: what they were created with. A row never changes but for its flags,
// which say where else to look; so most reads need the row only.
//
//   node: flags | creating transaction | number of labels | labels in order | properties
//   edge: flags | creating transaction | type | start (5 bytes) | end (5 bytes) | properties
//
// Numbers without a size are LEB128.

import Base

/// The flags of a row, its first byte.
enum RowFlags {
  /// It was deleted by some transaction, which `versions` has.
  static let ended: UInt8 = 1
  /// Some property changed since the creation; `versions` has it.
  static let properties: UInt8 = 2
  /// Some label changed since the creation; `versions` has it.
  static let labels: UInt8 = 4
}

/// The beginning of a node's row, read once.
struct NodeRow {
  var flags: UInt8
  var creation: TransactionNumber
  var labelCount: Int
  var labelsOffset: Int
  var propertiesOffset: Int

  @inline(__always)
  init(_ row: RawSpan) throws {
    try row.require(1, at: 0)
    flags = row.byte(0)
    var offset = 1
    creation = TransactionNumber(try row.variable(&offset))
    labelCount = try row.length(&offset)
    labelsOffset = offset
    for _ in 0..<labelCount { _ = try row.variable(&offset) }
    propertiesOffset = offset
  }

  /// Whether the node was created with a label.
  @inline(__always)
  func hasLabel(_ label: Symbol, in row: RawSpan) throws -> Bool {
    var offset = labelsOffset
    for _ in 0..<labelCount where try row.variable(&offset) == UInt64(label.rawValue) {
      return true
    }
    return false
  }

  /// The labels that the node was created with.
  func labels(in row: RawSpan) throws -> [Symbol] {
    var offset = labelsOffset
    var result: [Symbol] = []
    for _ in 0..<labelCount {
      result.append(Symbol(UInt32(truncatingIfNeeded: try row.variable(&offset))))
    }
    return result
  }

  /// The row of a new node; `labels` and `properties` are in the order of their symbols.
  static func encode(
    creation: TransactionNumber, labels: [Symbol], properties: [(name: Symbol, value: Value)],
    into row: inout [UInt8]
  ) {
    row.append(0)
    row.appendVariable(creation.rawValue)
    row.appendVariable(UInt64(labels.count))
    for label in labels { row.appendVariable(UInt64(label.rawValue)) }
    PropertyBlock.encode(properties, into: &row)
  }
}

/// The beginning of an edge's row, read once.
struct EdgeRow {
  var flags: UInt8
  var creation: TransactionNumber
  var type: Symbol
  var from: NodeID
  var to: NodeID
  var propertiesOffset: Int

  @inline(__always)
  init(_ row: RawSpan) throws {
    try row.require(1, at: 0)
    flags = row.byte(0)
    var offset = 1
    creation = TransactionNumber(try row.variable(&offset))
    type = Symbol(UInt32(truncatingIfNeeded: try row.variable(&offset)))
    try row.require(10, at: offset)
    from = NodeID(row.identity(offset))
    to = NodeID(row.identity(offset + 5))
    propertiesOffset = offset + 10
  }

  /// The row of a new edge; `properties` are in the order of their symbols.
  static func encode(
    creation: TransactionNumber, _ ends: EdgeEnds, properties: [(name: Symbol, value: Value)],
    into row: inout [UInt8]
  ) {
    row.append(0)
    row.appendVariable(creation.rawValue)
    row.appendVariable(UInt64(ends.type.rawValue))
    row.appendIdentity(ends.from.rawValue)
    row.appendIdentity(ends.to.rawValue)
    PropertyBlock.encode(properties, into: &row)
  }
}
