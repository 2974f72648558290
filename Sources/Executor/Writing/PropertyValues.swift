// What may be stored as a property, and how maps of properties are evaluated for writing clauses.

import Base
import Graph
import Planner

/// The properties that a new node or edge is written with.
struct PropertyExpressions {
  private enum Form {
    case entries([(name: Text, value: CompiledExpression)])
    case map(CompiledExpression)
  }

  private let form: Form
  /// Whether parameters and properties say everything: nothing is matched or sought.
  let areOfValues: Bool

  init(_ properties: BoundProperties, _ builder: OperatorBuilder) throws {
    switch properties {
    case .none:
      form = .entries([])
      areOfValues = true
    case .entries(let entries):
      form = .entries(try entries.map { ($0.key, try builder.compile($0.value)) })
      areOfValues = entries.allSatisfy(\.value.isOfValues)
    case .map(let map):
      form = .map(try builder.compile(map))
      areOfValues = map.isOfValues
    }
  }

  /// The properties for one row, nulls left out (or refused, for MERGE).
  func values(
    _ row: Int, of rows: Batch, refusesNull: Bool, _ graph: borrowing GraphView,
    _ run: ExecutionRun
  ) throws -> [Property] {
    var pairs: [(Text, Value)] = []
    switch form {
    case .entries(let entries):
      for entry in entries {
        pairs.append(
          (entry.name, try entry.value.value(rows, row: row, graph, run.evaluation)))
      }
    case .map(let expression):
      let value = try expression.value(rows, row: row, graph, run.evaluation)
      switch value {
      case .null: break
      case .map(let map): pairs = map.entries.map { ($0.key, $0.value) }
      default: throw PropertyRules.notAMap(value)
      }
    }
    if refusesNull, let null = pairs.first(where: { $0.1.isNull }) {
      throw StemmaError(
        .queryRuntime, "MERGE cannot use null for the property \(null.0)",
        advice: "test for null before, or use CREATE",
        classification: CypherClassification(
          type: "SemanticError", phase: .runtime, detail: "MergeReadOwnWrites"))
    }
    // A later entry of the same name wins.
    let merged = ValueMap(pairs.map { ($0.0, $0.1) })
    return try merged.entries.filter { !$0.value.isNull }.map {
      Property($0.key, try PropertyRules.storable($0.value))
    }
  }
}

extension BoundExpression {
  fileprivate var isOfValues: Bool {
    switch kind {
    case .literal, .parameter, .slot: true
    case .list, .map, .property, .subscripted, .slice, .negate, .plus, .arithmetic,
      .arithmeticChain:
      children.allSatisfy(\.isOfValues)
    default: false
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

  static func notAMap(_ value: Value) -> StemmaError {
    StemmaError(
      .queryRuntime, "properties must come from a map, not from \(value.typeName)",
      advice: "write {name: value}",
      classification: CypherClassification(
        type: "TypeError", phase: .runtime, detail: "InvalidArgumentType"))
  }
}
