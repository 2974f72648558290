// What an operation comes to once every reference is resolved and every value checked: the form that
// the log keeps and that projections are made from. Applying a change cannot be refused.

import Base

/// One resolved change. Nodes and edges are created in the order of their identities.
enum Change: Hashable, Sendable {
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
}
