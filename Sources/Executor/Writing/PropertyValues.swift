// What may be stored as a property, and how maps of properties are evaluated for writing clauses.

import Base
import Graph
import Planner

/// The properties that a new node or edge is written with.
struct PropertyExpressions {
  private enum Form {
    case entries(Entries)
    case map(CompiledExpression)
  }

  /// Named values in the order of the text, and the places of those that count in the order of
  /// their names: a later entry of the same name wins.
  private struct Entries {
    var names: [Text]
    var values: [CompiledExpression]
    var order: [Int]

    init(_ entries: [(name: Text, value: CompiledExpression)]) {
      names = entries.map(\.name)
      values = entries.map(\.value)
      order = entries.indices.filter { place in
        !entries[(place + 1)...].contains { $0.name == entries[place].name }
      }.sorted { entries[$0].name < entries[$1].name }
    }
  }

  /// What of the graph the values may ask for.
  enum Reach: Comparable {
    /// Parameters and literals say everything.
    case nothing
    /// Properties too, but nothing is matched or sought.
    case properties
    case graph
  }

  private let form: Form
  let reach: Reach

  init(_ properties: BoundProperties, _ builder: OperatorBuilder) throws {
    switch properties {
    case .none:
      form = .entries(Entries([]))
      reach = .nothing
    case .entries(let entries):
      form = .entries(Entries(try entries.map { ($0.key, try builder.compile($0.value)) }))
      reach = entries.map(\.value.reach).max() ?? .nothing
    case .map(let map):
      form = .map(try builder.compile(map))
      reach = map.reach
    }
  }

  /// The properties for one row in the order of their names, nulls left out (or refused, for
  /// MERGE).
  func values(
    _ row: Int, of rows: Batch, refusesNull: Bool, _ graph: borrowing GraphView,
    _ run: ExecutionRun
  ) throws -> [Property] {
    var properties: [Property] = []
    switch form {
    case .entries(let entries):
      var values: [Value] = []
      values.reserveCapacity(entries.values.count)
      for (place, expression) in entries.values.enumerated() {
        let value = try expression.value(rows, row: row, graph, run.evaluation)
        if refusesNull, value.isNull { throw PropertyRules.mergesNull(entries.names[place]) }
        values.append(value)
      }
      properties.reserveCapacity(entries.order.count)
      for place in entries.order where !values[place].isNull {
        properties.append(
          Property(entries.names[place], try PropertyRules.storable(values[place])))
      }
    case .map(let expression):
      let value = try expression.value(rows, row: row, graph, run.evaluation)
      switch value {
      case .null: break
      case .map(let map):
        if refusesNull, let null = map.entries.first(where: \.value.isNull) {
          throw PropertyRules.mergesNull(null.key)
        }
        for entry in map.entries where !entry.value.isNull {
          properties.append(Property(entry.key, try PropertyRules.storable(entry.value)))
        }
      default: throw PropertyRules.notAMap(value)
      }
    }
    return properties
  }
}

extension BoundExpression {
  fileprivate var reach: PropertyExpressions.Reach {
    switch kind {
    case .literal, .parameter, .slot: .nothing
    case .list, .map, .negate, .plus, .arithmetic, .arithmeticChain:
      children.map(\.reach).max() ?? .nothing
    case .property, .subscripted, .slice: max(.properties, children.map(\.reach).max() ?? .nothing)
    default: .graph
    }
  }
}

/// The rules about property values.
enum PropertyRules {
  /// The value, if it can be a property: no map, node, edge or path, not even inside a list.
  static func storable(_ value: Value) throws -> Value {
    switch value {
    case .map, .node, .edge, .path: throw invalid(value)
    case .list(let elements):
      for element in elements {
        switch element {
        case .map, .node, .edge, .path, .list: throw invalid(element)
        default: continue
        }
      }
      return value
    default: return value
    }
  }

  private static func invalid(_ value: Value) -> StemmaError {
    StemmaError(
      .queryRuntime, "a property cannot hold a value of this kind: \(value.typeName)",
      advice: "store its parts, or create a node or relationship for it",
      classification: CypherClassification(
        type: "TypeError", phase: .runtime, detail: "InvalidPropertyType"))
  }

  static func mergesNull(_ name: Text) -> StemmaError {
    StemmaError(
      .queryRuntime, "MERGE cannot use null for the property \(name)",
      advice: "test for null before, or use CREATE",
      classification: CypherClassification(
        type: "SemanticError", phase: .runtime, detail: "MergeReadOwnWrites"))
  }

  static func notAMap(_ value: Value) -> StemmaError {
    StemmaError(
      .queryRuntime, "properties must come from a map, not from \(value.typeName)",
      advice: "write {name: value}",
      classification: CypherClassification(
        type: "TypeError", phase: .runtime, detail: "InvalidArgumentType"))
  }
}
