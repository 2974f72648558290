// How a schema's faults are told: one place, one sentence, one piece of advice.

import Base

/// The text at hand, for messages that show its line.
struct SchemaReport: Sendable {
  let name: String?
  let lines: [Substring]

  init(_ text: Text, name: String?) {
    self.name = name
    lines = text.string.split(
      separator: "\n", omittingEmptySubsequences: false)
  }

  /// An error at a place of the text.
  func error(_ message: String, at place: SchemaPlace, advice: String) -> StemmaError {
    let sourceLine = place.line <= lines.count ? String(lines[place.line - 1]) : ""
    return StemmaError(
      .schemaSyntax, message,
      at: .text(
        name: name, line: place.line, column: place.column, length: place.length,
        sourceLine: sourceLine),
      advice: advice)
  }

  /// `Did you mean X?`, or what may be written instead.
  func suggestion(for written: Text, among known: [Text], otherwise: String) -> String {
    Suggestion.nearest(to: written, among: known).map { "Did you mean \($0)?" } ?? otherwise
  }
}
