// The boundary between the executor and its callers: columns become rows, and every node and edge
// that a row mentions is resolved as of the snapshot. It also enforces the limit on rows.

import Base
import Executor
import Graph
import Planner

/// Takes batches and hands out rows with their entities.
struct ResultCollector {
  private let slots: [Int]
  private let limit: Int?
  private(set) var rowCount = 0
  /// Whether rows were left out because of the limit.
  private(set) var isCut = false
  var entities = EntityTable()
  /// What rows and entities take since somebody asked, roughly.
  private var bytes = 0

  init(columns: [BoundColumn], limit: Int?) {
    slots = columns.map { $0.slot.index }
    self.limit = limit
  }

  /// The rows of a batch, as many as the limit lets through.
  mutating func rows(_ batch: Batch, _ graph: borrowing GraphView) throws -> [[Value]] {
    guard !slots.isEmpty else { return [] }
    var rows: [[Value]] = []
    rows.reserveCapacity(batch.selectedCount)
    let room = limit.map { max(0, $0 - rowCount) } ?? .max
    batch.forEachSelected { row in
      guard rows.count < room else {
        isCut = true
        return
      }
      rows.append(slots.map { batch.columns[$0][row] })
    }
    for row in rows {
      bytes += 32 + row.count * MemoryLayout<Value>.stride
      for value in row {
        bytes += value.estimatedBytes
        try note(value, graph)
      }
    }
    rowCount += rows.count
    return rows
  }

  /// What the rows and entities since the last time take, roughly.
  mutating func takeBytes() -> Int {
    defer { bytes = 0 }
    return bytes
  }

  private mutating func note(_ value: Value, _ graph: borrowing GraphView) throws {
    switch value {
    case .node(let node): try note(node, graph)
    case .edge(let edge): try note(edge, graph)
    case .path(let path):
      for node in path.nodes { try note(node, graph) }
      for edge in path.edges { try note(edge, graph) }
    case .list(let elements): for element in elements { try note(element, graph) }
    case .map(let map): for entry in map.entries { try note(entry.value, graph) }
    default: break
    }
  }

  private mutating func note(_ node: NodeID, _ graph: borrowing GraphView) throws {
    guard entities.nodes[node] == nil else { return }
    var labels: [Text] = []
    for label in try graph.labels(of: node) { labels.append(try graph.name(of: label)) }
    let properties = try map(try graph.properties(of: node), graph)
    var key: Text?
    if case .string(let text)? = properties["key"] { key = text }
    bytes += 128 + Value.map(properties).estimatedBytes
    entities.nodes[node] = NodeRecord(
      id: node, key: key, labels: labels, properties: properties)
  }

  private mutating func note(_ edge: EdgeID, _ graph: borrowing GraphView) throws {
    guard entities.edges[edge] == nil, let ends = try graph.edge(edge) else { return }
    let properties = try map(try graph.properties(of: edge), graph)
    bytes += 128 + Value.map(properties).estimatedBytes
    entities.edges[edge] = EdgeRecord(
      id: edge, type: try graph.name(of: ends.type), from: ends.from, to: ends.to,
      properties: properties)
  }

  private func map(
    _ properties: [(name: Symbol, value: Value)], _ graph: borrowing GraphView
  ) throws -> ValueMap {
    var pairs: [(Text, Value)] = []
    for property in properties { pairs.append((try graph.name(of: property.name), property.value)) }
    return ValueMap(pairs)
  }
}
