// The words of a schema file, with their places. Documentation comments travel with the token that
// follows them, because they are part of what the file says.

import Base

/// One word, number or mark of a schema text.
struct SchemaToken: Sendable {
  enum Kind: Sendable, Equatable {
    case word
    /// A name in backquotes or double quotes: never a keyword.
    case quotedName
    case number
    case mark
    case end
  }

  var kind: Kind
  /// Without quotes.
  var text: Text
  var place: SchemaPlace
  /// The `///` lines directly before it.
  var documentation: [SchemaDocumentationLine] = []

  /// Whether this is the mark `mark`.
  func isMark(_ mark: Text) -> Bool { kind == .mark && text == mark }

  /// Whether this is the keyword `keyword` (in capitals), written in any case.
  func isKeyword(_ keyword: Text) -> Bool { kind == .word && capitals == keyword }

  /// The ASCII letters in capitals, everything else as it is.
  var capitals: Text {
    Text(
      validatingUTF8: text.string.utf8.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }) ?? text
  }
}

/// Where a token lies: line and column from 1, in code points.
struct SchemaPlace: Sendable, Hashable {
  var line: Int
  var column: Int
  var length: Int
}

/// One line of a documentation comment, without its slashes and the first space.
struct SchemaDocumentationLine: Sendable {
  var text: Text
  var place: SchemaPlace
}
