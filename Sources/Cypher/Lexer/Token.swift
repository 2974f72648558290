// What the lexer hands to the parser: kinds of tokens with their places, nothing copied.

/// A token of 12 bytes; its text stays in the source.
package struct Token: BitwiseCopyable, Sendable {
  package var kind: TokenKind
  /// Which keyword an identifier spells; `none` for anything else.
  package var keyword: Keyword
  package var start: UInt32
  package var end: UInt32

  package init(_ kind: TokenKind, _ keyword: Keyword = .none, start: Int, end: Int) {
    self.kind = kind
    self.keyword = keyword
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
  }

  package var range: SourceRange { SourceRange(start: start, end: end) }
}

package enum TokenKind: UInt8, BitwiseCopyable, Sendable {
  case endOfText
  /// The lexer could not go on here; its error says why.
  case invalid

  case identifier
  /// In backticks.
  case quotedIdentifier
  /// `$name`, the sign included.
  case parameter
  case integer
  case float
  case string

  case leftParenthesis, rightParenthesis
  case leftBracket, rightBracket
  case leftBrace, rightBrace
  case comma, dot, dotDot, colon, doubleColon, semicolon
  case bar, doubleBar, ampersand, exclamation
  case plus, minus, star, slash, percent, caret
  case equal, doubleEqual, tildeEqual, plusEqual, notEqual, exclamationEqual
  case less, lessOrEqual, greater, greaterOrEqual
  case arrow
}

extension TokenKind {
  /// How people write it, for messages.
  package var spelling: String {
    switch self {
    case .endOfText: "the end of the query"
    case .invalid: "this character"
    case .identifier, .quotedIdentifier: "a name"
    case .parameter: "a parameter"
    case .integer, .float: "a number"
    case .string: "a string"
    case .leftParenthesis: "'('"
    case .rightParenthesis: "')'"
    case .leftBracket: "'['"
    case .rightBracket: "']'"
    case .leftBrace: "'{'"
    case .rightBrace: "'}'"
    case .comma: "','"
    case .dot: "'.'"
    case .dotDot: "'..'"
    case .colon: "':'"
    case .doubleColon: "'::'"
    case .semicolon: "';'"
    case .bar: "'|'"
    case .doubleBar: "'||'"
    case .ampersand: "'&'"
    case .exclamation: "'!'"
    case .plus: "'+'"
    case .minus: "'-'"
    case .star: "'*'"
    case .slash: "'/'"
    case .percent: "'%'"
    case .caret: "'^'"
    case .equal: "'='"
    case .doubleEqual: "'=='"
    case .tildeEqual: "'=~'"
    case .plusEqual: "'+='"
    case .notEqual: "'<>'"
    case .exclamationEqual: "'!='"
    case .less: "'<'"
    case .lessOrEqual: "'<='"
    case .greater: "'>'"
    case .greaterOrEqual: "'>='"
    case .arrow: "'=>'"
    }
  }
}
