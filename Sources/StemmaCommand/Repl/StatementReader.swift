// Cuts what is typed or piped into statements: at semicolons outside of texts and comments, and at
// empty lines. It knows no more of Cypher than where a text or a comment ends.

/// Takes lines and gives back whole statements.
struct StatementReader {
  /// How far the statement is that is not finished: a line is looked at once, however many
  /// were before it.
  private var scan = StatementScan()

  /// Whether a statement has begun: the prompt says so.
  var isWithin: Bool { !scan.rest.text.isEmpty }

  /// Forgets what was typed so far.
  mutating func drop() { scan = StatementScan() }

  /// Takes a line; returns the statements that end in it, without their semicolons. A command of
  /// the shell is a line of its own.
  mutating func take(_ line: String) -> [String] {
    let trimmed = line.trimmingSpaces
    if !isWithin, trimmed.hasPrefix(":") || trimmed.hasPrefix("@") {
      return [trimmed.hasSuffix(";") ? String(trimmed.dropLast()).trimmingSpaces : trimmed]
    }
    let statements = scan.take(line + "\n")
    let rest = scan.rest
    // An open block comment goes on, however blank it is.
    guard !rest.isOpen, rest.isBlank || trimmed.isEmpty else { return statements }
    drop()
    return statements + (rest.isBlank ? [] : [rest.text.trimmingSpaces])
  }

  /// What stands at the end without a semicolon; `nil` where there is nothing but comments.
  mutating func finish() -> String? {
    defer { drop() }
    let rest = scan.rest
    return rest.isBlank ? nil : rest.text.trimmingSpaces
  }

  /// A statement in one line, for the history: comments would swallow what follows them.
  static func oneLine(_ statement: String) -> String {
    var scan = StatementScan()
    _ = scan.take(statement + "\n")
    return scan.withoutComments.split(whereSeparator: \.isNewline)
      .map { String($0).trimmingSpaces }.filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// One pass over a text that comes line by line.
private struct StatementScan {
  /// The part after the last semicolon.
  struct Rest {
    var text = ""
    /// Nothing but white space and comments.
    var isBlank = true
    /// A text or block comment is not closed.
    var isOpen = false
  }

  private enum Place { case plain, lineComment, blockComment, quoted(Unicode.Scalar) }

  private(set) var rest = Rest()
  private(set) var withoutComments = ""
  private var statements: [String] = []
  private var place = Place.plain

  /// Takes whole lines; returns the statements that end in them.
  mutating func take(_ text: String) -> [String] {
    statements = []
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      let length = step(scalars[index], next)
      for scalar in scalars[index..<min(scalars.count, index + length)] {
        rest.text.unicodeScalars.append(scalar)
      }
      if case .plain = place, scalars[index] == ";", length == 1 { end() }
      index += length
    }
    switch place {
    case .plain, .lineComment: rest.isOpen = false
    case .blockComment, .quoted: rest.isOpen = true
    }
    return statements
  }

  /// Takes one scalar, or two that belong together; says how many.
  private mutating func step(_ scalar: Unicode.Scalar, _ next: Unicode.Scalar?) -> Int {
    switch place {
    case .plain:
      if scalar == "/", next == "/" || next == "*" {
        place = next == "/" ? .lineComment : .blockComment
        withoutComments.unicodeScalars.append(" ")
        return 2
      }
      if ["'", "\"", "`"].contains(scalar) { place = .quoted(scalar) }
      return keep(scalar, nil)
    case .lineComment:
      guard scalar == "\n" else { return 1 }
      place = .plain
      return keep(scalar, nil)
    case .blockComment:
      guard scalar == "*", next == "/" else { return 1 }
      place = .plain
      return 2
    case .quoted(let quote):
      if scalar == "\\", quote != "`", let next { return keep(scalar, next) }
      if scalar == quote { place = .plain }
      // A semicolon inside a text must not look like the end of the statement.
      if scalar == ";" { return keep(scalar, nil, isText: true) }
      return keep(scalar, nil)
    }
  }

  private mutating func keep(
    _ scalar: Unicode.Scalar, _ next: Unicode.Scalar?, isText: Bool = false
  ) -> Int {
    withoutComments.unicodeScalars.append(scalar)
    if let next { withoutComments.unicodeScalars.append(next) }
    if isText || !(scalar.properties.isWhitespace || scalar == ";") { rest.isBlank = false }
    return next == nil ? 1 : 2
  }

  private mutating func end() {
    var statement = rest.text
    statement.removeLast()
    if !rest.isBlank { statements.append(statement.trimmingSpaces) }
    rest = Rest()
  }
}
