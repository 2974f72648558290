// Queries through the façade.

public import Base

extension Database {
  /// Runs a Cypher query in one snapshot and collects its rows.
  public func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = QueryOptions()
  ) throws -> QueryResult {
    var collected: [[Value]] = []
    var result = try QueryExecution(self, text, parameters, options).run(columns: { _ in }) {
      rows, _ in
      collected += rows
      return true
    }
    result.rows = collected
    return result
  }

  /// Runs a Cypher query and hands out rows in batches as they come; the result's `rows` is empty.
  /// The closure returns `false` to stop. Each batch comes with the entities that it mentions, so
  /// memory does not grow with the answer.
  public func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = QueryOptions(),
    onBatch: (_ columns: [String], _ rows: [[Value]], _ entities: EntityTable) throws -> Bool
  ) throws -> QueryResult {
    var columns: [String] = []
    var execution = QueryExecution(self, text, parameters, options)
    execution.keepsEntities = false
    return try execution.run(columns: { columns = $0 }) {
      rows, entities in
      try onBatch(columns, rows, entities)
    }
  }

  /// The plan of a query, without running it.
  public func explain(_ text: String, parameters: [String: Value] = [:]) throws -> String {
    let execution = QueryExecution(self, text, parameters, QueryOptions(mode: .explain))
    var lines: [String] = []
    _ = try execution.run(columns: { _ in }) { rows, _ in
      for row in rows { if case .string(let line)? = row.first { lines.append(line.string) } }
      return true
    }
    return lines.joined(separator: "\n")
  }

  /// Like `query`, by an engine whose plans and batches are made otherwise: the answers must be the
  /// same, which is what differential tests check.
  package func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = QueryOptions(),
    engine: EngineOptions
  ) throws -> QueryResult {
    var execution = QueryExecution(self, text, parameters, options)
    execution.engine = engine
    var collected: [[Value]] = []
    var result = try execution.run(columns: { _ in }) { rows, _ in
      collected += rows
      return true
    }
    result.rows = collected
    return result
  }
}
