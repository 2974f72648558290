// A recursive-descent parser over the lexer's tokens; expressions by precedence climbing. This file
// owns the cursor, the limits and the errors; each family of productions has a file of its own,
// named after the folder AST's.
//
// It must never trap on any text, and its recursion is bounded by `ParserLimits.depth`.

package import Base

/// Parses one statement.
package struct Parser {
  let source: SourceText
  let tokens: ContiguousArray<Token>
  private let failure: LexicalFailure?
  var index = 0
  /// How deep the recursion is.
  private var depth = 0
  /// The height of the highest tree completed in the expression at hand.
  private(set) var height = 0
  /// Where a speculative production has failed, so that no text is tried twice.
  var failedAttempts: Set<Int> = []
  /// Whether an error would only lead to another attempt; then nobody reads it.
  private var isSpeculating = false

  private init(source: SourceText, lexed: LexedText) {
    self.source = source
    self.tokens = lexed.tokens
    self.failure = lexed.failure
  }

  /// Parses a whole text. Linear, but for backtracking at parentheses that may open a pattern,
  /// which is at most quadratic. Throws `query.syntax`.
  package static func parse(_ text: Text, name: String? = nil) throws -> Statement {
    try parse(SourceText(text, name: name))
  }

  package static func parse(_ source: SourceText) throws -> Statement {
    guard source.bytes.count <= ParserLimits.textBytes else {
      throw StemmaError(
        .querySyntax,
        "the query has \(source.bytes.count) bytes; at most \(ParserLimits.textBytes) are parsed",
        advice: "Hand data in as parameters instead of writing it into the text.",
        classification: CypherClassification(
          type: "SyntaxError", phase: .compileTime, detail: "UnexpectedSyntax"))
    }
    var parser = Parser(source: source, lexed: Lexer.lex(source.bytes))
    return try parser.parseStatement()
  }

  // MARK: The cursor

  @inline(__always)
  var token: Token { tokens[index] }

  @inline(__always)
  var kind: TokenKind { tokens[index].kind }

  @inline(__always)
  var keyword: Keyword { tokens[index].keyword }

  /// The token a few places on; the last one is `end`.
  @inline(__always)
  func ahead(_ count: Int) -> Token {
    let wanted = index + count
    return wanted < tokens.count ? tokens[wanted] : tokens[tokens.count - 1]
  }

  @inline(__always)
  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  mutating func accept(_ wanted: TokenKind) -> Bool {
    guard kind == wanted else { return false }
    advance()
    return true
  }

  mutating func accept(_ wanted: Keyword) -> Bool {
    guard keyword == wanted else { return false }
    advance()
    return true
  }

  /// From a token to the last one consumed.
  func range(from start: Int) -> SourceRange {
    let end = index > start ? tokens[index - 1].end : tokens[start].end
    return SourceRange(start: tokens[start].start, end: end)
  }

  mutating func expect(_ wanted: Keyword, after context: String) throws {
    guard keyword == wanted else {
      throw unexpected("\(wanted.spelling) \(context)")
    }
    advance()
  }

  /// A closing bracket. Where the text runs out or a clause begins, the opening one is to blame.
  mutating func expectClosing(_ wanted: TokenKind, of opening: Int, in context: String) throws {
    if kind == wanted { return advance() }
    if kind == .endOfText || (keyword.opensClause && ahead(1).kind != .comma) {
      throw syntaxError(
        "\(tokens[opening].kind.spelling) is never closed", at: tokens[opening].range,
        advice: "Close \(context) with \(wanted.spelling)\(closingPlace()).")
    }
    var error = unexpected("\(wanted.spelling) to close \(context)")
    if isSpeculating { throw error }
    let place = source.place(tokens[opening].range)
    if error.advice == nil, case .text(_, let line, let column, _, _) = place {
      error.advice = "It was opened at line \(line), column \(column)."
    }
    throw error
  }

  private func closingPlace() -> String {
    kind == .endOfText ? "" : " before \(source.slice(token.range))"
  }

  // MARK: Bounded recursion

  /// Runs a production one level deeper.
  mutating func nested<Result>(_ body: (inout Parser) throws -> Result) throws -> Result {
    let outerHeight = height
    height = 0
    depth += 1
    defer { depth -= 1 }
    guard depth <= ParserLimits.depth else { throw tooDeep() }
    let result = try body(&self)
    height = max(outerHeight, height + 1)
    guard height <= ParserLimits.depth else { throw tooDeep() }
    return result
  }

  /// Runs a production whose result stands beside what was already parsed, not above it.
  mutating func beside<Result>(_ body: (inout Parser) throws -> Result) throws -> Result {
    let left = height
    height = 0
    let result = try body(&self)
    height = max(left, height)
    return result
  }

  /// Notes that what was just parsed became one level higher without recursion.
  mutating func grow() throws {
    height += 1
    guard height <= ParserLimits.depth else { throw tooDeep() }
  }

  private func tooDeep() -> StemmaError {
    syntaxError(
      "this is nested more than \(ParserLimits.depth) levels deep", at: token.range,
      advice: "Split the expression with WITH, or hand the value in as a parameter.")
  }

  /// Tries a production; on failure the cursor is where it was and the place is remembered. Once
  /// the production has committed itself, its error is the error of the text.
  mutating func attempt<Result>(_ body: (inout Parser) throws -> Result?) throws -> Result? {
    let start = index
    guard !failedAttempts.contains(start) else { return nil }
    let saved = (depth, height, isSpeculating)
    isSpeculating = true
    do {
      if let result = try body(&self) {
        isSpeculating = saved.2
        return result
      }
    } catch {
      guard isSpeculating else { throw error }
    }
    index = start
    (depth, height, isSpeculating) = saved
    failedAttempts.insert(start)
    return nil
  }

  /// Nothing else can be meant from here on.
  mutating func commit() { isSpeculating = false }

  // MARK: Errors

  func syntaxError(
    _ message: String, at range: SourceRange, detail: String = "UnexpectedSyntax",
    advice: String? = nil
  ) -> StemmaError {
    if isSpeculating { return StemmaError(.querySyntax, message) }
    return StemmaError(
      .querySyntax, message, at: source.place(range), advice: advice,
      classification: CypherClassification(
        type: "SyntaxError", phase: .compileTime, detail: detail))
  }

  /// The error for a token that cannot stand where it does.
  func unexpected(_ expected: String, detail: String = "UnexpectedSyntax") -> StemmaError {
    if isSpeculating { return StemmaError(.querySyntax, expected) }
    if kind == .invalid, let failure {
      return syntaxError(
        failure.message, at: failure.range, detail: failure.detail, advice: failure.advice)
    }
    let found = kind == .endOfText ? "the query ends" : "found \(describe(token))"
    return syntaxError(
      "expected \(expected), but \(found)", at: token.range, detail: detail,
      advice: SyntaxAdvice(parser: self).advice())
  }

  /// The lexer's own error, where the token is its.
  var lexicalDetail: String? { kind == .invalid ? failure?.detail : nil }

  private func describe(_ token: Token) -> String {
    switch token.kind {
    case .identifier, .quotedIdentifier, .parameter, .integer, .float, .string:
      let text = source.slice(token.range).string
      let short = text.unicodeScalars.prefix(40)
      let shown = short.count < text.unicodeScalars.count ? String(short) + "..." : text
      return token.kind == .string || token.kind == .quotedIdentifier ? shown : "'\(shown)'"
    default:
      return token.kind.spelling
    }
  }
}
