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
    let limit = max(1, (written.utf8Count + 2) / 3)
    var best: (distance: Int, name: Text)?
    for name in known {
      let distance = editDistance(lowercase(written), lowercase(name))
      if distance <= limit, distance < best?.distance ?? Int.max { best = (distance, name) }
    }
    guard let best else { return otherwise }
    return "Did you mean \(best.name)?"
  }

  private func lowercase(_ text: Text) -> [UInt8] {
    text.string.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
  }

  /// Levenshtein's distance in bytes; names are short, so the square cost does not matter.
  private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    guard left.count <= 64, right.count <= 64 else { return Int.max }
    var previous = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
        current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[right.count]
  }
}
