// What makes an export of an import the same bytes: nodes are numbered by their place in the text,
// and the edges of one node go out in the order in which they were made.

import Base
import Stemma

/// How a node is called in an export.
enum NodeName {
  case key(Text)
  /// The node's place in the text, from 0.
  case number(Int)
}

/// The names of nodes by identity. Only nodes without a key are kept, sixteen bytes each.
struct NodeNames {
  /// In ascending order of identities, as nodes are scanned.
  private var keyless: [(id: NodeID, position: Int)] = []

  /// The name of a node that is written as the one after `position` others.
  mutating func note(_ node: NodeRecord, position: Int) -> NodeName {
    if let key = node.key { return .key(key) }
    keyless.append((node.id, position))
    return .number(position)
  }

  /// The name of an edge's end, given the value of its property `key`.
  func name(_ key: Value, _ id: NodeID) -> NodeName {
    if case .string(let key) = key { return .key(key) }
    var low = 0
    var high = keyless.count
    while low < high {
      let middle = (low + high) / 2
      if keyless[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return .number(low < keyless.count ? keyless[low].position : low)
  }
}

/// Collects the edges that leave one node, which come one after another but grouped by type in the
/// order of the store's symbols, and puts them into the order of their identities.
struct EdgeSheaf {
  typealias Element = (edge: EdgeRecord, ends: (from: NodeName, to: NodeName))
  private var edges: [Element] = []

  /// Takes an edge; returns those of the node before, when another node begins.
  mutating func take(_ edge: EdgeRecord, _ ends: (from: NodeName, to: NodeName)) -> [Element]? {
    let isNext = edges.last.map { $0.edge.from != edge.from } ?? false
    let done = isNext ? finish() : nil
    edges.append((edge, ends))
    return done
  }

  /// The edges collected so far, in order; none are kept.
  mutating func finish() -> [Element] {
    defer { edges.removeAll(keepingCapacity: true) }
    return edges.sorted { $0.edge.id < $1.edge.id }
  }
}
