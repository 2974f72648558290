// SET, and the SET parts of MERGE.

import Base
import Graph
import Planner

/// Carries out assignments row by row, in the order of the text.
struct PropertySetter {
  private enum Item {
    case property(CompiledExpression, Text, CompiledExpression)
    case dynamicProperty(CompiledExpression, CompiledExpression, CompiledExpression)
    case replace(CompiledExpression, CompiledExpression)
    case add(CompiledExpression, CompiledExpression)
    case labels(CompiledExpression, [Text])
  }

  private let items: [Item]

  init(_ items: [BoundSetItem], _ builder: OperatorBuilder) throws {
    self.items = try items.map { item in
      switch item {
      case .property(let subject, let name, let value, _):
        .property(try builder.compile(subject), name, try builder.compile(value))
      case .dynamicProperty(let subject, let key, let value, _):
        .dynamicProperty(
          try builder.compile(subject), try builder.compile(key), try builder.compile(value))
      case .replaceProperties(let subject, let value, _):
        .replace(try builder.compile(subject), try builder.compile(value))
      case .addProperties(let subject, let value, _):
        .add(try builder.compile(subject), try builder.compile(value))
      case .labels(let subject, let labels, _): .labels(try builder.compile(subject), labels)
      }
    }
  }

  func apply(
    _ row: Int, of rows: Batch, _ transaction: inout GraphTransaction, _ run: ExecutionRun,
    _ changes: inout GraphChanges
  ) throws {
    for item in items {
      try run.tick()
      let operations = try transaction.read { graph in
        try self.operations(item, row, rows, graph, run)
      }
      for operation in operations {
        let applied = try transaction.apply(operation)
        guard applied.changedAnything else { continue }
        switch operation {
        case .setProperty(_, let property):
          if property.value.isNull {
            changes.propertiesRemoved += 1
          } else {
            changes.propertiesSet += 1
          }
        case .addLabel: changes.labelsAdded += 1
        default: break
        }
      }
    }
  }

  private func operations(
    _ item: Item, _ row: Int, _ rows: Batch, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [Operation] {
    switch item {
    case .property(let subject, let name, let value):
      guard let entity = try entity(subject, row, rows, graph, run) else { return [] }
      let value = try value.value(rows, row: row, graph, run.evaluation)
      return [.setProperty(of: entity, Property(name, try PropertyRules.storable(value)))]
    case .dynamicProperty(let subject, let key, let value):
      guard let entity = try entity(subject, row, rows, graph, run) else { return [] }
      let key = try key.value(rows, row: row, graph, run.evaluation)
      guard case .string(let name) = key else { throw PropertyRules.notAName(key) }
      let value = try value.value(rows, row: row, graph, run.evaluation)
      return [.setProperty(of: entity, Property(name, try PropertyRules.storable(value)))]
    case .replace(let subject, let value):
      return try assignMap(subject, value, replaces: true, row, rows, graph, run)
    case .add(let subject, let value):
      return try assignMap(subject, value, replaces: false, row, rows, graph, run)
    case .labels(let subject, let labels):
      guard case .node(.id(let node))? = try entity(subject, row, rows, graph, run)
      else { return [] }
      return labels.map { .addLabel(.id(node), $0) }
    }
  }

  private func assignMap(
    _ subject: CompiledExpression, _ value: CompiledExpression, replaces: Bool, _ row: Int,
    _ rows: Batch, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [Operation] {
    guard let entity = try entity(subject, row, rows, graph, run) else { return [] }
    let value = try value.value(rows, row: row, graph, run.evaluation)
    let map = try EntityProperties.map(of: value, graph)
    var operations: [Operation] = []
    if replaces {
      for (name, _) in try EntityProperties.pairs(of: entity, graph) where map[name] == nil {
        operations.append(.setProperty(of: entity, Property(name, .null)))
      }
    }
    for entry in map.entries {
      let stored = try PropertyRules.storable(entry.value)
      operations.append(.setProperty(of: entity, Property(entry.key, stored)))
    }
    return operations
  }

  private func entity(
    _ subject: CompiledExpression, _ row: Int, _ rows: Batch, _ graph: borrowing GraphView,
    _ run: ExecutionRun
  ) throws -> EntityReference? {
    try EntityProperties.reference(
      try subject.value(rows, row: row, graph, run.evaluation), "SET")
  }
}

extension PropertyRules {
  static func notAName(_ value: Value) -> StemmaError {
    StemmaError(
      .queryRuntime, "the name of a property must be a string, not \(value.typeName)",
      classification: CypherClassification(
        type: "TypeError", phase: .runtime, detail: "InvalidArgumentType"))
  }
}
