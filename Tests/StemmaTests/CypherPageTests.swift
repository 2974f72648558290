// docs/cypher.md and docs/plans.md: each block of Cypher in them is run, in order, on one store,
// and the block of results below it is what came out. `make bless` rewrites the results. What
// differs from run to run, times and memory, is left out.

import Base
import Foundation
import Stemma
import TestSupport
import Testing

@Suite struct CypherPageTests {
  @Test(arguments: [("cypher", 20), ("plans", 10)])
  func pageIsWhatTheEngineSays(_ page: String, _ least: Int) throws {
    let path = "../../docs/\(page).md"
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent(path)
    let text = try String(contentsOf: file, encoding: .utf8)
    let database = try TestStore.empty()
    var output: [String] = []
    var lines = text.components(separatedBy: "\n")[...]
    var examples = 0
    while let line = lines.popFirst() {
      output.append(line)
      guard line == "```cypher" else { continue }
      let query = takeBlock(&lines)
      output += query + ["```"]
      if lines.first == "```text" {
        lines.removeFirst()
        _ = takeBlock(&lines)
      }
      output += ["```text"] + answer(query.joined(separator: "\n"), database) + ["```"]
      examples += 1
    }
    #expect(examples > least)
    try Golden.expect(output.joined(separator: "\n"), matches: path)
  }

  /// The lines up to the fence, which is dropped.
  private func takeBlock(_ lines: inout ArraySlice<String>) -> [String] {
    var block: [String] = []
    while let line = lines.popFirst(), line != "```" { block.append(line) }
    return block
  }

  /// A line of a plan, without what no two runs have in common.
  private func line(of row: [Value]) -> String {
    guard case .string(let text)? = row.first else { return "" }
    return text.string
      .replacingOccurrences(of: "[0-9]+ µs", with: "… µs", options: .regularExpression)
      .replacingOccurrences(of: "[0-9]+ KiB", with: "… KiB", options: .regularExpression)
  }

  /// Columns and rows, what was changed, or the error as people see it.
  private func answer(_ query: String, _ database: Database) -> [String] {
    do {
      let result = try database.query(query, options: TestStore.write)
      if result.columns.isEmpty {
        let effects = result.sideEffects.sorted { $0.key < $1.key }
          .map { "\($0.key) \($0.value)" }
        return [effects.isEmpty ? "(done)" : effects.joined(separator: ", ")]
      }
      let header = result.columns.joined(separator: " | ")
      if result.rows.isEmpty { return [header, "(no rows)"] }
      if result.plan != nil { return result.rows.map { line(of: $0) } }
      return [header] + result.rows.map { $0.map { "\($0)" }.joined(separator: " | ") }
    } catch let error as StemmaError {
      return error.rendered.components(separatedBy: "\n")
    } catch {
      return ["\(error)"]
    }
  }
}
