// Resolves and checks the operations of one transaction: references and keys, existence, schema.
// It writes nothing, so that a request is refused as a whole or applied as a whole. What comes out
// is a list of changes that cannot be refused any more.
//
// The same code serves requests (everything is prepared before anything is applied) and Cypher's
// writes (each operation is applied at once): it reads what is pending first, then the graph.

import Base

/// A transaction being prepared.
final class Preparation {
  @exclusivity(unchecked) var nodes: PendingNodes
  @exclusivity(unchecked) var edges: PendingEdges
  /// The schema as of the operations so far.
  @exclusivity(unchecked) var schema: CompiledSchema?
  /// The names of the indexes in force as of the operations so far.
  var indexNames: Set<Text>
  /// The indexes in force, for uniqueness.
  var indexes: [IndexRecord]
  /// Keys given to nodes of this transaction, and the last number per prefix.
  @exclusivity(unchecked) var keys: [Text: NodeID] = [:]
  var keyCounters: [Text: UInt64]
  /// Deleted without their edges: these must be gone by the end.
  var deletedAlone: [NodeID] = []
  /// New edges per end, for deletions in the same transaction; of the first `indexedEdges`.
  var newEdgesByNode: [NodeID: [EdgeID]] = [:]
  var indexedEdges = 0
  @exclusivity(unchecked) var changes: [LoggedOperation] = []
  /// What is checked at the moment, for who knows where it came from.
  @exclusivity(unchecked) var subject = Subject()
  /// Whether everything was found to be right.
  var isFinished = false

  /// A node or an edge of the transaction, and which of its properties.
  struct Subject {
    var node: NodeID?
    var edge: EdgeID?
    var property: Text?
  }

  init(_ projector: Projector) {
    nodes = PendingNodes(first: projector.head.nodeLimit)
    edges = PendingEdges(first: projector.head.edgeLimit)
    schema = projector.schema
    let catalogue = projector.currentCatalogue
    indexes = catalogue.indexesInForce
    indexNames = catalogue.indexNames
    keyCounters = projector.keyCounters
  }

  /// Prepares one operation; its changes are appended to `changes`.
  func prepare(
    _ operation: Operation, _ view: borrowing GraphView
  ) throws -> AppliedOperation {
    let before = changes.count
    guard before < WriteLimits.operations else {
      throw StemmaError(
        .limitReached, "a transaction may have \(WriteLimits.operations) operations",
        advice: "divide it")
    }
    var applied = AppliedOperation()
    switch operation {
    case .createNode(let labels, let key, let properties):
      try createNode(labels, key, properties, view, &applied)
    case .createEdge(let type, let from, let to, let properties):
      applied.edge = try createEdge(type, from, to, properties, view)
    case .setProperty(.node(let reference), let property):
      try setProperty(property, ofNode: try resolve(reference, view), view)
    case .setProperty(.edge(let reference), let property):
      try setProperty(property, ofEdge: try resolve(reference, view), view)
    case .addLabel(let reference, let label):
      try setLabel(label, true, of: try resolve(reference, view), view)
    case .removeLabel(let reference, let label):
      try setLabel(label, false, of: try resolve(reference, view), view)
    case .deleteNode(let reference, let detach):
      try deleteNode(try resolve(reference, view), detach, view, &applied)
    case .deleteEdge(let reference): try deleteEdge(try resolve(reference, view), view)
    case .defineSchema(let type): try defineSchema(type)
    case .createIndex(let definition): try createIndex(definition)
    case .dropIndex(let name): try dropIndex(name)
    case .trail(let entry): try addTrailEntry(entry, view)
    }
    applied.changedAnything = changes.count > before
    if let last = changes.last, before > 0, last.isDefinition != changes[before - 1].isDefinition {
      throw StemmaError(
        .writeRejected, "a transaction defines schemas and indexes or changes data, not both",
        advice: "define them in a transaction of their own, before")
    }
    return applied
  }

  // MARK: References

  /// The node that a reference means; throws where there is none or it was deleted.
  func resolve(_ reference: NodeReference, _ view: borrowing GraphView) throws -> NodeID {
    switch reference {
    case .id(let node):
      // Most edges of a load name nodes that it does not touch otherwise: no labels are read.
      if nodes[node] == nil, node.rawValue < nodes.first, try view.exists(node) { return node }
      _ = try pendingNode(node, view)
      return node
    case .key(let key):
      if let node = keys[key] { return node }
      if let node = try view.node(key: key), nodes[node]?.isEnded != true { return node }
      throw StemmaError(
        .keyNotFound, "there is no node with the key `\(key)`", advice: "check the key")
    case .new(let index):
      guard index >= 0, index < nodes.created.count else {
        throw StemmaError(
          .writeRejected, "an operation names new node \(index), which is not created before it",
          advice: "create the node first; the first one has the number 0")
      }
      let node = NodeID(nodes.first + UInt64(index))
      _ = try pendingNode(node, view)
      return node
    }
  }

  /// The edge that a reference means; throws where there is none or it was deleted.
  func resolve(_ reference: EdgeReference, _ view: borrowing GraphView) throws -> EdgeID {
    switch reference {
    case .id(let edge):
      _ = try pendingEdge(edge, view)
      return edge
    case .new(let index):
      guard index >= 0, index < edges.created.count else {
        throw StemmaError(
          .writeRejected, "an operation names new edge \(index), which is not created before it",
          advice: "create the edge first; the first one has the number 0")
      }
      let edge = EdgeID(edges.first + UInt64(index))
      _ = try pendingEdge(edge, view)
      return edge
    }
  }

  /// What the transaction knows of a node, starting from the graph.
  func pendingNode(_ node: NodeID, _ view: borrowing GraphView) throws -> PendingNode {
    if let pending = nodes[node] {
      guard !pending.isEnded else { throw Self.deleted("node \(node.rawValue)") }
      return pending
    }
    guard node.rawValue < nodes.first, try view.exists(node) else {
      throw StemmaError(
        .writeRejected, "there is no node \(node.rawValue)", advice: "it may have been deleted")
    }
    let labels = try view.labels(of: node).map { try view.name(of: $0) }
    return PendingNode(isNew: false, labels: labels, properties: [], needsCheck: false)
  }

  /// What the transaction knows of an edge, starting from the graph.
  func pendingEdge(_ edge: EdgeID, _ view: borrowing GraphView) throws -> PendingEdge {
    if let pending = edges[edge] {
      guard !pending.isEnded else { throw Self.deleted("edge \(edge.rawValue)") }
      return pending
    }
    guard edge.rawValue < edges.first, let ends = try view.edge(edge) else {
      throw StemmaError(
        .writeRejected, "there is no edge \(edge.rawValue)", advice: "it may have been deleted")
    }
    return PendingEdge(
      isNew: false, type: try view.name(of: ends.type), from: ends.from, to: ends.to, kind: nil,
      properties: [], needsCheck: false)
  }

  static func deleted(_ what: String) -> StemmaError {
    StemmaError(
      .writeRejected, "\(what) was deleted earlier in this transaction",
      advice: "change it before it is deleted, or not at all",
      classification: CypherClassification(
        type: "EntityNotFound", phase: .runtime, detail: "DeletedEntityAccess"))
  }

  // MARK: Checks of form

  static func check(name: Text, what: String) throws {
    guard !name.isEmpty, name.utf8Count <= WriteLimits.nameBytes else {
      throw StemmaError(
        .writeRejected, "a \(what) has 1 to \(WriteLimits.nameBytes) bytes",
        advice: "choose another name")
    }
  }

  static func check(_ property: Property) throws {
    try check(name: property.name, what: "property name")
    guard PropertyCodec.isStorable(property.value) else {
      throw StemmaError(
        .writeRejected,
        "the property `\(property.name)` may not hold a \(property.value.typeName)"
          + " like this", advice: "properties hold plain values and lists of plain values")
    }
    let size =
      switch property.value {
      case .string(let text): text.utf8Count
      case .bytes(let bytes): bytes.count
      case .list(let elements): elements.count
      default: 0
      }
    guard size <= WriteLimits.valueBytes else {
      throw StemmaError(
        .limitReached,
        "the property `\(property.name)` is larger than"
          + " \(WriteLimits.valueBytes >> 20) MiB", advice: "store it as an object")
    }
  }
}
