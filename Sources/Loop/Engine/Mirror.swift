// What the loop knows: the campaign's nodes and edges, copied from the graph when the loop starts
// and kept equal to it afterwards by applying every operation that was appended. Resume is replay:
// loading and applying give the same mirror, so nothing else may be remembered between steps.

import Base
import Graph

/// The campaign's part of the graph, in memory.
struct Mirror {
  struct Edge: Hashable {
    var type: Text
    var from: NodeID
    var to: NodeID
    var properties: ValueMap
  }

  private(set) var nodes: [NodeID: MirrorNode] = [:]
  /// By label, in the order of creation.
  private(set) var byLabel: [Text: [NodeID]] = [:]
  private var outgoing: [NodeID: [Edge]] = [:]
  private var incoming: [NodeID: [Edge]] = [:]
  private var byKey: [Text: NodeID] = [:]

  // MARK: Reading

  func all(_ label: Text) -> [MirrorNode] { (byLabel[label] ?? []).compactMap { nodes[$0] } }

  func node(key: Text) -> MirrorNode? { byKey[key].flatMap { nodes[$0] } }

  func edges(from node: NodeID, _ type: Text) -> [Edge] {
    (outgoing[node] ?? []).filter { $0.type == type }
  }

  func targets(of node: NodeID, _ type: Text) -> [MirrorNode] {
    edges(from: node, type).compactMap { nodes[$0.to] }
  }

  /// Nodes with a label that have an edge of a type to this one, in the order of creation.
  func sources(of node: NodeID, _ type: Text, label: Text) -> [MirrorNode] {
    (incoming[node] ?? []).filter { $0.type == type }.compactMap { nodes[$0.from] }
      .filter { $0.label == label }.sorted { $0.id < $1.id }
  }

  // MARK: Writing

  mutating func insert(_ node: MirrorNode) {
    if nodes[node.id] == nil {
      let ids = byLabel[node.label] ?? []
      let position = ids.lastIndex { $0 < node.id }.map { $0 + 1 } ?? 0
      byLabel[node.label, default: []].insert(node.id, at: position)
    }
    nodes[node.id] = node
    byKey[node.key] = node.id
  }

  mutating func insert(_ edge: Edge) {
    guard !(outgoing[edge.from] ?? []).contains(edge) else { return }
    outgoing[edge.from, default: []].append(edge)
    incoming[edge.to, default: []].append(edge)
  }

  /// Applies the operations of a transaction that was just appended. Only the kinds of operations
  /// that the loop makes are known.
  mutating func apply(_ operations: [Operation], _ receipt: TransactionReceipt) {
    func id(_ reference: NodeReference) -> NodeID? {
      switch reference {
      case .id(let id): id
      case .key(let key): byKey[key]
      case .new(let index): receipt.nodes[index]
      }
    }
    var created = 0
    for operation in operations {
      switch operation {
      case .createNode(let labels, _, let properties):
        let map = ValueMap(properties.map { ($0.name, $0.value) })
        insert(
          MirrorNode(
            id: receipt.nodes[created], key: (receipt.keys[created] ?? nil) ?? "",
            label: labels.first ?? "", properties: map))
        created += 1
      case .createEdge(let type, let from, let to, let properties):
        guard let start = id(from), let end = id(to) else { continue }
        let map = ValueMap(properties.map { ($0.name, $0.value) })
        insert(Edge(type: type, from: start, to: end, properties: map))
      case .setProperty(.node(let reference), let property):
        guard let node = id(reference) else { continue }
        nodes[node]?.properties[property.name] = property.value.isNull ? nil : property.value
      default: break
      }
    }
  }
}

/// A node as the loop sees it.
struct MirrorNode: Sendable {
  var id: NodeID
  var key: Text
  var label: Text
  var properties: ValueMap

  subscript(_ name: Text) -> Value? { properties[name] }

  func text(_ name: Text) -> Text? {
    if case .string(let text)? = properties[name] { return text }
    return nil
  }

  func string(_ name: Text) -> String { text(name)?.string ?? "" }

  func integer(_ name: Text) -> Int? {
    if case .integer(let number)? = properties[name] { return Int(number) }
    return nil
  }

  func number(_ name: Text) -> Double? {
    switch properties[name] {
    case .float(let number): number
    case .integer(let number): Double(number)
    default: nil
    }
  }

  /// The day of a time, counted from 1970 (UTC).
  func day(_ name: Text) -> Int64? {
    guard case .dateTime(let time)? = properties[name] else { return nil }
    return time.secondsSinceEpoch >= 0
      ? time.secondsSinceEpoch / 86_400 : (time.secondsSinceEpoch - 86_399) / 86_400
  }

  func boolean(_ name: Text) -> Bool? {
    if case .boolean(let flag)? = properties[name] { return flag }
    return nil
  }

  func numbers(_ name: Text) -> [Double] {
    guard case .list(let elements)? = properties[name] else { return [] }
    return elements.compactMap {
      switch $0 {
      case .float(let number): number
      case .integer(let number): Double(number)
      default: nil
      }
    }
  }

  func texts(_ name: Text) -> [Text] {
    guard case .list(let elements)? = properties[name] else { return [] }
    return elements.compactMap {
      if case .string(let text) = $0 { text } else { nil }
    }
  }
}
