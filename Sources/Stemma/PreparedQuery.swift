// A text that is run again and again: compiled once, its operators and their buffers used again.

public import Base
import Planner

/// A prepared Cypher text. Any number of threads may run it at once.
public final class PreparedQuery: Sendable {
  private let database: Database
  private let compiled: CachedStatement

  init(_ database: Database, _ compiled: CachedStatement) {
    self.database = database
    self.compiled = compiled
  }

  /// The names of the parameters, in the order of the text.
  public var parameters: [String] { compiled.statement.parameters.map(\.string) }

  /// Runs the query in one snapshot and collects its rows.
  public func run(
    _ parameters: [String: Value] = [:], options: QueryOptions = QueryOptions()
  ) throws -> QueryResult {
    try QueryExecution(database, compiled, parameters, options).collect()
  }
}
