// `stemma.lineage(key, depth)`: what a node stands on, nearest first.

import Base
import Executor
import Graph
import Planner

/// Breadth-first search from a key along all outgoing relationships.
enum LineageProcedure {
  static let entry = BuiltInProcedures.entry(
    "stemma.lineage", inputs: [("key", "STRING"), ("depth", "INTEGER")],
    outputs: [("node", "NODE"), ("depth", "INTEGER")],
    "the nodes that a node stands on: those reached along its relationships, nearest first"
  ) { arguments, graph, run in try rows(arguments, graph, run) }

  private static func rows(
    _ arguments: [Value], _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [[Value]] {
    guard arguments.count == 2, case .string(let key) = arguments[0],
      case .integer(let limit) = arguments[1], let start = try graph.node(key: key)
    else { return [] }
    var visited = NodeSet()
    _ = visited.insert(start)
    var frontier = [start]
    var rows: [[Value]] = []
    var adjacent: [AdjacentEdge] = []
    var depth: Int64 = 0
    while !frontier.isEmpty, depth < limit {
      depth += 1
      var next: [NodeID] = []
      for node in frontier {
        adjacent.removeAll(keepingCapacity: true)
        try graph.expand(node, .outgoing, types: [], into: &adjacent)
        try run.countPathExpansions(adjacent.count)
        for met in adjacent where visited.insert(met.neighbour) {
          next.append(met.neighbour)
          rows.append([.node(met.neighbour), .integer(depth)])
        }
      }
      frontier = next
    }
    return rows
  }
}
