// What a transaction is made of. The log spells names in full; symbols are assigned by the
// projection.

public import Base

/// One change to the graph, as a caller asks for it.
public enum Operation: Sendable, Hashable {
  /// The key is made from the schema's prefix for the label unless `key` names one.
  case createNode(labels: [Text], key: Text?, properties: [Property])
  case createEdge(type: Text, from: NodeReference, to: NodeReference, properties: [Property])
  /// A new version of a property; `.null` ends it.
  case setProperty(of: EntityReference, Property)
  case addLabel(NodeReference, Text)
  case removeLabel(NodeReference, Text)
  /// Refused while the node has edges; `detach` deletes these too.
  case deleteNode(NodeReference, detach: Bool)
  case deleteEdge(EdgeReference)
  case defineSchema(GraphType)
  case createIndex(IndexDefinition)
  case dropIndex(name: Text)
  /// A statement about the log itself.
  case trail(TrailEntry)

  /// Whether it makes a node or an edge.
  var isCreation: Bool {
    switch self {
    case .createNode, .createEdge: true
    default: false
    }
  }
}

/// A property's name and value.
public struct Property: Sendable, Hashable {
  public var name: Text
  public var value: Value

  public init(_ name: Text, _ value: Value) {
    self.name = name
    self.value = value
  }
}
