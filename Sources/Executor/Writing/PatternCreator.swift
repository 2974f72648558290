// CREATE, and the creating half of MERGE.

import Base
import Graph
import Planner

/// Creates the elements of a pattern for one row after the other.
struct PatternCreator {
  private let create: BoundCreate
  private let properties: [PropertyExpressions]
  private let refusesNull: Bool

  init(_ create: BoundCreate, refusesNull: Bool, _ builder: OperatorBuilder) throws {
    self.create = create
    self.refusesNull = refusesNull
    properties = try create.elements.map { element in
      switch element {
      case .node(let node): try PropertyExpressions(node.properties, builder)
      case .relationship(let edge): try PropertyExpressions(edge.properties, builder)
      }
    }
  }

  /// Creates everything for a row and appends the new entities to their columns.
  func create(
    _ row: Int, of rows: inout Batch, _ transaction: inout GraphTransaction, _ run: ExecutionRun,
    _ changes: inout GraphChanges
  ) throws {
    if row == 0 {
      for slot in create.newSlots { rows.columns[slot.index].reset(to: .values) }
    }
    for (index, element) in create.elements.enumerated() {
      let batch = rows
      let values = try evaluate(properties[index], row, batch, &transaction, run)
      changes.propertiesSet += values.count
      switch element {
      case .node(let node):
        let created = try createNode(node, values, &transaction)
        changes.nodesCreated += 1
        changes.labelsAdded += node.labels.count
        rows.columns[node.slot.index].append(.node(created))
      case .relationship(let edge):
        let created = try createEdge(edge, values, row, rows, &transaction)
        changes.edgesCreated += 1
        rows.columns[edge.slot.index].append(.edge(created))
      }
    }
    for path in create.paths {
      let nodes = path.nodes.compactMap { rows.columns[$0.index].node(row) }
      let edges = path.relationships.compactMap { rows.columns[$0.index].edge(row) }
      let isWhole = nodes.count == path.nodes.count && nodes.count == edges.count + 1
      rows.columns[path.slot.index].append(
        isWhole ? .path(Path(nodes: nodes, edges: edges)) : .null)
    }
  }

  /// What an element is created with. Where only values are asked for, what was created before need
  /// not be brought into indexes and groups of neighbours each time.
  private func evaluate(
    _ properties: PropertyExpressions, _ row: Int, _ rows: Batch,
    _ transaction: inout GraphTransaction, _ run: ExecutionRun
  ) throws -> [Property] {
    func values(_ graph: borrowing GraphView) throws -> [Property] {
      try properties.values(row, of: rows, refusesNull: refusesNull, graph, run)
    }
    return switch properties.reach {
    case .nothing: try transaction.readWithoutChanges(values)
    case .properties: try transaction.readProperties(values)
    case .graph: try transaction.read(values)
    }
  }

  private func createNode(
    _ node: BoundNewNode, _ values: [Property], _ transaction: inout GraphTransaction
  ) throws -> NodeID {
    let isKeyed = transaction.hasKeys(node.labels)
    var key: Text?
    var properties = values
    if isKeyed, let index = values.firstIndex(where: { $0.name == "key" }),
      case .string(let text) = values[index].value
    {
      key = text
      properties.remove(at: index)
    }
    let applied = try transaction.apply(
      .createNode(labels: node.labels, key: key, properties: properties))
    guard let created = applied.node else { throw PatternCreator.nothingCreated }
    return created
  }

  private func createEdge(
    _ edge: BoundNewRelationship, _ values: [Property], _ row: Int, _ rows: Batch,
    _ transaction: inout GraphTransaction
  ) throws -> EdgeID {
    guard let from = rows.columns[edge.from.index].node(row),
      let to = rows.columns[edge.to.index].node(row)
    else {
      throw StemmaError(
        .queryRuntime, "a relationship cannot be created from or to null",
        advice: "filter out the rows in which the node is null",
        classification: CypherClassification(
          type: "SemanticError", phase: .runtime, detail: "MissingNode"))
    }
    let applied = try transaction.apply(
      .createEdge(type: edge.type, from: .id(from), to: .id(to), properties: values))
    guard let created = applied.edge else { throw PatternCreator.nothingCreated }
    return created
  }

  private static let nothingCreated = StemmaError(
    .storeDamaged, "the store did not say what it created", advice: "run stemma verify")
}
