// The same reads, through the graph's own interface.

import Base
import Graph

/// Reads of a history and of rows of numbers.
struct Readings {
  let history: Graph
  let rows: Graph

  /// Two numbers of each node, all in one snapshot.
  func points(_ nodes: [NodeID]) throws -> Double {
    try history.read { view in
      let (batch, rate) = (try view.symbol(for: "batch")!, try view.symbol(for: "rate")!)
      var sum = 0.0
      var reader = try view.columnReader()
      for node in nodes { sum += try point(node, batch, rate, view, &reader) }
      return sum
    }
  }

  /// The same with a snapshot for each.
  func pointsApart(_ nodes: [NodeID]) throws -> Double {
    let (batch, rate) = try history.read { view in
      (try view.symbol(for: "batch")!, try view.symbol(for: "rate")!)
    }
    var sum = 0.0
    for node in nodes {
      sum += try history.read { view in
        var reader = try view.columnReader()
        return try point(node, batch, rate, view, &reader)
      }
    }
    return sum
  }

  @inline(__always)
  private func point(
    _ node: NodeID, _ batch: Symbol, _ rate: Symbol, _ view: borrowing GraphView,
    _ reader: inout ColumnReader
  ) throws -> Double {
    guard case .integer(let number) = try view.property(batch, of: node, &reader),
      case .float(let float) = try view.property(rate, of: node, &reader)
    else { return 0 }
    return Double(number) + float
  }

  func neighbours(_ nodes: [NodeID]) throws -> UInt64 {
    try history.read { view in
      let types = [try view.symbol(for: "DERIVED_FROM")!]
      var edges: [AdjacentEdge] = []
      var sum: UInt64 = 0
      for node in nodes {
        edges.removeAll(keepingCapacity: true)
        try view.expand(node, .outgoing, types: types, into: &edges)
        for edge in edges { sum += edge.neighbour.rawValue }
      }
      return sum
    }
  }

  /// Everything that a node derives from.
  func closure(_ start: NodeID, _ search: inout BreadthFirstSearch) throws -> (Int, UInt64) {
    try history.read { view in
      let types = [try view.symbol(for: "DERIVED_FROM")!]
      var found: [NodeID] = []
      search.begin(at: start)
      while !search.isFinished {
        _ = try view.search(
          &search, .outgoing, types: types, maximumDepth: nil, expansions: 4_096, into: &found)
      }
      var sum: UInt64 = 0
      for node in found { sum += node.rawValue }
      return (found.count, sum)
    }
  }

  /// The sum of the second number where the first is below a bound.
  func scan(_ bound: Double) throws -> (Double, Int) {
    try rows.read { view in
      var scan = ColumnScan(
        label: try view.symbol(for: "Measure")!,
        predicates: [
          ColumnPredicate(try view.symbol(for: "first")!, .less, .float(bound))
        ])
      let second = try view.symbol(for: "second")!
      var sums = [ColumnSum()]
      var reader = try view.columnReader()
      let count = try scan.sumRest([second], into: &sums, view, &reader) {}
      return (sums[0].floats + sums[0].correction, count ?? 0)
    }
  }
}
