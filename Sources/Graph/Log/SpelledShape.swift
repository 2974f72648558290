// The bytes that operations of one shape have in common when they are spelled in full: for whoever
// writes many of them without making an operation of each.

import Base

/// The parts of a spelled operation that creates, around identity, key, ends and values.
struct SpelledShape {
  let isNode: Bool
  /// Before the identity: the head of the array and the code.
  let start: [UInt8]
  /// After it: labels, or the type.
  let names: [UInt8]
  /// The name of each property.
  let properties: [[UInt8]]

  init(_ shape: RecordShape) {
    var start = CBORWriter()
    var names = CBORWriter()
    switch shape {
    case .node(let labels, _, _):
      isNode = true
      start.array(5)
      start.unsigned(OperationCode.createNode)
      names.array(labels.count)
      for label in labels { names.text(label) }
    case .edge(let type, _):
      isNode = false
      start.array(6)
      start.unsigned(OperationCode.createEdge)
      names.text(type)
    }
    self.start = start.bytes
    self.names = names.bytes
    properties = shape.names.map { name in
      var writer = CBORWriter()
      writer.text(name)
      return writer.bytes
    }
  }
}
