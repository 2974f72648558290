// The graph that a bundle shows: for a whole log what the store has at the checkpoint, for a part
// what the records of the part say by themselves, so that a reader can make it again from them.

import Base
import Graph

/// A node as a bundle has it.
struct BundleNode {
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
struct BundleEdge {
  var id: UInt64
  var type: Text
  var from: UInt64
  var to: UInt64
  var created: UInt64
  var properties: [Property]
}

/// The nodes and edges of a bundle, in the order of their numbers.
struct BundleGraph {
  /// What the records of a part say; `nil` for a whole log, which is read from the store.
  private(set) var part: (nodes: [UInt64: BundleNode], edges: [UInt64: BundleEdge])?

  init(isPart: Bool) { part = isPart ? ([:], [:]) : nil }

  func forEachNode(
    _ graph: borrowing GraphView, _ body: (BundleNode) throws -> Void
  ) throws {
    if let part {
      for id in part.nodes.keys.sorted() { try body(part.nodes[id]!) }
      return
    }
    var position = ScanPosition()
    var nodes: [NodeID] = []
    while !position.isExhausted {
      nodes.removeAll(keepingCapacity: true)
      try graph.scanNodes(label: nil, after: &position, into: &nodes, limit: 1_024)
      for node in nodes { try body(Self.node(node, graph)) }
    }
  }

  func forEachEdge(
    _ graph: borrowing GraphView, _ body: (BundleEdge) throws -> Void
  ) throws {
    if let part {
      for id in part.edges.keys.sorted() { try body(part.edges[id]!) }
      return
    }
    for number in 0..<graph.edgeLimit {
      let id = EdgeID(number)
      guard let ends = try graph.edge(id), let created = try graph.creation(of: id) else {
        continue
      }
      try body(
        BundleEdge(
          id: number, type: try graph.name(of: ends.type), from: ends.from.rawValue,
          to: ends.to.rawValue, created: created.rawValue,
          properties: try graph.properties(of: id).map {
            Property(try graph.name(of: $0.name), $0.value)
          }))
    }
  }

  /// The name of a node that an edge leads to.
  func name(of node: UInt64, _ graph: borrowing GraphView) throws -> String {
    if let part { return part.nodes[node]?.name ?? "n\(node)" }
    return try graph.key(of: NodeID(node))?.string ?? "n\(node)"
  }

  static func node(_ id: NodeID, _ graph: borrowing GraphView) throws -> BundleNode {
    let key = try graph.key(of: id)
    var properties = try graph.properties(of: id).map {
      Property(try graph.name(of: $0.name), $0.value)
    }
    if key != nil { properties.removeAll { $0.name == "key" } }
    return BundleNode(
      id: id.rawValue, key: key,
      labels: try graph.labels(of: id).map { try graph.name(of: $0) }.sorted(),
      created: try graph.creation(of: id)?.rawValue ?? 0, properties: properties)
  }

  // MARK: A part

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
