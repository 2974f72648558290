// What a writing query changed, in one line on standard error.

import Base
import Rendering
import Stemma

enum SideEffectsText {
  static func line(_ result: QueryResult) -> String? {
    let changes = result.sideEffects.filter { $0.value != 0 }.sorted { $0.key < $1.key }
    guard !changes.isEmpty else { return nil }
    let text = changes.map { "\($0.key) \(NumberText.grouped($0.value))" }.joined(separator: ", ")
    return text + (result.transaction.map { " in transaction \($0.rawValue)" } ?? "")
  }

  static func printError(_ result: QueryResult) {
    if let line = line(result) { Terminal.printError(line) }
  }
}
