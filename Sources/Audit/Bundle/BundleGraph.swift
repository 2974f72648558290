// The graph that a bundle shows: for a whole log what the store has at the checkpoint, for a part
// what the records of the part say by themselves, so that a reader can make it again from them.

import Base
import Graph

/// A node as a bundle has it.
struct BundleNode: Sendable {
  var id: UInt64
  var key: Text?
  /// In the order of their bytes.
  var labels: [Text]
  var created: UInt64
  /// Without the key.
  var properties: [Property]

  /// How other files of the bundle call it.
  var name: String { key?.string ?? "n\(id)" }

  subscript(name: Text) -> Value { properties.first { $0.name == name }?.value ?? .null }

  /// The text of a property, where it is one.
  func text(_ name: Text) -> String? {
    if case .string(let text) = self[name] { text.string } else { nil }
  }
}

/// An edge as a bundle has it.
struct BundleEdge: Sendable {
  var id: UInt64
  var type: Text
  var from: UInt64
  var to: UInt64
  var created: UInt64
  var properties: [Property]
}

/// An edge as it is met from one of its ends.
struct BundleLink {
  var type: Text
  var neighbour: UInt64
  var isOutgoing: Bool
}

/// The nodes and edges of a bundle. Shared by all threads once it is made.
struct BundleGraph: Sendable {
  /// What the records of a part say; `nil` for a whole log, which is read from the store.
  struct Part: Sendable {
    fileprivate(set) var nodes: [UInt64: BundleNode] = [:]
    fileprivate(set) var edges: [UInt64: BundleEdge] = [:]
    /// The edges at each node, in the order of their numbers.
    fileprivate var links: [UInt64: [UInt64]] = [:]
  }

  private(set) var part: Part?

  init(isPart: Bool) { part = isPart ? Part() : nil }

  /// A node as it is at the checkpoint; `nil` where it is not there.
  func node(_ id: UInt64, _ view: borrowing GraphView) throws -> BundleNode? {
    if let part { return part.nodes[id] }
    guard try view.exists(NodeID(id)) else { return nil }
    let key = try view.key(of: NodeID(id))
    var properties = try Self.named(try view.properties(of: NodeID(id)), view)
    if key != nil { properties.removeAll { $0.name == "key" } }
    return BundleNode(
      id: id, key: key,
      labels: try view.labels(of: NodeID(id)).map { try view.name(of: $0) }.sorted(),
      created: try view.creation(of: NodeID(id))?.rawValue ?? 0, properties: properties)
  }

  /// An edge as it is at the checkpoint; `nil` where it is not there.
  func edge(_ id: UInt64, _ view: borrowing GraphView) throws -> BundleEdge? {
    if let part { return part.edges[id] }
    guard let ends = try view.edge(EdgeID(id)), let created = try view.creation(of: EdgeID(id))
    else { return nil }
    return BundleEdge(
      id: id, type: try view.name(of: ends.type), from: ends.from.rawValue, to: ends.to.rawValue,
      created: created.rawValue, properties: try Self.named(view.properties(of: EdgeID(id)), view))
  }

  private static func named(
    _ properties: [(name: Symbol, value: Value)], _ view: borrowing GraphView
  ) throws -> [Property] {
    try properties.map { Property(try view.name(of: $0.name), $0.value) }
  }

  /// The edges at a node: those that leave it first.
  func links(of id: UInt64, _ view: borrowing GraphView) throws -> [BundleLink] {
    if let part {
      let edges = (part.links[id] ?? []).compactMap { part.edges[$0] }
      let leaving = edges.filter { $0.from == id }
      let arriving = edges.filter { $0.from != id }
      return leaving.map { BundleLink(type: $0.type, neighbour: $0.to, isOutgoing: true) }
        + arriving.map { BundleLink(type: $0.type, neighbour: $0.from, isOutgoing: false) }
    }
    var found: [AdjacentEdge] = []
    try view.expand(NodeID(id), .both, types: [], into: &found)
    return try found.map {
      BundleLink(
        type: try view.name(of: $0.type), neighbour: $0.neighbour.rawValue,
        isOutgoing: $0.isOutgoing)
    }
  }

  /// The key of a node, where it has one.
  func key(of node: UInt64, _ view: borrowing GraphView) throws -> Text? {
    if let part { return part.nodes[node]?.key }
    return try view.key(of: NodeID(node))
  }

  /// What other files call a node.
  func name(of node: UInt64, _ view: borrowing GraphView) throws -> String {
    try key(of: node, view)?.string ?? "n\(node)"
  }

  // MARK: A part

  /// Notes which edges are at each node, once all records of the part were applied.
  mutating func index() {
    guard let edges = part?.edges else { return }
    for edge in edges.values.sorted(by: { $0.id < $1.id }) {
      part?.links[edge.from, default: []].append(edge.id)
      if edge.to != edge.from { part?.links[edge.to, default: []].append(edge.id) }
    }
  }

  /// Takes in what a record of the part says.
  mutating func apply(_ record: LogRecord) {
    guard part != nil else { return }
    let number = record.header.transaction.rawValue
    for (index, operation) in record.operations.enumerated() {
      let values = operation.properties.enumerated().filter { offset, property in
        !property.value.isNull
          && record.withheld[ValuePosition(operation: index, property: offset)] == nil
      }.map(\.element)
      apply(operation, values, number)
    }
  }

  private mutating func apply(
    _ operation: LoggedOperation, _ values: [Property], _ number: UInt64
  ) {
    switch operation {
    case .createNode(let node, let labels, let key, _):
      part?.nodes[node.rawValue] = BundleNode(
        id: node.rawValue, key: key, labels: labels.sorted(), created: number, properties: values)
    case .createEdge(let edge, let type, let from, let to, _):
      part?.edges[edge.rawValue] = BundleEdge(
        id: edge.rawValue, type: type, from: from.rawValue, to: to.rawValue, created: number,
        properties: values)
    case .setNodeProperty(let node, let property):
      part?.nodes[node.rawValue]?.properties.removeAll { $0.name == property.name }
      part?.nodes[node.rawValue]?.properties += values
    case .setEdgeProperty(let edge, let property):
      part?.edges[edge.rawValue]?.properties.removeAll { $0.name == property.name }
      part?.edges[edge.rawValue]?.properties += values
    case .addLabel(let node, let label):
      part?.nodes[node.rawValue]?.labels.append(label)
      part?.nodes[node.rawValue]?.labels.sort()
    case .removeLabel(let node, let label):
      part?.nodes[node.rawValue]?.labels.removeAll { $0 == label }
    case .deleteNode(let node): part?.nodes[node.rawValue] = nil
    case .deleteEdge(let edge): part?.edges[edge.rawValue] = nil
    default: break
    }
  }
}
