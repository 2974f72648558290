// `stemma.changes(from, to)`: what the transactions after `from`, up to and including `to`,
// changed.

import Base
import Executor
import Graph
import Planner

/// The log as rows: one per operation and property.
enum ChangesProcedure {
  static let entry = BuiltInProcedures.entry(
    "stemma.changes", inputs: [("from", "INTEGER"), ("to", "INTEGER")],
    outputs: [
      ("transaction", "INTEGER"), ("committedAt", "DATETIME"), ("actor", "STRING"),
      ("reason", "STRING"), ("operation", "STRING"), ("node", "INTEGER?"), ("edge", "INTEGER?"),
      ("name", "STRING?"), ("value", "ANY?"),
    ], "what the transactions after `from`, up to `to`, changed"
  ) { arguments, graph, run in try rows(arguments, graph, run) }

  private static func rows(
    _ arguments: [Value], _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [[Value]] {
    guard arguments.count == 2, case .integer(let from) = arguments[0],
      case .integer(let to) = arguments[1]
    else { return [] }
    let last = min(UInt64(clamping: to), graph.snapshot.rawValue)
    var number = UInt64(clamping: from)
    var rows: [[Value]] = []
    while number < last {
      number += 1
      try run.tick()
      guard let record = try graph.record(of: TransactionNumber(number)) else { continue }
      let before = rows.count
      for operation in record.operations { rows += changes(operation, record.header) }
      try run.charge(memoryBytes: (rows.count - before) * 400)
    }
    return rows
  }

  /// The rows of one operation: itself, then the properties that it sets.
  private static func changes(
    _ operation: LoggedOperation, _ header: RecordHeader
  ) -> [[Value]] {
    func row(_ name: String, _ what: Value, _ value: Value = .null) -> [Value] {
      let (node, edge) = operation.entity
      return [
        .integer(Int64(clamping: header.transaction.rawValue)), .dateTime(header.moment),
        .string(header.actor), .string(header.reason), .text(name),
        node.map { .integer(Int64(clamping: $0.rawValue)) } ?? .null,
        edge.map { .integer(Int64(clamping: $0.rawValue)) } ?? .null, what, value,
      ]
    }
    let properties = operation.properties.map {
      row("set property", .string($0.name), $0.value)
    }
    switch operation {
    case .createNode(_, let labels, let key, _):
      let labels = Value.list(labels.map { .string($0) })
      return [row("create node", key.map { .string($0) } ?? .null, labels)] + properties
    case .createEdge(_, let type, _, _, _):
      return [row("create relationship", .string(type))] + properties
    case .setNodeProperty, .setEdgeProperty: return properties
    case .addLabel(_, let label): return [row("add label", .string(label))]
    case .removeLabel(_, let label): return [row("remove label", .string(label))]
    case .deleteNode: return [row("delete node", .null)]
    case .deleteEdge: return [row("delete relationship", .null)]
    case .defineSchema(let schema): return [row("define schema", .string(schema.name))]
    case .createIndex(let index): return [row("create index", .string(index.name))]
    case .dropIndex(let name): return [row("drop index", .string(name))]
    case .trail(let entry): return [row("audit \(entry.kind)", .string(entry.name))]
    }
  }
}

extension LoggedOperation {
  /// The node or edge that the operation is about.
  fileprivate var entity: (node: NodeID?, edge: EdgeID?) {
    switch self {
    case .createNode(let node, _, _, _), .setNodeProperty(let node, _), .addLabel(let node, _),
      .removeLabel(let node, _), .deleteNode(let node):
      (node, nil)
    case .createEdge(let edge, _, _, _, _), .setEdgeProperty(let edge, _), .deleteEdge(let edge):
      (nil, edge)
    case .defineSchema, .createIndex, .dropIndex, .trail: (nil, nil)
    }
  }
}

extension RecordHeader {
  /// The commit time in UTC.
  fileprivate var moment: ZonedDateTime {
    let microseconds = committedAt.rawValue
    var seconds = microseconds / 1_000_000
    var rest = microseconds % 1_000_000
    if rest < 0 {
      seconds -= 1
      rest += 1_000_000
    }
    return ZonedDateTime(
      secondsSinceEpoch: seconds, nanosecondsOfSecond: Int32(rest * 1_000), offsetSeconds: 0,
      zoneName: nil)
  }
}
