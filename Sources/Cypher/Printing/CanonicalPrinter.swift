// Writes a tree back as text in one fixed form: upper-case keywords, one space, parentheses where
// the tree has them. Two expressions are the same exactly when their canonical texts are; golden
// tests and messages use it as well.

import Base

/// Collects the canonical text of one tree.
package struct CanonicalPrinter {
  var text = ""

  package static func text(of expression: Expression) -> String {
    var printer = CanonicalPrinter()
    printer.print(expression)
    return printer.text
  }

  package static func text(of pattern: PathPattern) -> String {
    var printer = CanonicalPrinter()
    printer.print(pattern)
    return printer.text
  }

  package static func text(of query: Query) -> String {
    var printer = CanonicalPrinter()
    printer.print(query)
    return printer.text
  }

  package static func text(of statement: Statement) -> String {
    var printer = CanonicalPrinter()
    printer.print(statement)
    return printer.text
  }

  mutating func write(_ piece: String) { text += piece }

  /// A name, in backticks where it needs them.
  mutating func print(_ name: Name) { write(Self.quoted(name.text)) }

  /// A variable: a word that means something else where an expression stands is quoted as well.
  mutating func printVariable(_ name: Name) {
    switch Keyword.named(name.text) {
    case .true, .false, .null, .not, .case: write("`" + name.text.string + "`")
    case let word where word.isReserved: write("`" + name.text.string + "`")
    default: print(name)
    }
  }

  static func quoted(_ name: Text) -> String {
    var isPlain = !name.isEmpty
    var isFirst = true
    for byte in name.string.utf8 {
      let isLetter = (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == 0x5F || byte >= 0x80
      let isDigit = byte >= 0x30 && byte <= 0x39
      if !(isLetter || (isDigit && !isFirst)) { isPlain = false }
      isFirst = false
    }
    if isPlain { return name.string }
    var result = "`"
    for scalar in name.string.unicodeScalars {
      if scalar == "`" { result += "`" }
      result.unicodeScalars.append(scalar)
    }
    return result + "`"
  }

  mutating func printList<Element>(
    _ elements: [Element], separator: String = ", ",
    _ body: (inout CanonicalPrinter, Element) -> Void
  ) {
    for (index, element) in elements.enumerated() {
      if index > 0 { write(separator) }
      body(&self, element)
    }
  }
}
