// Operations as bytes that say everything. They are the committed form (a leaf of the operations'
// Merkle tree, with commitments in the places of values), and in the body of a record what is not
// written by its shape; there the code is negative.

import Base

/// The first number of each operation.
enum OperationCode {
  static let createNode: UInt64 = 1
  static let createEdge: UInt64 = 2
  static let setNodeProperty: UInt64 = 3
  static let setEdgeProperty: UInt64 = 4
  static let addLabel: UInt64 = 5
  static let removeLabel: UInt64 = 6
  static let deleteNode: UInt64 = 7
  static let deleteEdge: UInt64 = 8
  static let defineSchema: UInt64 = 9
  static let createIndex: UInt64 = 10
  static let dropIndex: UInt64 = 11
  static let trail: UInt64 = 12

  /// Marks a commitment where a value is withheld.
  static let withheldTag: UInt64 = 64510
}

/// Writes one operation; `value` writes what stands for the value of a property.
struct OperationWriter {
  var writer = CBORWriter()
  /// Whether this is the body of a record.
  var isBody = false

  mutating func write(
    _ operation: LoggedOperation, value: (inout CBORWriter, _ property: Int) -> Void
  ) {
    switch operation {
    case .createNode(let node, let labels, let key, let properties):
      start(OperationCode.createNode, 5, node.rawValue)
      writer.array(labels.count)
      for label in labels { writer.text(label) }
      if let key { writer.text(key) } else { writer.null() }
      write(properties, value)
    case .createEdge(let edge, let type, let from, let to, let properties):
      start(OperationCode.createEdge, 6, edge.rawValue)
      writer.text(type)
      writer.unsigned(from.rawValue)
      writer.unsigned(to.rawValue)
      write(properties, value)
    case .setNodeProperty(let node, let property):
      start(OperationCode.setNodeProperty, 4, node.rawValue)
      writer.text(property.name)
      value(&writer, 0)
    case .setEdgeProperty(let edge, let property):
      start(OperationCode.setEdgeProperty, 4, edge.rawValue)
      writer.text(property.name)
      value(&writer, 0)
    default: writeOther(operation)
    }
  }

  /// Operations without values.
  private mutating func writeOther(_ operation: LoggedOperation) {
    switch operation {
    case .addLabel(let node, let label):
      start(OperationCode.addLabel, 3, node.rawValue)
      writer.text(label)
    case .removeLabel(let node, let label):
      start(OperationCode.removeLabel, 3, node.rawValue)
      writer.text(label)
    case .deleteNode(let node): start(OperationCode.deleteNode, 2, node.rawValue)
    case .deleteEdge(let edge): start(OperationCode.deleteEdge, 2, edge.rawValue)
    case .defineSchema(let type):
      writer.array(2)
      code(OperationCode.defineSchema)
      writer.graphType(type)
    case .createIndex(let index):
      writer.array(2)
      code(OperationCode.createIndex)
      writer.index(index)
    case .dropIndex(let name):
      writer.array(2)
      code(OperationCode.dropIndex)
      writer.text(name)
    case .trail(let entry):
      writer.array(5)
      code(OperationCode.trail)
      writer.trailFields(entry)
    default: preconditionFailure("operations with values were written before")
    }
  }

  private mutating func start(_ code: UInt64, _ count: Int, _ identity: UInt64) {
    writer.array(count)
    self.code(code)
    writer.unsigned(identity)
  }

  private mutating func code(_ code: UInt64) {
    if isBody { writer.integer(-Int64(code)) } else { writer.unsigned(code) }
  }

  private mutating func write(
    _ properties: [Property], _ value: (inout CBORWriter, Int) -> Void
  ) {
    writer.array(properties.count * 2)
    for (index, property) in properties.enumerated() {
      writer.text(property.name)
      value(&writer, index)
    }
  }
}
