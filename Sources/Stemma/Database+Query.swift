// Queries through the façade.

public import Base

extension Database {
  /// Runs a Cypher query in one snapshot and collects its rows.
  public func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = QueryOptions()
  ) throws -> QueryResult {
    try QueryExecution(self, text, parameters, options).collect()
  }

  /// Prepares a Cypher text that is to be run many times: it is parsed and bound now, and planned
  /// when it first runs and whenever statistics have moved away from its plan.
  public func prepare(_ text: String) throws -> PreparedQuery {
    PreparedQuery(self, try compiled(Text(text)))
  }

  /// The compiled text, from the cache where it is there.
  func compiled(_ text: Text) throws -> CachedStatement {
    if let known = statements[text] { return known }
    let statement = try StatementCompiler.compile(text, procedures, schema: schema())
    return statements.keep(CachedStatement(text, statement))
  }

  /// Runs a Cypher query and hands out rows in batches as they come; the result's `rows` is empty.
  /// The closure returns `false` to stop. Each batch comes with the entities that it mentions, so
  /// memory does not grow with the answer.
  public func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = QueryOptions(),
    onBatch: (_ columns: [String], _ rows: [[Value]], _ entities: EntityTable) throws -> Bool
  ) throws -> QueryResult {
    var columns: [String] = []
    let execution = try QueryExecution(self, text, parameters, options)
    execution.keepsEntities = false
    return try execution.run(columns: { columns = $0 }) {
      rows, entities in
      try onBatch(columns, rows, entities)
    }
  }

  /// The plan of a query, without running it.
  public func explain(_ text: String, parameters: [String: Value] = [:]) throws -> String {
    let execution = try QueryExecution(self, text, parameters, QueryOptions(mode: .explain))
    var lines: [String] = []
    _ = try execution.run(columns: { _ in }) { rows, _ in
      for row in rows { if case .string(let line)? = row.first { lines.append(line.string) } }
      return true
    }
    return lines.joined(separator: "\n")
  }

  /// The plan of a query at the start and after each rule that changed it, with the rule's name:
  /// what `rules:` in EXPLAIN sums up.
  package func planSteps(_ text: String) throws -> [(rule: String, plan: String)] {
    try QueryExecution(self, text, [:], QueryOptions()).planSteps()
  }

  /// Like `query`, by an engine whose plans and batches are made otherwise: the answers must be the
  /// same, which is what differential tests check.
  package func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = QueryOptions(),
    engine: EngineOptions
  ) throws -> QueryResult {
    let execution = try QueryExecution(self, text, parameters, options)
    execution.engine = engine
    return try execution.collect()
  }
}

extension QueryExecution {
  /// Runs the query and keeps its rows.
  func collect() throws -> QueryResult {
    var collected: [[Value]] = []
    var result = try run(columns: { _ in }) { rows, _ in
      if collected.isEmpty { collected = rows } else { collected += rows }
      return true
    }
    result.rows = collected
    return result
  }
}
