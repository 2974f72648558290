// What the operations of a record that create nodes or edges have in common. It is spelled once per
// record; each operation then names the shape and gives what is its own.

package import Base

/// The labels and property names of a node, or the type and property names of an edge.
package enum RecordShape: Hashable, Sendable {
  case node(labels: [Text], hasKey: Bool, names: [Text])
  case edge(type: Text, names: [Text])

  static let nodeKind: UInt64 = 1
  static let edgeKind: UInt64 = 2

  /// Whether an operation that creates has this shape.
  func fits(_ operation: LoggedOperation) -> Bool {
    switch (self, operation) {
    case (.node(let labels, let hasKey, let names), .createNode(_, let others, let key, let held)):
      hasKey == (key != nil) && Self.fit(names, held) && labels == others
    case (.edge(let type, let names), .createEdge(_, let other, _, _, let held)):
      Self.fit(names, held) && type == other
    default: false
    }
  }

  private static func fit(_ names: [Text], _ properties: [Property]) -> Bool {
    guard names.count == properties.count else { return false }
    for index in names.indices where names[index] != properties[index].name { return false }
    return true
  }

  /// The shape of an operation that creates; `nil` for others.
  package init?(of operation: LoggedOperation) {
    switch operation {
    case .createNode(_, let labels, let key, let properties):
      self = .node(labels: labels, hasKey: key != nil, names: properties.map(\.name))
    case .createEdge(_, let type, _, _, let properties):
      self = .edge(type: type, names: properties.map(\.name))
    default: return nil
    }
  }

  func write(to writer: inout CBORWriter) {
    switch self {
    case .node(let labels, let hasKey, let names):
      writer.array(4)
      writer.unsigned(Self.nodeKind)
      Self.write(labels, to: &writer)
      writer.boolean(hasKey)
      Self.write(names, to: &writer)
    case .edge(let type, let names):
      writer.array(3)
      writer.unsigned(Self.edgeKind)
      writer.text(type)
      Self.write(names, to: &writer)
    }
  }

  private static func write(_ texts: [Text], to writer: inout CBORWriter) {
    writer.array(texts.count)
    for text in texts { writer.text(text) }
  }

  init(_ reader: inout CBORReader) throws(CBORError) {
    let start = reader.offset
    let items = try reader.array()
    switch (try reader.unsigned(), items) {
    case (Self.nodeKind, 4):
      let labels = try Self.texts(&reader)
      let hasKey = try reader.boolean()
      self = .node(labels: labels, hasKey: hasKey, names: try Self.texts(&reader))
    case (Self.edgeKind, 3):
      let type = try reader.text()
      self = .edge(type: type, names: try Self.texts(&reader))
    default: throw CBORError(.unexpected, at: start)
    }
  }

  private static func texts(_ reader: inout CBORReader) throws(CBORError) -> [Text] {
    var result: [Text] = []
    for _ in 0..<(try reader.array()) { result.append(try reader.text()) }
    return result
  }
}

/// What the place of an operation in its record says without words: identities count up, and ends
/// of edges lie near those of the edge before.
struct RecordContext {
  /// The identities that the next created node and edge have, unless an operation says otherwise.
  private(set) var nextNode: UInt64?
  private(set) var nextEdge: UInt64?
  /// The ends of the edge created last.
  private(set) var from: UInt64 = 0
  private(set) var to: UInt64 = 0

  mutating func note(node: NodeID) { nextNode = node.rawValue + 1 }

  mutating func note(edge: EdgeID, from: NodeID, to: NodeID) {
    nextEdge = edge.rawValue + 1
    self.from = from.rawValue
    self.to = to.rawValue
  }
}
