// The engine against the naive evaluator, and against itself: without rules, with batches of one
// row, on LMDB instead of memory. A disagreement is a text with all that is needed to see it again.

import Base
import Foundation
import Reference
import Stemma

/// Graph after graph, each asked some dozens of questions.
final class DifferentialRun {
  private(set) var compared = 0
  /// Queries without a determined answer, or with a very large one.
  private(set) var skipped = 0
  private(set) var rows = 0
  private(set) var disagreements: [String] = []

  private var random: SplitMix64
  private let folder: URL?
  private var graphs = 0

  private static let pathsPerGraph = 12
  private static let readingsPerGraph = 60
  private static let readingsAfterWriting = 6
  /// Every so many graphs lie in LMDB.
  private static let graphsPerFolder = 25
  static let mostDisagreements = 20

  private static let engines = [
    EngineOptions(batchRows: 1), EngineOptions(appliesRules: false),
    EngineOptions(batchRows: 3, appliesRules: false),
  ]

  /// `folder` is where stores on disk are made; without one all are in memory.
  init(seed: UInt64, folder: URL? = nil) {
    random = SplitMix64(seed: seed)
    self.folder = folder
  }

  /// Compares until so many queries have been compared.
  func run(queries: Int, progress: (DifferentialRun) -> Void = { _ in }) throws {
    while compared < queries, disagreements.count < Self.mostDisagreements {
      try runGraph(limit: queries)
      if graphs % 500 == 0 { progress(self) }
    }
  }

  private func runGraph(limit: Int) throws {
    graphs += 1
    let seed = random.next()
    var generator = QueryGenerator(seed: seed)
    var source = SplitMix64(seed: seed ^ 0x9E37)
    let graph = NaiveGraph(random: &source)
    let path =
      graphs % Self.graphsPerFolder == 0 ? folder?.appendingPathComponent("\(graphs)") : nil
    defer { if let path { try? FileManager.default.removeItem(at: path) } }
    let database = try Self.database(path)
    _ = try database.query(graph.creation, options: Self.write)
    if graphs % 3 == 0 {
      for index in ["byV FOR (n:A) ON (n.v)", "byI FOR (n:B) ON (n.i)"] {
        _ = try database.query("CREATE INDEX \(index)", options: Self.write)
      }
    }
    for _ in 0..<Self.pathsPerGraph where compared < limit {
      try comparePaths(PathQuestion(random: &source), database, graph)
    }
    var runner = NaiveRunner(graph: graph)
    for _ in 0..<Self.readingsPerGraph where compared < limit {
      try compare(generator.reading(), &runner, database, graph)
    }
    guard compared < limit, try compareWriting(generator.writing(), &runner, database, graph)
    else { return }
    for _ in 0..<Self.readingsAfterWriting where compared < limit {
      try compare(generator.reading(), &runner, database, graph)
    }
  }

  /// What the naive evaluator answers at all, the engine answers with far less, on a machine that
  /// is busy with other things as well.
  static let read = QueryOptions(
    limits: QueryLimits(timeMilliseconds: 120_000, pathExpansions: 20_000_000))
  static let write = QueryOptions(write: WriteProvenance(actor: "test", reason: "test"))

  private static func database(_ path: URL?) throws -> Database {
    guard let path else { return try Database.inMemory(surroundings: .system) }
    return try Database.create(
      at: path.path, Database.Creation(schemaText: nil), surroundings: .system)
  }

  // MARK: Reading

  private func compare(
    _ query: NaiveQuery, _ runner: inout NaiveRunner, _ database: Database, _ graph: NaiveGraph
  ) throws {
    let expected: NaiveAnswer
    do { expected = try runner.run(query) } catch is NaiveError {
      skipped += 1
      return
    }
    compared += 1
    rows += expected.rows.count
    let wanted = Answer(expected, query)
    check(query, wanted, graph, "the engine") {
      try database.query(query.text, options: Self.read)
    }
    // Each other engine sees a part of the queries.
    let engine = Self.engines[compared % Self.engines.count]
    if compared % 4 == 0 {
      check(query, wanted, graph, "\(engine)") {
        try database.query(query.text, options: Self.read, engine: engine)
      }
    }
  }

  private func check(
    _ query: NaiveQuery, _ wanted: Answer, _ graph: NaiveGraph, _ who: String,
    _ ask: () throws -> QueryResult
  ) {
    do {
      let result = try ask()
      if let limit = result.stoppedBy {
        return report(query, graph, "\(who) was stopped by \(limit); expected \(wanted)")
      }
      let actual = Answer(result, query)
      if actual == wanted { return }
      report(query, graph, "\(who) answers \(actual), expected \(wanted)")
    } catch let error as StemmaError {
      report(query, graph, "\(who) fails: \(error.message); expected \(wanted)")
    } catch { report(query, graph, "\(who) fails: \(error)") }
  }

  private func report(_ query: NaiveQuery, _ graph: NaiveGraph, _ what: String) {
    guard disagreements.count < Self.mostDisagreements else { return }
    disagreements.append("\(graph.creation)\n\(query.text)\n\(what)\n")
  }

  /// Entities are ordered by their identities, so by when they were made; the naive evaluator
  /// orders them by their numbers. Where a query made them in another order, Cypher leaves the
  /// answer open.
  private func isInOrder(_ database: Database) throws -> Bool {
    try ["MATCH (n) RETURN n.i ORDER BY n", "MATCH ()-[n]->() RETURN n.i ORDER BY n"].allSatisfy {
      let numbers = try database.query($0).rows.map { Self.numbers(.list($0)) }
      return zip(numbers, numbers.dropFirst()).allSatisfy { $0[0] <= $1[0] }
    }
  }

  // MARK: Paths

  /// A selector may leave a choice, so that the answer is judged, not compared.
  private func comparePaths(
    _ question: PathQuestion, _ database: Database, _ graph: NaiveGraph
  ) throws {
    let engine = EngineOptions(
      batchRows: compared % 3 == 0 ? 1 : 2_048, appliesRules: compared % 2 == 0)
    var complaint: String?
    do {
      // What is too large for the search is not asked: the engine would enumerate it.
      let all = try PathSearch.bindings(question, in: graph)
      let result = try database.query(question.text, options: Self.read, engine: engine)
      let rows = result.rows.map { row in row.map(Self.numbers) }
      complaint = question.complaint(about: rows, among: all)
      self.rows += rows.count
    } catch is NaiveError {
      skipped += 1
      return
    } catch let error as StemmaError { complaint = "fails: \(error.message)" }
    compared += 1
    guard let complaint, disagreements.count < Self.mostDisagreements else { return }
    disagreements.append("\(graph.creation)\n\(question.text)\n\(engine): \(complaint)\n")
  }

  private static func numbers(_ value: Value) -> [Int] {
    guard case .list(let elements) = value else { return [] }
    return elements.map { element in
      if case .integer(let number) = element { return Int(number) }
      return -1
    }
  }

  // MARK: Writing

  /// `false` where the graph is not known any more.
  private func compareWriting(
    _ query: NaiveQuery, _ runner: inout NaiveRunner, _ database: Database, _ graph: NaiveGraph
  ) throws -> Bool {
    var after = runner
    let expected: NaiveAnswer
    do { expected = try after.run(query) } catch is NaiveError {
      skipped += 1
      return false
    }
    compared += 1
    check(query, Answer(expected, query), graph, "the engine") {
      try database.query(query.text, options: Self.write)
    }
    let content = try StoredContent.lines(of: database)
    if content != after.graph.content {
      report(
        query, graph,
        "the store holds\n\(content.joined(separator: "\n"))\nexpected\n"
          + after.graph.content.joined(separator: "\n"))
      return false
    }
    // Afterwards the numbers of nodes and edges must still name them.
    guard after.graph.isNumbered, try isInOrder(database) else { return false }
    runner = NaiveRunner(graph: after.graph.renumbered)
    return true
  }
}
