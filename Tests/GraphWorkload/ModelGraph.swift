// The naive reference: dictionaries, and a copy of the whole graph after every transaction. It is
// slow and obviously right; property tests compare every answer of the graph with it.

package import Base
package import Graph

/// A node of the model.
package struct ModelNode: Equatable {
  package var labels: Set<Text>
  package var properties: [Text: Value]
  package var key: Text?
  package var creation: UInt64
}

/// An edge of the model.
package struct ModelEdge: Equatable {
  package var type: Text
  package var from: UInt64
  package var to: UInt64
  package var properties: [Text: Value]
  package var creation: UInt64
}

/// The graph after one transaction.
package struct ModelState: Equatable {
  package var nodes: [UInt64: ModelNode] = [:]
  package var edges: [UInt64: ModelEdge] = [:]
  package var nextNode: UInt64 = 0
  package var nextEdge: UInt64 = 0
  package var transaction: UInt64 = 0

  package init() {}

  package mutating func apply(_ operation: Operation) {
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
