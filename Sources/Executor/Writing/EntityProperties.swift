// Entities as the writing clauses meet them: as values of expressions.

import Base
import Graph

/// Reads entities out of values and properties out of entities.
enum EntityProperties {
  /// The entity to change; `nil` for null, which writing clauses pass over.
  static func reference(_ value: Value, _ clause: String) throws -> EntityReference? {
    switch value {
    case .null: return nil
    case .node(let node): return .node(.id(node))
    case .edge(let edge): return .edge(.id(edge))
    default:
      throw StemmaError(
        .queryRuntime, "\(clause) needs a node or relationship, not \(value.typeName)",
        classification: CypherClassification(
          type: "TypeError", phase: .runtime, detail: "InvalidArgumentType"))
    }
  }

  /// The map that a value stands for: itself, or the properties of a node or edge.
  static func map(of value: Value, _ graph: borrowing GraphView) throws -> ValueMap {
    switch value {
    case .map(let map): return map
    case .node(let node): return ValueMap(try pairs(of: .node(.id(node)), graph))
    case .edge(let edge): return ValueMap(try pairs(of: .edge(.id(edge)), graph))
    default: throw PropertyRules.notAMap(value)
    }
  }

  /// The properties of an entity that exists.
  static func pairs(
    of entity: EntityReference, _ graph: borrowing GraphView
  ) throws -> [(Text, Value)] {
    let properties: [(name: Symbol, value: Value)]
    switch entity {
    case .node(.id(let node)): properties = try graph.properties(of: node)
    case .edge(.id(let edge)): properties = try graph.properties(of: edge)
    default: properties = []
    }
    var pairs: [(Text, Value)] = []
    for property in properties { pairs.append((try graph.name(of: property.name), property.value)) }
    return pairs
  }
}
