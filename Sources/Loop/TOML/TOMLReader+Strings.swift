// TOML's four kinds of strings: basic and literal, on one line or several.

import Base

extension TOMLReader {
  mutating func string() throws -> String {
    guard let quote = next else { throw failure("expected a string") }
    if peek(1) == quote, peek(2) == quote { return try multiLineString(quote) }
    return try singleLineString()
  }

  mutating func singleLineString() throws -> String {
    let start = place
    guard let quote = next else { throw failure("expected a string") }
    advance()
    var text = String.UnicodeScalarView()
    while true {
      guard let scalar = next, scalar != "\n" else {
        throw failure("this string is not closed on its line", at: start)
      }
      if scalar == quote { break }
      if scalar == "\\", quote == "\"" {
        text.append(try escape())
      } else {
        try check(scalar)
        text.append(scalar)
        advance()
      }
    }
    advance()
    return String(text)
  }

  mutating func multiLineString(_ quote: Unicode.Scalar) throws -> String {
    let start = place
    for _ in 0..<3 { advance() }
    if next == "\r", peek(1) == "\n" { advance() }
    if next == "\n" { advance() }
    var text = String.UnicodeScalarView()
    while true {
      guard let scalar = next else { throw failure("this string is not closed", at: start) }
      if scalar == quote, let extra = closingQuotes(quote) {
        for _ in 0..<extra { text.append(quote) }
        for _ in 0..<(extra + 3) { advance() }
        return String(text)
      }
      if scalar == "\\", quote == "\"" {
        if try continuesOnNextLine() { continue }
        text.append(try escape())
      } else {
        if scalar != "\n", !(scalar == "\r" && peek(1) == "\n") { try check(scalar) }
        text.append(scalar)
        advance()
      }
    }
  }

  /// Where three to five quotes stand here: how many belong to the text before the closing three.
  private func closingQuotes(_ quote: Unicode.Scalar) -> Int? {
    var count = 0
    while count < 5, peek(count) == quote { count += 1 }
    return count >= 3 ? count - 3 : nil
  }

  /// A backslash at the end of a line swallows it and the blanks that follow.
  private mutating func continuesOnNextLine() throws -> Bool {
    var offset = 1
    while let scalar = peek(offset), scalar == " " || scalar == "\t" || scalar == "\r" {
      offset += 1
    }
    guard peek(offset) == "\n" else { return false }
    for _ in 0...offset { advance() }
    while let scalar = next, scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
      advance()
    }
    return true
  }

  private func check(_ scalar: Unicode.Scalar) throws {
    if (scalar.value < 0x20 && scalar != "\t") || scalar.value == 0x7F {
      throw failure("a string holds a control character", advice: "Write it as \\u00XX.")
    }
  }

  private mutating func escape() throws -> Unicode.Scalar {
    let start = place
    advance()
    guard let scalar = next else { throw failure("this escape is not finished", at: start) }
    let simple: [Unicode.Scalar: Unicode.Scalar] = [
      "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{C}", "r": "\r", "\"": "\"", "\\": "\\",
    ]
    advance()
    if let plain = simple[scalar] { return plain }
    guard scalar == "u" || scalar == "U" else {
      throw failure(
        "\\\(scalar) is not an escape", at: start,
        advice: "Use \\\\ for a backslash, or single quotes for a literal string.")
    }
    var code: UInt32 = 0
    for _ in 0..<(scalar == "u" ? 4 : 8) {
      guard let digit = next.flatMap({ UInt32(String($0), radix: 16) })
      else { throw failure("\\\(scalar) needs hexadecimal digits", at: start) }
      code = code << 4 | digit
      advance()
    }
    guard let result = Unicode.Scalar(code) else {
      throw failure("this escape is no Unicode scalar value", at: start)
    }
    return result
  }
}
