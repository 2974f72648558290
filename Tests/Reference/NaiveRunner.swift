// Clauses over rows: each clause is carried out for all rows before the next one sees any.

/// The answer of a query.
public struct NaiveAnswer: Sendable {
  public var columns: [String]
  public var rows: [[NaiveValue]]
}

/// Runs queries, changing its graph where they write.
public struct NaiveRunner {
  var evaluator: NaiveEvaluator
  public var graph: NaiveGraph { evaluator.graph }
  private static let mostRows = 4_000

  public init(graph: NaiveGraph) { evaluator = NaiveEvaluator(graph: graph) }

  /// Throws `NaiveError` where there is no answer to compare with.
  public mutating func run(_ query: NaiveQuery) throws -> NaiveAnswer {
    evaluator.effort.renew()
    var answer = NaiveAnswer(columns: [], rows: [])
    for clauses in query.branches {
      var rows: [NaiveRow] = [[:]]
      var columns: [String] = []
      for clause in clauses {
        rows = try apply(clause, to: rows)
        if rows.count > Self.mostRows { throw NaiveError.tooLarge }
        if case .project(let projection) = clause { columns = projection.items.map(\.name) }
      }
      if case .project(let last)? = clauses.last, last.isReturn {
        if answer.columns.isEmpty { answer.columns = columns }
        answer.rows += rows.map { row in answer.columns.map { row[$0] ?? .null } }
      }
    }
    if query.branches.count > 1, !query.isUnionAll {
      var seen: Set<[NaiveValue]> = []
      answer.rows = answer.rows.filter { seen.insert($0.map(\.identity)).inserted }
    }
    return answer
  }

  private mutating func apply(_ clause: NaiveClause, to rows: [NaiveRow]) throws -> [NaiveRow] {
    switch clause {
    case .match(let match):
      let matcher = NaiveMatcher(evaluator: evaluator)
      return try rows.flatMap { row -> [NaiveRow] in
        let found = try matcher.rows(match, from: row)
        guard found.isEmpty, match.isOptional else { return found }
        return [row.merging(match.nulls) { old, _ in old }]
      }
    case .unwind(let list, let name):
      return try rows.flatMap { row -> [NaiveRow] in
        switch try evaluator.value(list, row) {
        case .null: return []
        case .list(let elements): return elements.map { row.merging([name: $0]) { $1 } }
        case let single: return [row.merging([name: single]) { $1 }]
        }
      }
    case .project(let projection):
      return try NaiveProjector(evaluator: evaluator, projection: projection).rows(rows)
    case .update(let update): return try self.update(update, rows)
    }
  }

  private mutating func update(
    _ update: NaiveUpdate, _ rows: [NaiveRow]
  ) throws -> [NaiveRow] {
    if case .delete(let name, let detaches) = update {
      try delete(rows.compactMap { $0[name] }, detaches: detaches)
      return rows
    }
    return try rows.flatMap { row -> [NaiveRow] in
      // MERGE yields a row for each match, and one for what it makes.
      [NaiveRow](repeating: row, count: try self.update(update, row))
    }
  }

  /// Carries out an update for a row and says how many rows come of it.
  private mutating func update(_ update: NaiveUpdate, _ row: NaiveRow) throws -> Int {
    func node(_ name: String) -> Int? {
      if case .node(let number)? = row[name] { return number }
      return nil
    }
    switch update {
    case .set(let name, let property, let expression):
      let value = try evaluator.value(expression, row)
      guard let number = node(name) else { return 1 }
      evaluator.graph.nodes[number]?.properties[property] = value.isNull ? nil : value
    case .setLabel(let name, let label):
      if let number = node(name) { evaluator.graph.nodes[number]?.labels.insert(label) }
    case .removeLabel(let name, let label):
      if let number = node(name) { evaluator.graph.nodes[number]?.labels.remove(label) }
    case .removeProperty(let name, let property):
      if let number = node(name) { evaluator.graph.nodes[number]?.properties[property] = nil }
    case .create(let from, let type, let label, let number):
      guard let start = node(from) else { throw NaiveError.undefined }
      let made = addNode(label, ["i": try evaluator.value(number, row)])
      addEdge(start, type, made, try evaluator.value(number, row))
    case .mergeNode(let label, let expression):
      return try mergeNode(label, try evaluator.value(expression, row))
    case .mergeEdge(let from, let type, let to):
      guard let start = node(from), let end = node(to) else { throw NaiveError.undefined }
      let matches = evaluator.graph.edges.values.filter {
        $0.from == start && $0.to == end && $0.type == type
      }
      if matches.isEmpty {
        let first = try evaluator.graph.property("i", of: .node(start))
        let second = try evaluator.graph.property("i", of: .node(end))
        let number = try NaiveEvaluator.arithmetic(
          "+", .integer(5000),
          NaiveEvaluator.arithmetic(
            "+", NaiveEvaluator.arithmetic("*", first, .integer(100)), second))
        addEdge(start, type, end, number)
      }
      return max(1, matches.count)
    case .delete: break
    }
    return 1
  }

  private mutating func mergeNode(_ label: String, _ value: NaiveValue) throws -> Int {
    if value.isNull { throw NaiveError.undefined }
    let matches = evaluator.graph.nodes.filter {
      $0.value.labels.contains(label)
        && ($0.value.properties["v"] ?? .null).equals(value) == true
    }
    for number in matches.keys {
      let count = evaluator.graph.nodes[number]?.properties["c"] ?? .integer(0)
      evaluator.graph.nodes[number]?.properties["c"] = try NaiveEvaluator.arithmetic(
        "+", count, .integer(1))
    }
    if matches.isEmpty {
      let number = try NaiveEvaluator.arithmetic("+", .integer(2000), value)
      _ = addNode(label, ["v": value, "c": .integer(1), "i": number])
    }
    return max(1, matches.count)
  }

  private mutating func addNode(_ label: String, _ properties: [String: NaiveValue]) -> Int {
    let number = (evaluator.graph.nodes.keys.max() ?? 0) + 1_000
    evaluator.graph.nodes[number] = NaiveGraph.Node(
      labels: [label], properties: properties.filter { !$0.value.isNull })
    return number
  }

  private mutating func addEdge(_ from: Int, _ type: String, _ to: Int, _ number: NaiveValue) {
    let identity = (evaluator.graph.edges.keys.max() ?? 0) + 1_000
    evaluator.graph.edges[identity] = NaiveGraph.Edge(
      from: from, to: to, type: type, properties: number.isNull ? [:] : ["i": number])
  }

  /// All at once: what hangs on a deleted node is looked at afterwards.
  private mutating func delete(_ values: [NaiveValue], detaches: Bool) throws {
    for case .edge(let number) in values { evaluator.graph.edges[number] = nil }
    let nodes = Set(values.compactMap { if case .node(let number) = $0 { number } else { nil } })
    let hanging = evaluator.graph.edges.filter {
      nodes.contains($0.value.from) || nodes.contains($0.value.to)
    }
    if !hanging.isEmpty, !detaches { throw NaiveError.undefined }
    for number in hanging.keys { evaluator.graph.edges[number] = nil }
    for number in nodes { evaluator.graph.nodes[number] = nil }
  }
}

extension NaiveMatch {
  /// What OPTIONAL MATCH binds where nothing is found.
  var nulls: NaiveRow {
    var names: NaiveRow = [:]
    for pattern in patterns {
      if let path = pattern.path { names[path] = .null }
      for node in pattern.nodes { if let name = node.name { names[name] = .null } }
      for step in pattern.steps { if let name = step.name { names[name] = .null } }
    }
    return names
  }
}
