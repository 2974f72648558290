// The operations of a record as its body has them. An operation that creates the node or edge which
// is next is written by its shape; any other begins with its code, negative, and says everything.

import Base

/// Writes the body of a record: the shapes, then the operations.
struct BodyWriter {
  private var operations = CBORWriter()
  private var shapes = ShapeNumbers()
  private var context = RecordContext()

  /// `reserve` bytes are expected.
  init(reserve: Int) { operations.reserve(reserve) }

  /// Appends the array of shapes and the array of operations.
  static func write(
    _ operations: [LoggedOperation], to writer: inout CBORWriter,
    value: (inout CBORWriter, ValuePosition, Value) -> Void
  ) {
    var body = BodyWriter(reserve: operations.count * 48)
    for (index, operation) in operations.enumerated() {
      body.add(operation) { writer, property in
        let position = ValuePosition(operation: index, property: property)
        value(&writer, position, operation.properties[property].value)
      }
    }
    writer.array(body.shapes.all.count)
    for shape in body.shapes.all { shape.write(to: &writer) }
    writer.array(operations.count)
    writer.encoded(body.operations.bytes)
  }

  private mutating func add(
    _ operation: LoggedOperation, _ value: (inout CBORWriter, _ property: Int) -> Void
  ) {
    switch operation {
    case .createNode(let node, _, let key, let properties):
      if context.nextNode == node.rawValue {
        let shape = shapes.nodeShape(operation)
        operations.array(1 + (key == nil ? 0 : 1) + properties.count)
        operations.unsigned(UInt64(shape))
        if let key { operations.text(key) }
        for index in properties.indices { value(&operations, index) }
      } else {
        spell(operation, value)
      }
      context.note(node: node)
    case .createEdge(let edge, _, let from, let to, let properties):
      if context.nextEdge == edge.rawValue {
        let shape = shapes.edgeShape(operation)
        operations.array(3 + properties.count)
        operations.unsigned(UInt64(shape))
        operations.integer(Int64(from.rawValue) - Int64(context.from))
        operations.integer(Int64(to.rawValue) - Int64(context.to))
        for index in properties.indices { value(&operations, index) }
      } else {
        spell(operation, value)
      }
      context.note(edge: edge, from: from, to: to)
    default: spell(operation, value)
    }
  }

  private mutating func spell(
    _ operation: LoggedOperation, _ value: (inout CBORWriter, Int) -> Void
  ) {
    var writer = OperationWriter(writer: operations, isBody: true)
    operations = CBORWriter()
    writer.write(operation, value: value)
    operations = writer.writer
  }
}

/// Numbers the shapes of a record in the order of their first use.
private struct ShapeNumbers {
  private(set) var all: [RecordShape] = []
  /// Those of shapes that are not looked at one by one.
  private var numbers: [RecordShape: Int] = [:]
  /// Where to look first: what comes next mostly looks like what came last.
  private var lastNode = 0
  private var lastEdge = 0

  mutating func nodeShape(_ operation: LoggedOperation) -> Int {
    lastNode = number(of: operation, near: lastNode)
    return lastNode
  }

  mutating func edgeShape(_ operation: LoggedOperation) -> Int {
    lastEdge = number(of: operation, near: lastEdge)
    return lastEdge
  }

  /// So many are looked at one by one.
  private static let fewShapes = 12

  private mutating func number(of operation: LoggedOperation, near last: Int) -> Int {
    if last < all.count, all[last].fits(operation) { return last }
    for other in 0..<min(all.count, Self.fewShapes) where all[other].fits(operation) {
      return other
    }
    guard let shape = RecordShape(of: operation) else { return last }
    if all.count >= Self.fewShapes {
      if let known = numbers[shape] { return known }
      numbers[shape] = all.count
    }
    all.append(shape)
    return all.count - 1
  }
}
