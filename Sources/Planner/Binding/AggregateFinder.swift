// Walks over trees: where aggregates are, and which variables an expression reads.

import Base
import Cypher

/// Finds calls of aggregating functions. What stands in a subquery aggregates there, not here.
enum AggregateFinder {
  static func contains(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .countAll: return true
    case .call(let call) where aggregate(call) != nil: return true
    default:
      var found = false
      expression.forEachChild { if !found { found = contains($0) } }
      return found
    }
  }

  static func aggregate(_ call: FunctionCall) -> AggregateFunction? {
    guard call.name.count == 1, case .aggregate(let function)? = FunctionTable.resolve(call.name)
    else { return nil }
    return function
  }
}

/// Finds the variables that an expression mentions, its own ones included.
struct VariableCollector {
  private(set) var names: Set<Text> = []

  mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .variable(let name): names.insert(name.text)
    case .mapProjection(let projection): names.insert(projection.subject.text)
    default: break
    }
    var children: [Expression] = []
    expression.forEachChild { children.append($0) }
    for child in children { visit(child) }
  }
}

extension FunctionTable {
  /// The function that the parts of a name spell.
  static func resolve(_ name: [Name]) -> ResolvedFunction? {
    name.count == 1
      ? resolve(name[0].text.string)
      : resolve(name.map(\.text.string).joined(separator: "."))
  }
}
