// What a record holds of an operation: every reference resolved, names spelled in full, in the
// order in which they were carried out. A replay needs nothing else but the record's header.

package import Base

/// One operation as the log keeps it. Nodes and edges are created in the order of their identities.
package enum LoggedOperation: Sendable, Hashable {
  /// `properties` are without the key, in the order in which they were given.
  case createNode(NodeID, labels: [Text], key: Text?, properties: [Property])
  case createEdge(EdgeID, type: Text, from: NodeID, to: NodeID, properties: [Property])
  /// A new version; `.null` ends the property.
  case setNodeProperty(NodeID, Property)
  case setEdgeProperty(EdgeID, Property)
  case addLabel(NodeID, Text)
  case removeLabel(NodeID, Text)
  /// The node has no edges left by then.
  case deleteNode(NodeID)
  case deleteEdge(EdgeID)
  case defineSchema(GraphType)
  case createIndex(IndexDefinition)
  case dropIndex(name: Text)
  case trail(TrailEntry)

  /// Whether it makes a node or an edge.
  var isCreation: Bool {
    switch self {
    case .createNode, .createEdge: true
    default: false
    }
  }

  /// The values that are committed to with a salt each, in order.
  package var properties: [Property] {
    switch self {
    case .createNode(_, _, _, let properties), .createEdge(_, _, _, _, let properties): properties
    case .setNodeProperty(_, let property), .setEdgeProperty(_, let property): [property]
    default: []
    }
  }
}

/// The place of a value in a record: which operation, and which of its properties, from 0.
package struct ValuePosition: Sendable, Hashable, Comparable {
  package var operation: Int
  package var property: Int

  package init(operation: Int, property: Int) {
    self.operation = operation
    self.property = property
  }

  package static func < (left: ValuePosition, right: ValuePosition) -> Bool {
    (left.operation, left.property) < (right.operation, right.property)
  }
}
