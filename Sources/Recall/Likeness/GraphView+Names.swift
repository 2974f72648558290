// Reads of the graph by the names that the schema gives, for what looks at a few records at a time.
// Whatever looks at many takes the symbols once and calls the view itself.

import Base
import Graph

extension GraphView {
  /// A property by name; null where the node has none.
  func value(_ name: Text, of node: NodeID) throws -> Value {
    guard let symbol = try symbol(for: name) else { return .null }
    return try property(symbol, of: node)
  }

  func text(_ name: Text, of node: NodeID) throws -> String? {
    if case .string(let text) = try value(name, of: node) { return text.string }
    return nil
  }

  func number(_ name: Text, of node: NodeID) throws -> Double? {
    switch try value(name, of: node) {
    case .integer(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }

  /// Neighbours along one type of edge, in the order of the edges.
  func neighbours(
    of node: NodeID, _ direction: Direction, _ type: Text
  ) throws -> [NodeID] {
    guard let symbol = try symbol(for: type) else { return [] }
    var edges: [AdjacentEdge] = []
    try expand(node, direction, types: [symbol], into: &edges)
    return edges.map(\.neighbour)
  }

  func hasLabel(_ label: Text, _ node: NodeID) throws -> Bool {
    guard let symbol = try symbol(for: label) else { return false }
    return try hasLabel(symbol, node)
  }

  /// The proposal with a key as people type it.
  func proposal(_ key: String) throws -> NodeID {
    for spelling in [key, key.uppercased()] {
      guard let node = try node(key: Text(spelling)) else { continue }
      guard try hasLabel("Proposal", node) else {
        throw StemmaError(
          .argumentInvalid, "\(spelling) is no proposal",
          advice: "a brief is about a proposal, such as P42")
      }
      return node
    }
    throw StemmaError(
      .keyNotFound, "there is no proposal \(key)",
      advice: "keys look like P42; `stemma query @recent` shows some")
  }
}
