// Reading the graph from expressions: properties, labels and types of the entities that values
// name. In a statement that writes, an entity may be gone by the time that it is read.

import Base
import Graph

/// The property of a node, edge, map or temporal value; null of null.
func readProperty(
  _ name: Text, of subject: Value, _ graph: borrowing GraphView, _ context: EvaluationContext
) throws -> Value {
  switch subject {
  case .null: return .null
  case .map(let map): return map[name] ?? .null
  case .node(let node):
    let value = try graph.symbol(for: name).map { try graph.property($0, of: node) } ?? .null
    if value.isNull { try checkExists(node, graph, context) }
    return value
  case .edge(let edge):
    let value = try graph.symbol(for: name).map { try graph.property($0, of: edge) } ?? .null
    if value.isNull { try checkExists(edge, graph, context) }
    return value
  default:
    if let component = try subject.temporalComponent(name) { return component }
    if subject.isTemporal {
      throw StemmaError.type("\(subject.shortDescription) has no part '\(name)'")
    }
    throw StemmaError.type(
      "\(subject.shortDescription) has no properties",
      advice: "only nodes, relationships, maps and temporal values have")
  }
}

func checkExists(
  _ node: NodeID, _ graph: borrowing GraphView, _ context: EvaluationContext
) throws {
  if context.isWriting, try !graph.exists(node) { throw StemmaError.deletedEntity }
}

func checkExists(
  _ edge: EdgeID, _ graph: borrowing GraphView, _ context: EvaluationContext
) throws {
  if context.isWriting, try graph.edge(edge) == nil { throw StemmaError.deletedEntity }
}

/// All properties of an entity, or a map as it is; `nil` where the value has none.
func readProperties(
  of subject: Value, _ graph: borrowing GraphView, _ context: EvaluationContext
) throws -> ValueMap? {
  var map = ValueMap()
  switch subject {
  case .map(let given): return given
  case .node(let node):
    try checkExists(node, graph, context)
    for property in try graph.properties(of: node) {
      map[try graph.name(of: property.name)] = property.value
    }
    return map
  case .edge(let edge):
    try checkExists(edge, graph, context)
    for property in try graph.properties(of: edge) {
      map[try graph.name(of: property.name)] = property.value
    }
    return map
  default: return nil
  }
}
