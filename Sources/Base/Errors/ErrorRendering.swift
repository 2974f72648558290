// An error as a person reads it: what happened, where, with a caret, and what to do next. Programs,
// shell and tests use this one form.

extension StemmaError {
  /// The error as lines without a trailing newline:
  ///
  ///     query.syntax: the pattern is not closed
  ///       at line 1, column 9
  ///       | MATCH (n RETURN n
  ///       |        ^^^^^^
  ///       write `)` before RETURN
  public var rendered: String {
    var text = code.rawValue + ": " + message
    text = HarmlessText.lines(text)
    if let place { text += Self.render(place) }
    if let advice { text += "\n  " + HarmlessText.lines(advice) }
    return text
  }

  /// Longer lines are shown as a window around the place.
  private static let windowScalars = 96

  private static func render(_ place: Place) -> String {
    switch place {
    case .text(let name, let line, let column, let length, let sourceLine):
      let source = name.map { HarmlessText.lines($0) + ", " } ?? ""
      return "\n  at \(source)line \(line), column \(column)"
        + caret(under: sourceLine, column: column, length: length)
    case .file(let path, let line, let column):
      var text = "\n  in " + HarmlessText.lines(path)
      if let line { text += ", line \(line)" }
      if let column { text += ", column \(column)" }
      return text
    case .record(let table, ""): return "\n  in table \(table)"
    case .record(let table, let key):
      return "\n  in table \(table), key " + HarmlessText.lines(key)
    }
  }

  private static func caret(under line: String, column: Int, length: Int) -> String {
    let scalars = Array(line.unicodeScalars)
    let start = max(0, min(column - 1, scalars.count))
    let first = max(0, start - windowScalars / 2)
    let last = min(scalars.count, first + windowScalars)
    var shown = String.UnicodeScalarView()
    var margin = String.UnicodeScalarView()
    for index in first..<last {
      // A tab keeps its width in both lines; what else steers a terminal must not reach it.
      let isHidden = HarmlessText.steers(scalars[index]) && scalars[index] != "\t"
      shown.append(isHidden ? "·" : scalars[index])
      if index < start { margin.append(scalars[index] == "\t" ? "\t" : " ") }
    }
    let width = max(1, min(length, last - start))
    let head = first > 0 ? "…" : ""
    let tail = last < scalars.count ? "…" : ""
    let indent = first > 0 ? " " : ""
    return "\n  | " + head + String(shown) + tail + "\n  | " + indent + String(margin)
      + String(repeating: "^", count: width)
  }
}
