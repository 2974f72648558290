// The shell's loop and its settings. It reads statements, hands them to the façade and prints;
// what starts with a colon is a command of its own (`Repl+Commands.swift`).

import Base
import Glibc
import Lineage
import Rendering
import Stemma

/// The interactive shell.
struct Repl {
  let database: Database
  var format: OutputFormat
  var asOf: SnapshotTime?
  var asOfText: String?
  var showsTiming = true
  /// Rows shown of a table; the others are counted.
  var rowLimit: Int? = 50
  /// Limits of every query; at first those of the environment.
  var limits = QueryLimits()
  var parameters: [String: Value] = [:]
  var isDone = false
  /// The first error: a script that was piped in ends with its status.
  private(set) var firstFailure: StemmaError?

  init(database: Database, format: OutputFormat) {
    self.database = database
    self.format = format
  }

  mutating func run() throws {
    let completer = Completer(database: database)
    let editor = LineEditor(historyPath: Self.historyPath()) { context, word in
      completer.candidates(context: context, word: word)
    }
    if Terminal.isTerminal(STDIN_FILENO) { try Terminal.print(try banner()) }
    var reader = StatementReader()
    while !isDone {
      switch editor.read(prompt: prompt(continues: reader.isWithin)) {
      case .interrupted: reader.drop()
      case .notText:
        reader.drop()
        tell(StemmaError(.argumentInvalid, "a line is not UTF-8", advice: "save the text as UTF-8"))
      case .end:
        if let last = reader.finish() { try perform(last) }
        if Terminal.isTerminal(STDIN_FILENO) { try Terminal.print("\n") }
        return
      case .text(let line):
        for statement in reader.take(line) where !isDone {
          editor.remember(statement)
          try perform(statement)
        }
      }
    }
  }

  /// Runs a statement or command; an error is printed and the shell goes on.
  private mutating func perform(_ statement: String) throws {
    do {
      if statement.hasPrefix(":") {
        try command(String(statement.dropFirst()))
      } else if statement.hasPrefix("@") {
        try namedQuery(String(statement.dropFirst()))
      } else {
        try query(statement, parameters)
      }
    } catch let error as StemmaError {
      tell(error)
    }
  }

  private mutating func tell(_ error: StemmaError) {
    if firstFailure == nil { firstFailure = error }
    Failure.print(error)
  }

  /// `@name key=P42 limit=5`.
  private mutating func namedQuery(_ text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    let named = try NamedQueries.shipped(named: words.first ?? "")
    let names = Set(named.parameters.map(\.name))
    var given = parameters.filter { names.contains($0.key) }
    for word in words.dropFirst() where !word.isEmpty {
      let (name, value) = try ParameterText.parse(word)
      given[name] = value
    }
    try query(named.text, try named.arguments(given, in: database))
  }

  /// Runs a query and prints its rows, how many there are, and the time it took.
  func query(_ text: String, _ values: [String: Value]) throws {
    let clock = ContinuousClock()
    let start = clock.now
    var pages = Pager()
    let result = try Interrupt.stopping { token in
      var writer = RowWriter(
        format: format, style: Terminal.style, maximumWidth: Terminal.width,
        tableLimit: rowLimit, write: { pages.append($0) })
      let options = QueryOptions(asOf: asOf, limits: limits, cancellation: token)
      let result = try database.query(text, parameters: values, options: options) {
        columns, rows, entities in
        try writer.append(columns: columns, rows: rows, entities: entities)
        return true
      }
      try writer.finish(result)
      return result
    }
    // Looking at pages is not the query's time.
    let elapsed = clock.now - start
    try pages.show()
    if showsTiming, Terminal.isTerminal(STDOUT_FILENO) {
      let seconds =
        Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
      let line = "\(NumberText.duration(seconds: seconds)), transaction \(result.snapshot.rawValue)"
      try Terminal.print(Terminal.style.faint(line) + "\n")
    }
  }

  private func prompt(continues: Bool) -> String {
    if continues { return "   ...> " }
    return asOfText.map { "stemma @\($0)> " } ?? "stemma> "
  }

  private func banner() throws -> String {
    let last = try database.lastTransaction().rawValue
    return "Stemma \(Version.text), \(NumberText.counted(Int(clamping: last), "transaction")). "
      + ":help shows what you can do, Ctrl-D leaves.\n"
  }

  /// `$XDG_STATE_HOME/stemma/history`, or the same below the home folder; none where there is
  /// neither.
  private static func historyPath() -> String? {
    let base: String
    if let given = Terminal.environment("XDG_STATE_HOME"), !given.isEmpty {
      base = given
    } else if let home = Terminal.environment("HOME"), !home.isEmpty {
      mkdir(home + "/.local", 0o700)
      base = home + "/.local/state"
      mkdir(base, 0o700)
    } else {
      return nil
    }
    mkdir(base + "/stemma", 0o700)
    return base + "/stemma/history"
  }
}

extension String {
  /// The text without white space at either end.
  var trimmingSpaces: String {
    var view = self[...]
    while let first = view.first, first.isWhitespace { view.removeFirst() }
    while let last = view.last, last.isWhitespace { view.removeLast() }
    return String(view)
  }
}
