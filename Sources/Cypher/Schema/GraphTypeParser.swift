// Reads CREATE GRAPH TYPE (GQL, ISO/IEC 39075:2024, 18.1 and 18.2) in its pattern form into a
// `GraphType`. It checks everything that can be known from the text alone, and stops at the first
// fault with its place. It does not know what is in a store: whether a schema may replace another
// is decided by `Graph`.

public import Base

/// The parser of schema files.
public struct GraphTypeParser {
  /// Longer texts are refused.
  public static let maximumTextBytes = 4 << 20
  /// More elements than this, after `(A | B)` is spread out, are refused.
  public static let maximumElements = 20_000

  var tokens: [SchemaToken]
  var position = 0
  let report: SchemaReport
  let text: Text

  /// The graph type that a text describes.
  ///
  /// - Parameters:
  ///   - text: one CREATE GRAPH TYPE statement with comments.
  ///   - name: how messages call the text, usually its file name.
  /// - Throws: `schema.syntax` with line, column and advice.
  public static func parse(_ text: String, name: String? = nil) throws -> GraphType {
    let text = Text(text)
    let report = SchemaReport(text, name: name)
    guard text.utf8Count <= maximumTextBytes else {
      throw report.error(
        "the schema is longer than \(maximumTextBytes) bytes",
        at: SchemaPlace(line: 1, column: 1, length: 1), advice: "Shorten its comments.")
    }
    var lexer = SchemaLexer(text, report: report)
    var parser = GraphTypeParser(tokens: try lexer.tokens(), report: report, text: text)
    return try parser.statement()
  }

  private init(tokens: [SchemaToken], report: SchemaReport, text: Text) {
    self.tokens = tokens
    self.report = report
    self.text = text
  }

  private mutating func statement() throws -> GraphType {
    try expectKeyword("CREATE", advice: "A schema starts with CREATE GRAPH TYPE name {.")
    if acceptKeyword("OR") { try expectKeyword("REPLACE", advice: "Write CREATE OR REPLACE.") }
    _ = acceptKeyword("PROPERTY")
    try expectKeyword("GRAPH", advice: "A schema starts with CREATE GRAPH TYPE name {.")
    try expectKeyword("TYPE", advice: "A schema starts with CREATE GRAPH TYPE name {.")
    if acceptKeyword("IF") {
      try expectKeyword("NOT", advice: "Write IF NOT EXISTS.")
      try expectKeyword("EXISTS", advice: "Write IF NOT EXISTS.")
    }
    let name = try expectName("the graph type's name")
    _ = acceptKeyword("AS")
    var draft = GraphTypeDraft(name: name.text, source: text, report: report)
    try expectMark("{", advice: "The elements stand between { and }.")
    if !current.isMark("}") {
      repeat {
        try element(into: &draft)
      } while acceptMark(",")
    }
    try expectMark("}", advice: "Elements are separated by commas; the last one is followed by }.")
    _ = acceptMark(";")
    guard current.kind == .end else {
      throw report.error(
        "there is something after the end of the graph type", at: current.place,
        advice: "One file holds one CREATE GRAPH TYPE.")
    }
    return try draft.finished()
  }

  // Reading tokens.

  var current: SchemaToken { tokens[position] }

  mutating func take() -> SchemaToken {
    let token = tokens[position]
    if token.kind != .end { position += 1 }
    return token
  }

  mutating func acceptMark(_ mark: Text) -> Bool {
    guard current.isMark(mark) else { return false }
    position += 1
    return true
  }

  mutating func acceptKeyword(_ keyword: Text) -> Bool {
    guard current.isKeyword(keyword) else { return false }
    position += 1
    return true
  }

  mutating func expectMark(_ mark: Text, advice: String) throws {
    guard acceptMark(mark) else {
      throw report.error("here \(mark) is needed, not \(shown)", at: current.place, advice: advice)
    }
  }

  mutating func expectKeyword(_ keyword: Text, advice: String) throws {
    guard acceptKeyword(keyword) else {
      throw report.error(
        "here \(keyword) is needed, not \(shown)", at: current.place, advice: advice)
    }
  }

  mutating func expectName(_ what: String) throws -> SchemaToken {
    guard current.kind == .word || current.kind == .quotedName else {
      throw report.error(
        "here \(what) is needed, not \(shown)", at: current.place,
        advice: "Names are letters, digits and _; others stand in backquotes.")
    }
    return take()
  }

  /// The current token as a message shows it.
  var shown: String { current.kind == .end ? "the end of the text" : "\"\(current.text)\"" }
}
