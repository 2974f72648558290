// Preparing what happens to edges, and the end of a transaction.

import Base

extension Preparation {
  func createEdge(
    _ type: Text, _ fromReference: NodeReference, _ toReference: NodeReference,
    _ properties: [Property], _ view: borrowing GraphView
  ) throws -> EdgeID {
    subject = Subject(edge: edges.next)
    try Self.check(name: type, what: "edge type")
    let from = try resolve(fromReference, view)
    let to = try resolve(toReference, view)
    let edge = edges.next
    guard edge.rawValue < EdgeID.limit else {
      throw StemmaError(.limitReached, "the store has no edge identities left")
    }
    guard properties.count <= WriteLimits.properties else {
      throw StemmaError(.limitReached, "an edge has too many properties")
    }
    let kind = try edgeKind(type, from, to, view)
    if let kind, kind.isManyToOne, try hasEdge(type, from, view) {
      throw schema!.secondEdge(type, kind)
    }
    var kept: [Property] = []
    for property in properties {
      subject.property = property.name
      try Self.check(property)
      var value = property.value
      if let kind, let schema { value = try schema.check(property, ofEdge: type, kind) }
      guard !kept.contains(where: { $0.name == property.name }) else {
        throw StemmaError(.writeRejected, "the property `\(property.name)` is given twice")
      }
      if !value.isNull { kept.append(Property(property.name, value)) }
    }
    edges.append(
      PendingEdge(
        isNew: true, type: type, from: from, to: to, kind: kind, properties: kept,
        needsCheck: kind != nil))
    changes.append(.createEdge(edge, type: type, from: from, to: to, properties: kept))
    return edge
  }

  /// Whether preparing an operation may read the neighbours that a node has in the store, so that
  /// what is held back of them must be written before.
  static func readsNeighbours(_ operation: Operation, hasSchema: Bool, first: UInt64) -> Bool {
    switch operation {
    case .deleteNode: true
    case .createEdge(_, .new, _, _): false
    case .createEdge(_, .id(let node), _, _): hasSchema && node.rawValue < first
    case .createEdge(_, .key, _, _): hasSchema
    default: false
    }
  }

  /// The edges of a node that this transaction created.
  func newEdges(of node: NodeID) -> [EdgeID] {
    // Most transactions never ask.
    for index in indexedEdges..<edges.created.count {
      let (edge, pending) = (EdgeID(edges.first + UInt64(index)), edges.created[index])
      newEdgesByNode[pending.from, default: []].append(edge)
      if pending.to != pending.from { newEdgesByNode[pending.to, default: []].append(edge) }
    }
    indexedEdges = edges.created.count
    return newEdgesByNode[node] ?? []
  }

  private func edgeKind(
    _ type: Text, _ from: NodeID, _ to: NodeID, _ view: borrowing GraphView
  ) throws -> CompiledSchema.EdgeKind? {
    guard let schema else { return nil }
    let fromLabels = try pendingNode(from, view).labels
    return try schema.edgeKind(type, from: fromLabels, to: try pendingNode(to, view).labels)
  }

  /// Whether a node has an edge of a type that starts at it.
  private func hasEdge(
    _ type: Text, _ from: NodeID, _ view: borrowing GraphView
  ) throws -> Bool {
    for edge in newEdges(of: from) {
      if let pending = edges[edge], pending.type == type, pending.from == from, !pending.isEnded {
        return true
      }
    }
    guard from.rawValue < nodes.first, let symbol = try view.symbol(for: type) else {
      return false
    }
    var adjacent: [AdjacentEdge] = []
    try view.expand(from, .outgoing, types: [symbol], into: &adjacent)
    return adjacent.contains { edges[$0.edge]?.isEnded != true }
  }

  func setProperty(
    _ property: Property, ofEdge edge: EdgeID, _ view: borrowing GraphView
  ) throws {
    try Self.check(property)
    var pending = try pendingEdge(edge, view)
    var value = property.value
    if let schema {
      let kind = try pending.kind ?? edgeKind(pending.type, pending.from, pending.to, view)!
      pending.kind = kind
      value = try schema.check(property, ofEdge: pending.type, kind)
    }
    let current = try pending.property(property.name) ?? storedValue(property.name, edge, view)
    if PropertyCodec.isSame(value, current) { return }
    pending.set(Property(property.name, value))
    if value.isNull { pending.needsCheck = true }
    edges[edge] = pending
    changes.append(.setEdgeProperty(edge, Property(property.name, value)))
  }

  private func storedValue(
    _ name: Text, _ edge: EdgeID, _ view: borrowing GraphView
  ) throws -> Value {
    guard edge.rawValue < edges.first, let symbol = try view.symbol(for: name) else {
      return .null
    }
    return try view.property(symbol, of: edge)
  }

  func deleteEdge(_ edge: EdgeID, _ view: borrowing GraphView) throws {
    var pending = try pendingEdge(edge, view)
    pending.isEnded = true
    edges[edge] = pending
    changes.append(.deleteEdge(edge))
  }

  // MARK: The end of the transaction

  /// The checks that only the whole transaction can answer: required properties, the labels and
  /// properties of relabelled nodes, edges of deleted nodes, unique values.
  func finish(_ view: borrowing GraphView) throws {
    for node in deletedAlone {
      guard try liveEdges(of: node, view).isEmpty else {
        throw StemmaError(
          .writeRejected, "node \(node.rawValue) still has edges and cannot be deleted",
          advice: "delete its edges too, for example with DETACH DELETE")
      }
    }
    if let schema { try check(schema, view) }
    try checkUnique(view)
    isFinished = true
  }

  private func check(_ schema: CompiledSchema, _ view: borrowing GraphView) throws {
    for (index, pending) in nodes.created.enumerated() where pending.needsCheck {
      try check(pending, NodeID(nodes.first + UInt64(index)), schema, view)
    }
    for (node, pending) in nodes.touched.sorted(by: { $0.key < $1.key })
    where pending.needsCheck {
      try check(pending, node, schema, view)
    }
    for (index, pending) in edges.created.enumerated() where pending.needsCheck {
      try check(pending, EdgeID(edges.first + UInt64(index)), schema, view)
    }
    for (edge, pending) in edges.touched.sorted(by: { $0.key < $1.key })
    where pending.needsCheck {
      try check(pending, edge, schema, view)
    }
  }

  private func check(
    _ pending: PendingNode, _ node: NodeID, _ schema: CompiledSchema, _ view: borrowing GraphView
  ) throws {
    if pending.isEnded { return }
    if !pending.isNew {
      for (name, value) in try view.properties(of: node) {
        let property = Property(try view.name(of: name), value)
        if pending.property(property.name)?.isNull == true { continue }
        _ = try schema.check(property, ofNode: pending.labels)
      }
    }
    subject = Subject(node: node)
    try schema.checkRequired(ofNode: pending.labels) { name in
      subject.property = name
      return try !(pending.property(name) ?? storedValue(name, node, view)).isNull
    }
  }

  private func check(
    _ pending: PendingEdge, _ edge: EdgeID, _ schema: CompiledSchema, _ view: borrowing GraphView
  ) throws {
    guard !pending.isEnded, let kind = pending.kind else { return }
    subject = Subject(edge: edge)
    try schema.checkRequired(ofEdge: pending.type, kind) { name in
      subject.property = name
      return try !(pending.property(name) ?? storedValue(name, edge, view)).isNull
    }
  }
}
