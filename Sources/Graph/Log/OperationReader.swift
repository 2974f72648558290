// Reads the operations of a record's body. Never traps, whatever the bytes.

import Base

/// Reads operations one after another, noting which values are withheld.
struct OperationReader {
  var reader: CBORReader
  /// The number of operations read.
  private(set) var count = 0
  private(set) var withheld: [ValuePosition: Digest] = [:]

  init(_ reader: CBORReader) { self.reader = reader }

  mutating func operation() throws(CBORError) -> LoggedOperation {
    let start = reader.offset
    let items = try reader.array()
    let code = try reader.unsigned()
    let (operation, expected) = try body(code, at: start)
    guard items == expected else { throw CBORError(.unexpected, at: start) }
    count += 1
    return operation
  }

  /// The operation after its code, and how many items its array must have had.
  private mutating func body(
    _ code: UInt64, at start: Int
  ) throws(CBORError) -> (LoggedOperation, Int) {
    switch code {
    case OperationCode.createNode:
      let node = try node()
      let labels = try texts()
      let key: Text? = reader.null() ? nil : try reader.text()
      return (.createNode(node, labels: labels, key: key, properties: try properties()), 5)
    case OperationCode.createEdge:
      let edge = try edge()
      let type = try reader.text()
      let (from, to) = (try node(), try node())
      return (
        .createEdge(edge, type: type, from: from, to: to, properties: try properties()), 6
      )
    case OperationCode.setNodeProperty:
      return (.setNodeProperty(try node(), try property(0)), 4)
    case OperationCode.setEdgeProperty:
      return (.setEdgeProperty(try edge(), try property(0)), 4)
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
    for index in 0..<items / 2 { result.append(try property(index)) }
    return result
  }

  private mutating func property(_ index: Int) throws(CBORError) -> Property {
    let name = try reader.text()
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
