// Functions that look at nodes, relationships and paths: id, labels, type, properties, keys,
// startNode, endNode, nodes, relationships, length.

import Base
import Graph
import Planner

/// `nil` where the function is none of these.
func callGraph(
  _ function: ScalarFunction, _ argument: Value, _ graph: borrowing GraphView,
  _ context: EvaluationContext
) throws -> Value? {
  switch function {
  case .id, .elementId, .labels, .type, .properties, .keys, .startNode, .endNode, .nodes,
    .relationships, .length:
    break
  default: return nil
  }
  if argument.isNull { return .null }
  switch (function, argument) {
  case (.id, .node(let node)): return .integer(Int64(node.rawValue))
  case (.id, .edge(let edge)): return .integer(Int64(edge.rawValue))
  case (.elementId, .node(let node)): return .text("n\(node.rawValue)")
  case (.elementId, .edge(let edge)): return .text("e\(edge.rawValue)")
  case (.labels, .node(let node)):
    try checkExists(node, graph, context)
    var names: [Value] = []
    for label in try graph.labels(of: node) { names.append(.string(try graph.name(of: label))) }
    return .list(names)
  case (.type, .edge(let edge)):
    guard let type = try graph.edge(edge)?.type ?? context.deletedEdges.type(of: edge) else {
      throw StemmaError.deletedEntity
    }
    return .string(try graph.name(of: type))
  case (.startNode, .edge(let edge)), (.endNode, .edge(let edge)):
    guard let ends = try graph.edge(edge) else { throw StemmaError.deletedEntity }
    return .node(function == .startNode ? ends.from : ends.to)
  case (.nodes, .path(let path)): return .list(path.nodes.map { .node($0) })
  case (.relationships, .path(let path)): return .list(path.edges.map { .edge($0) })
  case (.length, .path(let path)): return .integer(Int64(path.edges.count))
  case (.properties, _), (.keys, _):
    if let map = try readProperties(of: argument, graph, context) {
      return function == .properties
        ? .map(map) : .list(map.entries.map { .string($0.key) })
    }
  default: break
  }
  throw StemmaError.argument(function.rawValue, argument, wanted: function.wantedEntity)
}

extension ScalarFunction {
  fileprivate var wantedEntity: String {
    switch self {
    case .labels: "a node"
    case .type, .startNode, .endNode: "a relationship"
    case .nodes, .relationships, .length: "a path"
    case .properties, .keys: "a node, a relationship or a map"
    default: "a node or a relationship"
    }
  }
}
