// The naive reference: dictionaries, and a copy of the whole graph after every transaction. It is
// slow and obviously right; property tests compare every answer of the graph with it.

import Base

@testable import Graph

/// A node of the model.
struct ModelNode: Equatable {
  var labels: Set<Text>
  var properties: [Text: Value]
  var key: Text?
  var creation: UInt64
}

/// An edge of the model.
struct ModelEdge: Equatable {
  var type: Text
  var from: UInt64
  var to: UInt64
  var properties: [Text: Value]
  var creation: UInt64
}

/// The graph after one transaction.
struct ModelState: Equatable {
  var nodes: [UInt64: ModelNode] = [:]
  var edges: [UInt64: ModelEdge] = [:]
  var nextNode: UInt64 = 0
  var nextEdge: UInt64 = 0
  var transaction: UInt64 = 0

  mutating func apply(_ operation: Operation) {
    switch operation {
    case .createNode(let labels, let key, let properties):
      var held = Dictionary(uniqueKeysWithValues: properties.map { ($0.name, $0.value) })
      if let key { held["key"] = .string(key) }
      nodes[nextNode] = ModelNode(
        labels: Set(labels), properties: held, key: key, creation: transaction)
      nextNode += 1
    case .createEdge(let type, let from, let to, let properties):
      edges[nextEdge] = ModelEdge(
        type: type, from: node(from), to: node(to),
        properties: Dictionary(uniqueKeysWithValues: properties.map { ($0.name, $0.value) }),
        creation: transaction)
      nextEdge += 1
    case .setProperty(.node(let reference), let property):
      nodes[node(reference)]!.properties[property.name] =
        property.value.isNull ? nil : property.value
    case .setProperty(.edge(.id(let edge)), let property):
      edges[edge.rawValue]!.properties[property.name] =
        property.value.isNull ? nil : property.value
    case .addLabel(let reference, let label): nodes[node(reference)]!.labels.insert(label)
    case .removeLabel(let reference, let label): nodes[node(reference)]!.labels.remove(label)
    case .deleteNode(let reference, _):
      let gone = node(reference)
      nodes[gone] = nil
      edges = edges.filter { $0.value.from != gone && $0.value.to != gone }
    case .deleteEdge(.id(let edge)): edges[edge.rawValue] = nil
    default: break
    }
  }

  private func node(_ reference: NodeReference) -> UInt64 {
    switch reference {
    case .id(let node): node.rawValue
    case .key(let key): nodes.first { $0.value.key == key }!.key
    case .new: preconditionFailure("the workload names nodes by identity")
    }
  }
}
