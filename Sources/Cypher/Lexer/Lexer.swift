// Cuts the bytes of a query into tokens in one pass. It reads bytes, never `String`, and never
// fails: where it cannot go on it emits one `invalid` token and remembers why, so that the parser
// can report whichever mistake comes first in the text.

import Base

/// The tokens of a text and, if the text ends in nonsense, the reason.
package struct LexedText: Sendable {
  package var tokens: ContiguousArray<Token>
  package var failure: LexicalFailure?
}

/// Why the lexer stopped.
package struct LexicalFailure: Sendable {
  package var message: String
  package var advice: String?
  /// openCypher's detail, such as `InvalidNumberLiteral`.
  package var detail: String
  package var range: SourceRange
}

package struct Lexer {
  let bytes: [UInt8]
  var position = 0
  var tokens: ContiguousArray<Token> = []
  var failure: LexicalFailure?
  private let keywords = KeywordTable.shared

  /// Lexes a whole text. The text is at most `ParserLimits.textBytes` long. Linear.
  package static func lex(_ bytes: [UInt8]) -> LexedText {
    precondition(bytes.count <= ParserLimits.textBytes, "the parser checks the length")
    var lexer = Lexer(bytes: bytes)
    lexer.tokens.reserveCapacity(min(bytes.count / 3 + 8, 1 << 16))
    lexer.run()
    return LexedText(tokens: lexer.tokens, failure: lexer.failure)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func run() {
    while failure == nil {
      skipSpaceAndComments()
      if failure != nil || position >= bytes.count { break }
      lexToken()
    }
    if let failure {
      tokens.append(
        Token(.invalid, start: Int(failure.range.start), end: Int(failure.range.end)))
    }
    tokens.append(Token(.endOfText, start: bytes.count, end: bytes.count))
  }

  /// The byte at an offset from the position; 0 past the end.
  @inline(__always)
  func peek(_ offset: Int = 0) -> UInt8 {
    let index = position + offset
    return index < bytes.count ? bytes[index] : 0
  }

  mutating func fail(
    _ detail: String, _ message: String, from start: Int, to end: Int, advice: String? = nil
  ) {
    failure = LexicalFailure(
      message: message, advice: advice, detail: detail,
      range: SourceRange(
        start: UInt32(truncatingIfNeeded: start),
        end: UInt32(truncatingIfNeeded: min(max(end, start), bytes.count))))
  }

  // MARK: Space and comments

  private mutating func skipSpaceAndComments() {
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case 0x20, 0x09...0x0D, 0x1C...0x1F:
        position += 1
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D {
          position += 1
        }
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
        skipBlockComment()
        if failure != nil { return }
      case 0x80...:
        let (scalar, length) = decodeScalar(at: position)
        guard let scalar, scalar.properties.isWhitespace || scalar == "\u{FEFF}" else { return }
        position += length
      default:
        return
      }
    }
  }

  private mutating func skipBlockComment() {
    let start = position
    position += 2
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        position += 2
        return
      }
      position += 1
    }
    fail(
      "UnexpectedSyntax", "this comment is never closed", from: start, to: start + 2,
      advice: "Close it with */.")
  }

  // MARK: Tokens

  private mutating func lexToken() {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      lexIdentifier()
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      lexNumber()
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      lexString(quote: byte)
    case UInt8(ascii: "`"):
      lexQuotedIdentifier()
    case UInt8(ascii: "$"):
      lexParameter()
    case UInt8(ascii: ".") where isDigit(peek(1)):
      lexNumber()
    case 0x80...:
      lexBeyondASCII()
    default:
      lexPunctuation(byte)
    }
  }

  private mutating func lexIdentifier() {
    let start = position
    var letters = PackedLetters()
    var isPlain = true
    while position < bytes.count {
      let byte = bytes[position]
      let lower = byte | 0x20
      if lower >= 0x61, lower <= 0x7A {
        if letters.count < KeywordTable.longest { letters.append(lower) } else { isPlain = false }
      } else if byte == UInt8(ascii: "_") || isDigit(byte) {
        isPlain = false
      } else if byte >= 0x80, let length = identifierPart(at: position) {
        isPlain = false
        position += length
        continue
      } else {
        break
      }
      position += 1
    }
    let keyword = isPlain ? keywords.keyword(letters) : .none
    tokens.append(Token(.identifier, keyword, start: start, end: position))
  }

  /// The length of a character beyond ASCII that may stand inside a name, or `nil`.
  private func identifierPart(at index: Int) -> Int? {
    let (scalar, length) = decodeScalar(at: index)
    guard let scalar, scalar.properties.isXIDContinue else { return nil }
    return length
  }

  private mutating func lexQuotedIdentifier() {
    let start = position
    position += 1
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "`") {
        if peek(1) == UInt8(ascii: "`") {
          position += 2
          continue
        }
        position += 1
        tokens.append(Token(.quotedIdentifier, start: start, end: position))
        return
      }
      position += 1
    }
    fail(
      "UnexpectedSyntax", "this name in backticks is never closed", from: start, to: start + 1,
      advice: "Close it with a backtick; write a backtick inside the name twice.")
  }

  private mutating func lexParameter() {
    let start = position
    position += 1
    if peek() == UInt8(ascii: "`") {
      lexQuotedIdentifier()
      if failure == nil {
        tokens[tokens.count - 1] = Token(.parameter, start: start, end: position)
      }
      return
    }
    while position < bytes.count {
      let byte = bytes[position]
      if isNamePart(byte) {
        position += 1
      } else if byte >= 0x80, let length = identifierPart(at: position) {
        position += length
      } else {
        break
      }
    }
    guard position > start + 1 else {
      return fail(
        "UnexpectedSyntax", "a parameter needs a name after '$'", from: start, to: start + 1,
        advice: "Write $name; its value is handed in beside the query.")
    }
    tokens.append(Token(.parameter, start: start, end: position))
  }

  private mutating func lexBeyondASCII() {
    let start = position
    let (scalar, length) = decodeScalar(at: position)
    guard let scalar else {
      return fail(
        "InvalidUnicodeCharacter", "the text is not valid UTF-8 here", from: start,
        to: start + 1, advice: "Save the query as UTF-8.")
    }
    if scalar.properties.isXIDStart { return lexIdentifier() }
    position += length
    fail(
      "InvalidUnicodeCharacter", "the character '\(scalar)' has no meaning in a query",
      from: start, to: position, advice: adviceForCharacter(scalar))
  }

  private func adviceForCharacter(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{00AB}", "\u{00BB}":
      "Write straight quotes: 'text' or \"text\"."
    case "\u{2010}"..."\u{2015}", "\u{2212}", "\u{00AD}", "\u{FE58}", "\u{FE63}", "\u{FF0D}":
      "Write a plain minus sign '-'."
    case "\u{2190}"..."\u{21FF}": "Write arrows as -->, <-- or -[:TYPE]->."
    case "\u{2260}": "Write <> for 'not equal'."
    case "\u{2264}": "Write <=."
    case "\u{2265}": "Write >=."
    default: "A name with such a character stands in backticks."
    }
  }
}
