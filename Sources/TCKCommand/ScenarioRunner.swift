// Runs one scenario on a fresh graph in memory. It must know no scenario by name, and the engine
// must not know that it is being tested.

import Base
import Foundation
import Stemma

/// A scenario at work.
struct ScenarioRunner {
  /// A verdict that ends the scenario early.
  private struct Verdict: Error {
    var outcome: Outcome
  }

  private let graphs: NamedGraphs
  private var procedures: [Procedure] = []
  private var database: Database?
  private var parameters: [String: Value] = [:]
  private var lastResult: Result<QueryResult, any Error>?
  private var before: GraphObservation?
  private var hasFailedAsExpected = false

  /// Runs a scenario to its verdict.
  static func run(_ scenario: Scenario, graphs: NamedGraphs) -> Outcome {
    var runner = ScenarioRunner(graphs: graphs)
    do {
      for step in scenario.steps where step.text.hasPrefix("there exists a procedure ") {
        runner.procedures.append(try ProcedureTable.procedure(step))
      }
      for step in scenario.steps { try runner.perform(step) }
      try runner.finish()
      return .pass
    } catch let verdict as Verdict {
      return verdict.outcome
    } catch let error as CellSyntaxError {
      return .skip("the runner cannot read the cell \(error.cell)")
    } catch {
      return .error(Self.description(error))
    }
  }

  private init(graphs: NamedGraphs) { self.graphs = graphs }

  private mutating func perform(_ step: Step) throws {
    let text = step.text
    if text == "an empty graph" || text == "any graph" {
      try startGraph()
    } else if text.hasPrefix("the "), text.hasSuffix(" graph") {
      try startGraph()
      for script in try graphs.scripts(of: String(text.dropFirst(4).dropLast(6))) {
        _ = try execute(script, parameters: [:])
      }
    } else if text.hasPrefix("there exists a procedure ") {
      // All procedures were declared before the graph was made.
    } else if text == "having executed:" {
      _ = try execute(step.documentString ?? "", parameters: [:])
    } else if text == "parameters are:" {
      try readParameters(step.table ?? [])
    } else if text == "executing query:" {
      before = try GraphObservation(currentDatabase())
      runQuery(step)
    } else if text == "executing control query:" {
      try rejectUnexpectedError()
      runQuery(step)
    } else {
      try judge(step)
    }
  }

  private mutating func startGraph() throws {
    database = try Database.inMemory(
      surroundings: Surroundings.system, procedures: procedures)
  }

  private func currentDatabase() throws -> Database {
    guard let database else { throw Verdict(outcome: .skip("the scenario names no graph")) }
    return database
  }

  private func execute(_ query: String, parameters: [String: Value]) throws -> QueryResult {
    var options = QueryOptions()
    options.write = WriteProvenance(actor: "tck", reason: "scenario")
    return try currentDatabase().query(query, parameters: parameters, options: options)
  }

  private mutating func runQuery(_ step: Step) {
    lastResult = Result { try execute(step.documentString ?? "", parameters: parameters) }
  }

  private mutating func readParameters(_ table: [[String]]) throws {
    for row in table where row.count == 2 {
      guard let value = try CellValueParser.parse(row[1]).parameter else {
        throw Verdict(outcome: .skip("a parameter cannot be \(row[1])"))
      }
      parameters[row[0]] = value
    }
  }

  private mutating func judge(_ step: Step) throws {
    let text = step.text
    if text.hasPrefix("the result should be") {
      try judgeResult(text, step.table)
    } else if text == "no side effects" {
      try judgeSideEffects([:])
    } else if text == "the side effects should be:" {
      var effects: [String: Int] = [:]
      for row in step.table ?? [] where row.count == 2 { effects[row[0]] = Int(row[1]) }
      try judgeSideEffects(effects)
    } else if text.contains(" should be raised at ") {
      try judgeError(text)
    } else {
      throw Verdict(outcome: .skip("unknown step: \(text)"))
    }
  }

  private func judgeResult(_ text: String, _ table: [[String]]?) throws {
    let result = try successfulResult()
    if text == "the result should be empty" {
      guard result.rows.isEmpty else {
        throw Verdict(outcome: .wrong("\(result.rows.count) rows, expected none"))
      }
      return
    }
    let expected = try ResultTable(expected: table ?? [])
    let mismatch = expected.mismatch(
      ResultTable(result), inOrder: text.contains("in order"),
      ignoringListOrder: text.contains("ignoring element order for lists"))
    if let mismatch { throw Verdict(outcome: .wrong(mismatch)) }
  }

  private func judgeSideEffects(_ expected: [String: Int]) throws {
    if !hasFailedAsExpected { _ = try successfulResult() }
    try compareSideEffects(expected)
  }

  private func compareSideEffects(_ expected: [String: Int]) throws {
    guard let before else { return }
    let actual = try GraphObservation(currentDatabase()).difference(from: before)
    if actual != expected.filter({ $0.value != 0 }) {
      let shown = { (effects: [String: Int]) in
        effects.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      }
      throw Verdict(
        outcome: .wrong("side effects [\(shown(actual))], expected [\(shown(expected))]"))
    }
  }

  /// `a TypeError should be raised at runtime: InvalidArgumentType`; the graph must not change.
  private mutating func judgeError(_ text: String) throws {
    let parts = text.components(separatedBy: " should be raised at ")
    let type = String(parts[0].split(separator: " ").last ?? "")
    let place = parts[1].components(separatedBy: ": ")
    let phase = place[0].trimmingCharacters(in: CharacterSet(charactersIn: " :"))
    let detail = place.count > 1 ? place[1].trimmingCharacters(in: .whitespaces) : "*"
    let wanted = "\(type) at \(phase): \(detail)"
    switch lastResult {
    case nil: throw Verdict(outcome: .skip("no query was run"))
    case .success(let result):
      throw Verdict(outcome: .wrong("\(result.rows.count) rows, expected \(wanted)"))
    case .failure(let error):
      guard let actual = (error as? StemmaError)?.classification else {
        throw Verdict(outcome: .error("\(Self.description(error)), expected \(wanted)"))
      }
      let matches =
        actual.type == type && (phase == "any time" || actual.phase.rawValue == phase)
        && (detail == "*" || actual.detail == detail)
      guard matches else {
        throw Verdict(outcome: .error("\(Self.description(error)), expected \(wanted)"))
      }
    }
    lastResult = nil
    hasFailedAsExpected = true
    try compareSideEffects([:])
  }

  private func successfulResult() throws -> QueryResult {
    switch lastResult {
    case nil: throw Verdict(outcome: .skip("no query was run"))
    case .success(let result):
      guard result.complete else {
        throw Verdict(outcome: .error("stopped by \(result.stoppedBy ?? "an unnamed limit")"))
      }
      return result
    case .failure(let error): throw Verdict(outcome: .error(Self.description(error)))
    }
  }

  private func rejectUnexpectedError() throws {
    if case .failure(let error)? = lastResult {
      throw Verdict(outcome: .error(Self.description(error)))
    }
  }

  /// A query whose error nobody asked about fails the scenario.
  private func finish() throws { try rejectUnexpectedError() }

  private static func description(_ error: any Error) -> String {
    guard let error = error as? StemmaError else { return String(describing: error) }
    guard let known = error.classification else {
      return "\(error.code.rawValue): \(error.message)"
    }
    return "\(known.type) at \(known.phase.rawValue): \(known.detail) (\(error.message))"
  }
}
