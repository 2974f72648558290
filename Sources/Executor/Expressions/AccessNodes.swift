// `n.name`, `list[0]`, `map['key']`, `list[1..3]`, `n:Label`.

import Base
import Graph
import Planner

struct PropertyNode: ExpressionNode {
  let subject: any ExpressionNode
  let name: Text

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    try readProperty(name, of: subject.value(&frame, graph), graph, frame.context)
  }

  func column(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> Column {
    let subjects = try subject.column(&frame, rows, graph)
    switch subjects.kind {
    case .nodes where subjects.nulls.isEmpty && !frame.context.isWriting:
      return try gather(nodes: subjects.nodes, rows, frame.rowCount, graph)
    case .edges where subjects.nulls.isEmpty && !frame.context.isWriting:
      return try gather(edges: subjects.edges, rows, frame.rowCount, graph)
    default:
      var values = [Value](repeating: .null, count: frame.rowCount)
      for row in rows.rows {
        values[Int(row)] = try readProperty(name, of: subjects[Int(row)], graph, frame.context)
      }
      return Column(values: values)
    }
  }

  /// One call to the graph for all rows.
  private func gather(
    nodes: [NodeID], _ rows: RowSelection, _ rowCount: Int, _ graph: borrowing GraphView
  ) throws -> Column {
    guard let symbol = try graph.symbol(for: name) else {
      return Column(repeating: .null, count: rowCount)
    }
    var values = Column()
    guard case .some(let selected) = rows else {
      try graph.gather(symbol, of: nodes.span, into: &values)
      return values
    }
    let wanted = selected.map { nodes[Int($0)] }
    try graph.gather(symbol, of: wanted.span, into: &values)
    return Column(scattering: values, to: selected, count: rowCount)
  }

  private func gather(
    edges: [EdgeID], _ rows: RowSelection, _ rowCount: Int, _ graph: borrowing GraphView
  ) throws -> Column {
    guard let symbol = try graph.symbol(for: name) else {
      return Column(repeating: .null, count: rowCount)
    }
    var values: [Value] = []
    values.reserveCapacity(rowCount)
    guard case .some(let selected) = rows else {
      try graph.gather(symbol, of: edges.span, into: &values)
      return Column(values: values)
    }
    let wanted = selected.map { edges[Int($0)] }
    try graph.gather(symbol, of: wanted.span, into: &values)
    return Column(scattering: values, to: selected, count: rowCount)
  }
}

extension Column {
  /// Rows put at some places; the others mean nothing.
  init(scattering source: Column, to rows: [Int32], count: Int) {
    self.init(source.kind)
    switch source.kind {
    case .integers: integers = Self.scatter(source.integers, 0, rows, count)
    case .floats: floats = Self.scatter(source.floats, 0, rows, count)
    case .booleans: booleans = Self.scatter(source.booleans, false, rows, count)
    case .nodes: nodes = Self.scatter(source.nodes, NodeID(0), rows, count)
    case .edges: edges = Self.scatter(source.edges, EdgeID(0), rows, count)
    case .values: values = Self.scatter(source.values, .null, rows, count)
    }
    if !source.nulls.isEmpty { nulls = Self.scatter(source.nulls, true, rows, count) }
  }

  private static func scatter<Item>(
    _ items: [Item], _ none: Item, _ rows: [Int32], _ count: Int
  ) -> [Item] {
    var all = [Item](repeating: none, count: count)
    for index in rows.indices { all[Int(rows[index])] = items[index] }
    return all
  }

  /// Values put at some rows, null elsewhere.
  init(scattering values: [Value], to rows: [Int32], count: Int) {
    var all = [Value](repeating: .null, count: count)
    for index in rows.indices { all[Int(rows[index])] = values[index] }
    self.init(values: all)
  }
}

/// `list[index]`, `map[key]`, `node[key]`.
struct SubscriptNode: ExpressionNode {
  let subject: any ExpressionNode
  let index: any ExpressionNode

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let container = try subject.value(&frame, graph)
    let key = try index.value(&frame, graph)
    switch (container, key) {
    case (.null, _), (_, .null): return .null
    case (.list(let elements), .integer(let number)):
      // From the end where it is negative; no overflow for any number.
      let place = number < 0 ? Int64(elements.count) &+ number : number
      return place >= 0 && place < elements.count ? elements[Int(place)] : .null
    case (.list, _):
      throw StemmaError.type("a list is indexed by an integer, not \(key.shortDescription)")
    case (.map, .string(let name)), (.node, .string(let name)), (.edge, .string(let name)):
      return try readProperty(name, of: container, graph, frame.context)
    case (.map, _), (.node, _), (.edge, _):
      throw StemmaError.runtime(
        "TypeError", "MapElementAccessByNonString",
        "a property is named by a string, not \(key.shortDescription)")
    default:
      throw StemmaError.type("\(container.shortDescription) cannot be indexed")
    }
  }
}

/// `list[from..to]`: negative bounds count from the end, bounds outside are cut.
struct SliceNode: ExpressionNode {
  let subject: any ExpressionNode
  let from: (any ExpressionNode)?
  let to: (any ExpressionNode)?

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let container = try subject.value(&frame, graph)
    let lower = try from?.value(&frame, graph) ?? .integer(0)
    let upper = try to?.value(&frame, graph) ?? .integer(.max)
    if container.isNull || lower.isNull || upper.isNull { return .null }
    guard case .list(let elements) = container else {
      throw StemmaError.type("\(container.shortDescription) cannot be sliced")
    }
    guard case .integer(let first) = lower, case .integer(let last) = upper else {
      throw StemmaError.type("a list is sliced by integers")
    }
    let start = place(first, elements.count)
    let end = place(last, elements.count)
    return .list(start < end ? Array(elements[start..<end]) : [])
  }

  private func place(_ number: Int64, _ count: Int) -> Int {
    let place = number < 0 ? Int64(count) &+ number : number
    return Int(min(max(place, 0), Int64(count)))
  }
}

/// `n:Label` and label expressions; on an edge its type stands for its one label.
struct HasLabelsNode: ExpressionNode {
  let subject: any ExpressionNode
  let labels: BoundLabelExpression

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    switch try subject.value(&frame, graph) {
    case .null: return .null
    case .node(let node): return .boolean(try holds(labels, node, graph))
    case .edge(let edge):
      guard let ends = try graph.edge(edge) else { return .boolean(false) }
      return .boolean(holds(labels, type: try graph.name(of: ends.type)))
    case let other:
      throw StemmaError.type("\(other.shortDescription) has no labels")
    }
  }

  func filter(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> [Int32] {
    var kept: [Int32] = []
    kept.reserveCapacity(rows.count)
    if case .label(let name) = labels {
      let column = try subject.column(&frame, rows, graph)
      if column.kind == .nodes, column.nulls.isEmpty {
        guard let symbol = try graph.symbol(for: name) else { return [] }
        var selected: [Int32]?
        if case .some(let some) = rows { selected = some }
        try graph.filter(column.nodes.span, label: symbol, among: selected, into: &kept)
        return kept
      }
    }
    try rows.forEach { row in
      frame.row = row
      if try isTrue(&frame, graph) { kept.append(Int32(truncatingIfNeeded: row)) }
    }
    return kept
  }

  private func holds(
    _ labels: BoundLabelExpression, _ node: NodeID, _ graph: borrowing GraphView
  ) throws -> Bool {
    switch labels {
    case .label(let name):
      guard let symbol = try graph.symbol(for: name) else { return false }
      return try graph.hasLabel(symbol, node)
    case .and(let parts):
      for part in parts where try !holds(part, node, graph) { return false }
      return true
    case .or(let parts):
      for part in parts where try holds(part, node, graph) { return true }
      return false
    case .not(let part): return try !holds(part, node, graph)
    case .any: return try !graph.labels(of: node).isEmpty
    }
  }

  private func holds(_ labels: BoundLabelExpression, type: Text) -> Bool {
    switch labels {
    case .label(let name): name == type
    case .and(let parts): parts.allSatisfy { holds($0, type: type) }
    case .or(let parts): parts.contains { holds($0, type: type) }
    case .not(let part): !holds(part, type: type)
    case .any: true
    }
  }
}
