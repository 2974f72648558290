// `stemma query`: one Cypher text or named query, its rows on standard output.

import ArgumentParser
import Base
import Lineage
import Rendering
import Stemma

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Run a Cypher query or a named one.",
    discussion: """
      Examples:
        stemma query 'MATCH (p:Proposal)-[:DERIVED_FROM]->(q) RETURN p.key, q.key'
        stemma query @failed-siblings --param key=P42
        stemma query 'MATCH (e:Eval) WHERE e.value < $x RETURN e' -p x=1.5
        stemma query --as-of 2026-11-01T00:00:00Z 'MATCH (n) RETURN count(n)'
        stemma query --write --reason 'a note' 'CREATE (:Finding {statement: "x"})'
        stemma query --file report.cypher --format csv > report.csv
        stemma query --explain @recent --format json

      A query that a limit stopped prints what it has, says so, and exits with 6.
      `stemma query --list` shows the named queries.
      """)

  @Argument(help: "A Cypher text, or @name for a named query.")
  var text: String?

  @Option(help: "Read the query from a file; - is standard input.")
  var file: String?

  @Flag(help: "List the named queries.")
  var list = false

  @Flag(help: "Print the plan instead of running the query.")
  var explain = false

  @Flag(help: "Run the query, drop its rows and print what each step of the plan did.")
  var profile = false

  @Flag(help: "Allow the query to write; needs --reason.")
  var write = false

  @Option(help: "Why it writes; kept in the log.")
  var reason: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var parameters: ParameterOptions
  @OptionGroup var reading: ReadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard list || (text == nil) != (file == nil) else {
      throw ValidationError("give one query: a text, @name, or --file")
    }
    if explain, profile { throw ValidationError("give --explain or --profile, not both") }
    if write, reason == nil {
      throw ValidationError("--write needs --reason: it is kept in the log")
    }
  }

  func run() throws {
    if list { return try NamedQueryList.print(as: output.format) }
    let (query, given, named) = try resolve()
    let database = write ? try store.openForWriting() : try store.openForReading()
    let moment = try reading.queryOptions(cancellation: nil)
    let values = try named?.arguments(given, in: database, options: moment) ?? given
    if explain || profile { return try printPlan(of: query, values, in: database) }
    let result = try Interrupt.stopping { token in
      let options = try options(token)
      var writer = output.writer()
      let result = try database.query(query, parameters: values, options: options) {
        columns, rows, entities in
        try writer.append(columns: columns, rows: rows, entities: entities)
        return true
      }
      try writer.finish(result)
      return result
    }
    SideEffectsText.printError(result)
    reportCompleteness(of: result)
  }

  private func options(_ token: CancellationToken) throws -> QueryOptions {
    var options = try reading.queryOptions(cancellation: token)
    if write {
      options.write = WriteProvenance(actor: Text(Account.actor), reason: Text(reason ?? ""))
    }
    options.mode = explain ? .explain : profile ? .profile : .run
    return options
  }

  private func reportCompleteness(of result: QueryResult) {
    guard !result.complete else { return }
    Terminal.printError("not complete: " + (result.stoppedBy ?? "stopped"))
    Failure.exit(.incomplete)
  }

  /// The plan as text, a line per operation, or as one JSON object.
  private func printPlan(
    of query: String, _ values: [String: Value], in database: Database
  ) throws {
    let result = try Interrupt.stopping { token in
      try database.query(query, parameters: values, options: try options(token))
    }
    switch (output.format, result.plan) {
    case (.json, let plan?), (.jsonl, let plan?):
      try Terminal.print(PlanText.json(plan, of: result))
    default:
      for row in result.rows {
        if case .string(let line)? = row.first { try Terminal.print(line.string + "\n") }
      }
    }
    reportCompleteness(of: result)
  }

  /// The query's text and parameters, named queries with their declared types and defaults.
  private func resolve() throws -> (String, [String: Value], NamedQuery?) {
    let given = try parameters.values()
    let source = try file.map { try TextFile.read($0) } ?? text ?? ""
    guard source.hasPrefix("@") else { return (source, given, nil) }
    let named = try NamedQueries.shipped(named: source)
    // What is wrong without a store is said without one.
    return (named.text, try named.arguments(given), named)
  }
}
