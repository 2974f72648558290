// What a query costs before it runs: parsing, and binding with planning, for each text of a folder.
//
//   LanguageBench [queries] [schema/lineage.gql]
//
// The promise is a median over the files under 20 us for parsing and under 100 us for the rest. Each
// file counts with the best of its rounds, in one thread, with the schema's names checked.

import Base
import Cypher
import Foundation
import Planner

struct Cost {
  var name: String
  var bytes: Int
  var parsingMicroseconds: Double
  var planningMicroseconds: Double
}

func best(of rounds: Int, _ work: () throws -> Void) rethrows -> Double {
  var least = Double.infinity
  for _ in 0..<rounds {
    let start = ContinuousClock.now
    try work()
    let parts = (ContinuousClock.now - start).components
    least = min(least, Double(parts.seconds) * 1e6 + Double(parts.attoseconds) * 1e-12)
  }
  return least
}

func median(_ numbers: [Double]) -> Double {
  let sorted = numbers.sorted()
  return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
}

let arguments = CommandLine.arguments
let folder = URL(fileURLWithPath: arguments.count > 1 ? arguments[1] : "queries")
let schemaPath = arguments.count > 2 ? arguments[2] : "schema/lineage.gql"
let rounds = 200

do {
  let schema = try GraphTypeParser.parse(
    String(contentsOf: URL(fileURLWithPath: schemaPath), encoding: .utf8))
  let environment = BindingEnvironment(schema: schema)
  let walk = FileManager.default.enumerator(atPath: folder.path)
  let files = (walk?.compactMap { $0 as? String } ?? [])
    .filter { $0.hasSuffix(".cypher") }.sorted()
  var costs: [Cost] = []
  for file in files {
    let text = Text(
      try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8))
    let source = SourceText(text)
    let statement = try Parser.parse(source)
    let parsing = try best(of: rounds) { _ = try Parser.parse(SourceText(text)) }
    guard
      let planning = try? best(
        of: rounds,
        {
          let bound = try Binder.bind(statement, source: source, environment: environment)
          guard case .query(let query) = bound.body else { return }
          _ = try Planner.plan(
            query, slotCount: bound.slots.count, catalog: EmptyCatalog(), rules: PlanRules.all)
        })
    else { continue }
    costs.append(
      Cost(
        name: file, bytes: text.utf8Count, parsingMicroseconds: parsing,
        planningMicroseconds: planning))
  }
  for cost in costs {
    print(
      String(
        format: "%7.1f us parse %7.1f us bind and plan %6d bytes  ", cost.parsingMicroseconds,
        cost.planningMicroseconds, cost.bytes) + cost.name)
  }
  print(
    String(
      format: "median of %d files: %.1f us parse, %.1f us bind and plan", costs.count,
      median(costs.map(\.parsingMicroseconds)), median(costs.map(\.planningMicroseconds))))
} catch {
  FileHandle.standardError.write(Data("LanguageBench: \(error)\n".utf8))
  exit(1)
}
