// Reads TOML 1.0 documents (https://toml.io/en/v1.0.0). Own code because campaign files need the
// place of every value for their errors, which no library at hand gives, and because this one links
// neither Foundation nor C++ into a program that starts in milliseconds. Never interprets keys.

import Base

/// A recursive-descent reader over the code points of one document.
struct TOMLReader {
  static let sizeLimitBytes = 1 << 20
  static let nestingLimit = 64

  let name: String
  let scalars: [Unicode.Scalar]
  var position = 0
  var line = 1
  var lineStart = 0
  var nesting = 0

  /// Parses a whole document. Throws `campaign.invalid` with line, column and the offending line.
  static func read(_ bytes: [UInt8], name: String) throws -> TOMLTable {
    guard bytes.count <= sizeLimitBytes else {
      throw StemmaError(
        .campaignInvalid, "the file has \(bytes.count) bytes; at most \(sizeLimitBytes) are read",
        at: .file(path: name, line: nil, column: nil))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StemmaError(
        .campaignInvalid, "the file is not UTF-8 text",
        at: .file(path: name, line: nil, column: nil), advice: "Save it as UTF-8.")
    }
    var reader = TOMLReader(name: name, scalars: Array(text.unicodeScalars))
    return try reader.document()
  }

  private init(name: String, scalars: [Unicode.Scalar]) {
    self.name = name
    self.scalars = scalars
    if scalars.first == "\u{FEFF}" { position = 1 }
  }

  // MARK: Characters and places

  var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  func peek(_ offset: Int) -> Unicode.Scalar? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  var place: TOMLPlace { TOMLPlace(line: line, column: position - lineStart + 1, length: 1) }

  /// The place from `start` to here, on one line.
  func span(from start: TOMLPlace) -> TOMLPlace {
    guard start.line == line else { return start }
    let length = max(1, position - lineStart + 1 - start.column)
    return TOMLPlace(line: start.line, column: start.column, length: length)
  }

  mutating func advance() {
    if scalars[position] == "\n" {
      line += 1
      lineStart = position + 1
    }
    position += 1
  }

  func failure(_ message: String, at place: TOMLPlace? = nil, advice: String? = nil) -> StemmaError
  {
    let spot = place ?? self.place
    return StemmaError(
      .campaignInvalid, message,
      at: .text(
        name: name, line: spot.line, column: spot.column, length: spot.length,
        sourceLine: Self.sourceLine(spot.line, in: scalars)),
      advice: advice)
  }

  /// The whole text of a line, for the caret.
  static func sourceLine(_ wanted: Int, in scalars: [Unicode.Scalar]) -> String {
    var current = 1
    var text = String.UnicodeScalarView()
    for scalar in scalars {
      if scalar == "\n" {
        if current == wanted { break }
        current += 1
      } else if current == wanted, scalar != "\r" {
        text.append(scalar)
      }
    }
    return String(text)
  }

  mutating func skipBlanks() {
    while let scalar = next, scalar == " " || scalar == "\t" { advance() }
  }

  /// Skips blanks, line ends and comments.
  mutating func skipBlankLines() throws {
    while let scalar = next {
      switch scalar {
      case " ", "\t", "\n": advance()
      case "\r" where peek(1) == "\n": advance()
      case "#": try skipComment()
      default: return
      }
    }
  }

  mutating func skipComment() throws {
    while let scalar = next, scalar != "\n" {
      if scalar == "\r", peek(1) == "\n" { return }
      if (scalar.value < 0x20 && scalar != "\t") || scalar.value == 0x7F {
        throw failure("a comment holds a control character")
      }
      advance()
    }
  }

  mutating func endOfLine() throws {
    skipBlanks()
    if next == "#" { try skipComment() }
    if next == "\r", peek(1) == "\n" { advance() }
    guard let scalar = next else { return }
    guard scalar == "\n" else {
      throw failure("unexpected '\(scalar)' after the value", advice: "One key per line.")
    }
    advance()
  }

  // MARK: Structure

  mutating func document() throws -> TOMLTable {
    let root = TOMLTable(origin: .header, place: place)
    var current = root
    while true {
      try skipBlankLines()
      guard let scalar = next else { return root }
      if scalar == "[" {
        current = try header(root: root)
      } else {
        try keyValue(into: current)
      }
      try endOfLine()
    }
  }

  mutating func header(root: TOMLTable) throws -> TOMLTable {
    let start = place
    advance()
    let isArray = next == "["
    if isArray { advance() }
    skipBlanks()
    let path = try keyPath()
    skipBlanks()
    for _ in 0..<(isArray ? 2 : 1) {
      guard next == "]" else { throw failure("this table's name needs a closing ']'") }
      advance()
    }
    let whole = span(from: start)
    var table = root
    for part in path.dropLast() { table = try descend(table, part, dotted: false) }
    guard let last = path.last else { throw failure("a table needs a name", at: whole) }
    return isArray
      ? try appendElement(to: table, last, at: whole) : try open(last, in: table, at: whole)
  }

  /// Opens `[name]`; a table may have one header only.
  private func open(_ part: KeyPart, in parent: TOMLTable, at whole: TOMLPlace) throws -> TOMLTable
  {
    if let entry = parent[part.name] {
      guard case .table(let table) = entry.value.content, table.origin == .implied else {
        throw failure(
          "'\(part.name)' is already defined on line \(entry.keyPlace.line)", at: part.place)
      }
      table.origin = .header
      table.place = whole
      return table
    }
    let table = TOMLTable(origin: .header, place: whole)
    parent.entries.append(
      .init(
        key: part.name, keyPlace: part.place, value: .init(content: .table(table), place: whole)))
    return table
  }

  /// Opens the next element of `[[name]]`.
  private func appendElement(
    to parent: TOMLTable, _ part: KeyPart, at whole: TOMLPlace
  ) throws -> TOMLTable {
    let table = TOMLTable(origin: .header, place: whole)
    let element = TOMLValue(content: .table(table), place: whole)
    guard let index = parent.index(of: part.name) else {
      parent.entries.append(
        .init(
          key: part.name, keyPlace: part.place,
          value: .init(content: .array([element]), place: whole)))
      parent.entries[parent.entries.count - 1].value.isArrayOfTables = true
      return table
    }
    guard case .array(var elements) = parent.entries[index].value.content,
      parent.entries[index].value.isArrayOfTables
    else {
      throw failure(
        "'\(part.name)' is already defined on line \(parent.entries[index].keyPlace.line)",
        at: part.place)
    }
    elements.append(element)
    parent.entries[index].value.content = .array(elements)
    return table
  }

  /// The table under a key on the way to another; made where it is missing.
  func descend(_ table: TOMLTable, _ part: KeyPart, dotted: Bool) throws -> TOMLTable {
    guard let entry = table[part.name] else {
      let made = TOMLTable(origin: dotted ? .dotted : .implied, place: part.place)
      table.entries.append(
        .init(
          key: part.name, keyPlace: part.place,
          value: .init(content: .table(made), place: part.place)))
      return made
    }
    switch entry.value.content {
    case .table(let inner) where inner.origin != .inline && (!dotted || inner.origin != .header):
      return inner
    case .array(let elements) where entry.value.isArrayOfTables && !dotted:
      if case .table(let inner)? = elements.last?.content { return inner }
      fallthrough
    default:
      throw failure(
        "'\(part.name)' is already defined on line \(entry.keyPlace.line)", at: part.place)
    }
  }

  mutating func keyValue(into table: TOMLTable) throws {
    let path = try keyPath()
    skipBlanks()
    guard next == "=" else { throw failure("expected '=' after the key") }
    advance()
    skipBlanks()
    var target = table
    for part in path.dropLast() { target = try descend(target, part, dotted: true) }
    guard let last = path.last else { throw failure("expected a key") }
    if let earlier = target[last.name] {
      throw failure(
        "'\(last.name)' is already defined on line \(earlier.keyPlace.line)", at: last.place)
    }
    let read = try value()
    target.entries.append(.init(key: last.name, keyPlace: last.place, value: read))
  }

  // MARK: Keys

  struct KeyPart {
    var name: String
    var place: TOMLPlace
  }

  mutating func keyPath() throws -> [KeyPart] {
    var parts = [try simpleKey()]
    while true {
      skipBlanks()
      guard next == "." else { return parts }
      advance()
      skipBlanks()
      parts.append(try simpleKey())
      if parts.count > Self.nestingLimit { throw failure("this key has too many parts") }
    }
  }

  mutating func simpleKey() throws -> KeyPart {
    let start = place
    if next == "\"" || next == "'" {
      let text = try singleLineString()
      return KeyPart(name: text, place: span(from: start))
    }
    var text = String.UnicodeScalarView()
    while let scalar = next, Self.isBareKey(scalar) {
      text.append(scalar)
      advance()
    }
    guard !text.isEmpty else {
      let found = next.map { $0 == "\n" ? "the end of the line" : "'\($0)'" }
      throw failure("expected a key, found \(found ?? "the end of the file")")
    }
    return KeyPart(name: String(text), place: span(from: start))
  }

  static func isBareKey(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }
}
