// Reads the operations of a record's body; refuses what `BodyWriter` would have written otherwise.
// Never traps, whatever the bytes.

import Base

/// Reads operations one after another, noting which values are withheld.
struct BodyReader {
  var reader: CBORReader
  /// The number of operations read.
  private(set) var count = 0
  private(set) var withheld: [ValuePosition: Digest] = [:]
  private let shapes: [RecordShape]
  private var usedShapes = 0
  private var context = RecordContext()

  /// Reads the shapes.
  init(_ reader: CBORReader) throws(CBORError) {
    self.reader = reader
    let start = reader.offset
    var shapes: [RecordShape] = []
    for _ in 0..<(try self.reader.array()) { shapes.append(try RecordShape(&self.reader)) }
    guard Set(shapes).count == shapes.count else { throw CBORError(.notDeterministic, at: start) }
    self.shapes = shapes
  }

  /// Throws where a shape is not used, or bytes are left.
  func finish() throws(CBORError) {
    guard usedShapes == shapes.count else { throw CBORError(.notDeterministic, at: reader.offset) }
    try reader.finish()
  }

  mutating func operation() throws(CBORError) -> LoggedOperation {
    let start = reader.offset
    let items = try reader.array()
    let operation: LoggedOperation
    let expected: Int
    if reader.kind == .negative {
      let code = try reader.integer(in: Int64(-24)...(-1))
      (operation, expected) = try spelled(code: UInt64(-code), at: start)
    } else {
      let number = try reader.integer(in: 0...shapes.count)
      guard number <= usedShapes, number < shapes.count else {
        throw CBORError(.notDeterministic, at: start)
      }
      usedShapes = max(usedShapes, number + 1)
      (operation, expected) = try shaped(shapes[number], at: start)
    }
    guard items == expected else { throw CBORError(.unexpected, at: start) }
    switch operation {
    case .createNode(let node, _, _, _): context.note(node: node)
    case .createEdge(let edge, _, let from, let to, _): context.note(edge: edge, from: from, to: to)
    default: break
    }
    count += 1
    return operation
  }

  // MARK: By shape

  private mutating func shaped(
    _ shape: RecordShape, at start: Int
  ) throws(CBORError) -> (LoggedOperation, Int) {
    switch shape {
    case .node(let labels, let hasKey, let names):
      guard let next = context.nextNode, next < NodeID.limit else {
        throw CBORError(.outOfRange, at: start)
      }
      let key = hasKey ? try reader.text() : nil
      let properties = try values(names)
      return (
        .createNode(NodeID(next), labels: labels, key: key, properties: properties),
        1 + (hasKey ? 1 : 0) + names.count
      )
    case .edge(let type, let names):
      guard let next = context.nextEdge, next < EdgeID.limit else {
        throw CBORError(.outOfRange, at: start)
      }
      let from = try near(context.from)
      let to = try near(context.to)
      let properties = try values(names)
      return (
        .createEdge(EdgeID(next), type: type, from: from, to: to, properties: properties),
        3 + names.count
      )
    }
  }

  /// A node by its distance from another.
  private mutating func near(_ other: UInt64) throws(CBORError) -> NodeID {
    let limit = Int64(NodeID.limit)
    let place = reader.offset
    let distance = try reader.integer(in: -limit...limit)
    let node = Int64(other) + distance
    guard node >= 0, node < limit else { throw CBORError(.outOfRange, at: place) }
    return NodeID(UInt64(node))
  }

  private mutating func values(_ names: [Text]) throws(CBORError) -> [Property] {
    var result: [Property] = []
    result.reserveCapacity(names.count)
    for (index, name) in names.enumerated() { result.append(try property(name, index)) }
    return result
  }

  // MARK: Spelled

  /// The operation after its code, and how many items its array must have had.
  private mutating func spelled(
    code: UInt64, at start: Int
  ) throws(CBORError) -> (LoggedOperation, Int) {
    switch code {
    case OperationCode.createNode:
      let node = try node()
      guard context.nextNode != node.rawValue else { throw CBORError(.notDeterministic, at: start) }
      let labels = try texts()
      let key: Text? = reader.null() ? nil : try reader.text()
      return (.createNode(node, labels: labels, key: key, properties: try properties()), 5)
    case OperationCode.createEdge:
      let edge = try edge()
      guard context.nextEdge != edge.rawValue else { throw CBORError(.notDeterministic, at: start) }
      let type = try reader.text()
      let (from, to) = (try node(), try node())
      return (
        .createEdge(edge, type: type, from: from, to: to, properties: try properties()), 6
      )
    case OperationCode.setNodeProperty:
      return (.setNodeProperty(try node(), try property(try reader.text(), 0)), 4)
    case OperationCode.setEdgeProperty:
      return (.setEdgeProperty(try edge(), try property(try reader.text(), 0)), 4)
    case OperationCode.addLabel: return (.addLabel(try node(), try reader.text()), 3)
    case OperationCode.removeLabel: return (.removeLabel(try node(), try reader.text()), 3)
    case OperationCode.deleteNode: return (.deleteNode(try node()), 2)
    case OperationCode.deleteEdge: return (.deleteEdge(try edge()), 2)
    case OperationCode.defineSchema: return (.defineSchema(try reader.graphType()), 2)
    case OperationCode.createIndex: return (.createIndex(try reader.index()), 2)
    case OperationCode.dropIndex: return (.dropIndex(name: try reader.text()), 2)
    case OperationCode.trail: return (.trail(try reader.trailEntry()), 5)
    default: throw CBORError(.unexpected, at: start)
    }
  }

  private mutating func node() throws(CBORError) -> NodeID {
    NodeID(try reader.integer(in: 0...NodeID.limit - 1))
  }

  private mutating func edge() throws(CBORError) -> EdgeID {
    EdgeID(try reader.integer(in: 0...EdgeID.limit - 1))
  }

  private mutating func texts() throws(CBORError) -> [Text] {
    var result: [Text] = []
    for _ in 0..<(try reader.array()) { result.append(try reader.text()) }
    return result
  }

  private mutating func properties() throws(CBORError) -> [Property] {
    let start = reader.offset
    let items = try reader.array()
    guard items % 2 == 0 else { throw CBORError(.unexpected, at: start) }
    var result: [Property] = []
    for index in 0..<items / 2 { result.append(try property(try reader.text(), index)) }
    return result
  }

  /// A property whose name was read or is known.
  private mutating func property(_ name: Text, _ index: Int) throws(CBORError) -> Property {
    var ahead = reader
    if reader.kind == .tag, try ahead.tag() == OperationCode.withheldTag {
      let position = ValuePosition(operation: count, property: index)
      withheld[position] = try ahead.digest()
      reader = ahead
      return Property(name, .null)
    }
    return Property(name, try reader.value())
  }
}
