// Cuts a schema text into tokens. It knows GQL's comments (`//`, `--`, `/* */`) and keeps `///` as
// documentation; what the words mean is the parser's business.

import Base

struct SchemaLexer {
  private let bytes: [UInt8]
  private let report: SchemaReport
  private var position = 0
  private var line = 1
  private var column = 1
  private var pendingDocumentation: [SchemaDocumentationLine] = []

  init(_ text: Text, report: SchemaReport) {
    bytes = Array(text.string.utf8)
    self.report = report
  }

  /// All tokens, the last of which is `.end`.
  mutating func tokens() throws -> [SchemaToken] {
    var result: [SchemaToken] = []
    while true {
      try skipSpaceAndComments()
      var token = try nextToken()
      token.documentation = pendingDocumentation
      pendingDocumentation = []
      result.append(token)
      if token.kind == .end { return result }
    }
  }

  private func byte(_ offset: Int = 0) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  /// Moves over one code point's first byte or over a continuation byte.
  private mutating func advance() {
    let passed = bytes[position]
    position += 1
    if passed == 0x0A {
      line += 1
      column = 1
    } else if let next = byte(), next & 0xC0 == 0x80 {
      // The column moves on when the code point's last byte has been passed.
    } else {
      column += 1
    }
  }

  private mutating func nextToken() throws -> SchemaToken {
    let start = SchemaPlace(line: line, column: column, length: 1)
    guard let first = byte() else {
      return SchemaToken(kind: .end, text: "", place: start)
    }
    if Self.isNameStart(first) { return takeWhile(.word, from: start) { Self.isNamePart($0) } }
    if Self.isDigit(first) {
      return takeWhile(.number, from: start) { Self.isNamePart($0) || $0 == 0x2E }
    }
    if first == 0x60 || first == 0x22 { return try takeQuoted(first, from: start) }
    if Self.marks.contains(first) {
      advance()
      return SchemaToken(kind: .mark, text: textOf([first]), place: start)
    }
    throw report.error(
      "this character has no meaning in a schema", at: start,
      advice: "A schema holds names, types, ( ) { } [ ] < > , : | & = - and comments.")
  }

  private static let marks: Set<UInt8> = Set("(){}[]<>,:|&=-;~".utf8)

  private mutating func takeWhile(
    _ kind: SchemaToken.Kind, from start: SchemaPlace, _ belongs: (UInt8) -> Bool
  ) -> SchemaToken {
    let first = position
    while let next = byte(), belongs(next) { advance() }
    var place = start
    place.length = column - start.column
    return SchemaToken(kind: kind, text: textOf(bytes[first..<position]), place: place)
  }

  private mutating func takeQuoted(
    _ quote: UInt8, from start: SchemaPlace
  ) throws -> SchemaToken {
    advance()
    let first = position
    while let next = byte(), next != quote, next != 0x0A { advance() }
    guard byte() == quote, position > first else {
      throw report.error(
        "this quoted name is empty or does not end on its line", at: start,
        advice: "Close it with the same quote.")
    }
    let text = textOf(bytes[first..<position])
    advance()
    var place = start
    place.length = column - start.column
    return SchemaToken(kind: .quotedName, text: text, place: place)
  }

  private mutating func skipSpaceAndComments() throws {
    while let next = byte() {
      if next == 0x20 || (0x09...0x0D).contains(next) {
        advance()
      } else if next == 0x2F, byte(1) == 0x2F {
        takeLineComment()
      } else if next == 0x2D, byte(1) == 0x2D {
        skipLine()
      } else if next == 0x2F, byte(1) == 0x2A {
        try skipBlockComment()
      } else {
        return
      }
    }
  }

  private mutating func skipLine() {
    while let next = byte(), next != 0x0A { advance() }
  }

  /// `///` documents what follows; `//` and `////` do not. An ordinary comment between a
  /// documentation comment and its element does no harm.
  private mutating func takeLineComment() {
    let isDocumentation = byte(2) == 0x2F && byte(3) != 0x2F
    guard isDocumentation else { return skipLine() }
    for _ in 0..<3 { advance() }
    if byte() == 0x20 { advance() }
    let start = SchemaPlace(line: line, column: column, length: 1)
    let first = position
    skipLine()
    var end = position
    while end > first, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x0D { end -= 1 }
    var place = start
    place.length = max(1, column - start.column)
    pendingDocumentation.append(
      SchemaDocumentationLine(text: textOf(bytes[first..<end]), place: place))
  }

  private mutating func skipBlockComment() throws {
    let start = SchemaPlace(line: line, column: column, length: 2)
    advance()
    advance()
    while let next = byte() {
      if next == 0x2A, byte(1) == 0x2F {
        advance()
        advance()
        return
      }
      advance()
    }
    throw report.error("this comment does not end", at: start, advice: "Close it with */.")
  }

  private func textOf(_ slice: some Sequence<UInt8>) -> Text {
    // The whole is valid UTF-8 and is cut at ASCII bytes or between whole code points.
    Text(validatingUTF8: slice) ?? ""
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte >= 0x80
  }

  private static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
}
