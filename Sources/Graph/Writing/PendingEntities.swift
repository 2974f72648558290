// What a transaction under way has done so far to the nodes and edges it touches. Preparation
// reads through it, so that a later operation of the same transaction sees the earlier ones whether
// or not they are applied yet.

import Base

/// A node that the transaction created or touched.
struct PendingNode {
  var isNew: Bool
  var labels: [Text]
  /// All properties of a new node, else those that changed; null where one was ended.
  var properties: [Property]
  var isEnded = false
  /// Whether the end of the transaction must look at labels and required properties again.
  var needsCheck: Bool

  func property(_ name: Text) -> Value? { properties.first { $0.name == name }?.value }

  mutating func set(_ property: Property) {
    if let index = properties.firstIndex(where: { $0.name == property.name }) {
      properties[index].value = property.value
    } else {
      properties.append(property)
    }
  }
}

/// An edge that the transaction created or touched.
struct PendingEdge {
  var isNew: Bool
  var type: Text
  var from: NodeID
  var to: NodeID
  /// The schema's rule for it, where there is one.
  var kind: CompiledSchema.EdgeKind?
  /// All properties of a new edge, else those that changed; null where one was ended.
  var properties: [Property]
  var isEnded = false
  var needsCheck: Bool

  func property(_ name: Text) -> Value? { properties.first { $0.name == name }?.value }

  mutating func set(_ property: Property) {
    if let index = properties.firstIndex(where: { $0.name == property.name }) {
      properties[index].value = property.value
    } else {
      properties.append(property)
    }
  }
}

/// The pending nodes: new ones in an array, since they are dense, others by identity.
struct PendingNodes {
  let first: UInt64
  private(set) var created: [PendingNode] = []
  private(set) var touched: [NodeID: PendingNode] = [:]

  init(first: UInt64) { self.first = first }

  /// The identity of the next new node.
  var next: NodeID { NodeID(first + UInt64(created.count)) }

  subscript(node: NodeID) -> PendingNode? {
    get {
      guard node.rawValue >= first else { return touched[node] }
      let index = node.rawValue - first
      return index < UInt64(created.count) ? created[Int(index)] : nil
    }
    set {
      if node.rawValue >= first {
        created[Int(node.rawValue - first)] = newValue!
      } else {
        touched[node] = newValue
      }
    }
  }

  mutating func append(_ node: PendingNode) { created.append(node) }
}

/// The pending edges: new ones in an array, others by identity.
struct PendingEdges {
  let first: UInt64
  private(set) var created: [PendingEdge] = []
  private(set) var touched: [EdgeID: PendingEdge] = [:]

  init(first: UInt64) { self.first = first }

  /// The identity of the next new edge.
  var next: EdgeID { EdgeID(first + UInt64(created.count)) }

  subscript(edge: EdgeID) -> PendingEdge? {
    get {
      guard edge.rawValue >= first else { return touched[edge] }
      let index = edge.rawValue - first
      return index < UInt64(created.count) ? created[Int(index)] : nil
    }
    set {
      if edge.rawValue >= first {
        created[Int(edge.rawValue - first)] = newValue!
      } else {
        touched[edge] = newValue
      }
    }
  }

  mutating func append(_ edge: PendingEdge) { created.append(edge) }
}
