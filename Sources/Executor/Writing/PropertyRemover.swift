// REMOVE.

import Base
import Graph
import Planner

/// Removes properties and labels row by row.
struct PropertyRemover {
  private enum Item {
    case property(CompiledExpression, Text)
    case dynamicProperty(CompiledExpression, CompiledExpression)
    case labels(CompiledExpression, [Text])
  }

  private let items: [Item]

  init(_ items: [BoundRemoveItem], _ builder: OperatorBuilder) throws {
    self.items = try items.map { item in
      switch item {
      case .property(let subject, let name, _): .property(try builder.compile(subject), name)
      case .dynamicProperty(let subject, let key, _):
        .dynamicProperty(try builder.compile(subject), try builder.compile(key))
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
        guard try transaction.apply(operation).changedAnything else { continue }
        if case .removeLabel = operation {
          changes.labelsRemoved += 1
        } else {
          changes.propertiesRemoved += 1
        }
      }
    }
  }

  private func operations(
    _ item: Item, _ row: Int, _ rows: Batch, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [Operation] {
    func entity(_ subject: CompiledExpression) throws -> EntityReference? {
      try EntityProperties.reference(
        try subject.value(rows, row: row, graph, run.evaluation), "REMOVE")
    }
    switch item {
    case .property(let subject, let name):
      guard let entity = try entity(subject) else { return [] }
      return [.setProperty(of: entity, Property(name, .null))]
    case .dynamicProperty(let subject, let key):
      guard let entity = try entity(subject) else { return [] }
      let key = try key.value(rows, row: row, graph, run.evaluation)
      guard case .string(let name) = key else { throw PropertyRules.notAName(key) }
      return [.setProperty(of: entity, Property(name, .null))]
    case .labels(let subject, let labels):
      guard case .node(.id(let node))? = try entity(subject) else { return [] }
      return labels.map { .removeLabel(.id(node), $0) }
    }
  }
}
