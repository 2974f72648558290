// Parses the cells of the TCK's tables: `(:A {k: 1})`, `[:T]`, `<(a)-[:T]->(b)>`, maps, lists,
// strings in single quotes, numbers, NaN and Inf. Nothing here evaluates Cypher.

import Base

/// A cell that is not in the TCK's notation.
struct CellSyntaxError: Error {
  var cell: String
}

/// A recursive-descent parser over one cell.
struct CellValueParser {
  private let cell: String
  private let scalars: [Unicode.Scalar]
  private var index = 0

  static func parse(_ cell: String) throws -> CellValue {
    var parser = CellValueParser(cell)
    let value = try parser.value()
    parser.skipBlanks()
    guard parser.index == parser.scalars.count else { throw CellSyntaxError(cell: cell) }
    return value
  }

  private init(_ cell: String) {
    self.cell = cell
    scalars = Array(cell.unicodeScalars)
  }

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func skipBlanks() {
    while let scalar = current, scalar == " " || scalar == "\t" || scalar == "\n" { index += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    skipBlanks()
    let wanted = Array(text.unicodeScalars)
    guard index + wanted.count <= scalars.count,
      Array(scalars[index..<index + wanted.count]) == wanted
    else { return false }
    index += wanted.count
    return true
  }

  private mutating func expect(_ text: String) throws {
    guard take(text) else { throw CellSyntaxError(cell: cell) }
  }

  private mutating func value() throws -> CellValue {
    skipBlanks()
    switch current {
    case "'": return .string(Text(try string()))
    case "(": return .node(try node())
    case "<": return try path()
    case "{": return .map(try map())
    case "[":
      if index + 1 < scalars.count, scalars[index + 1] == ":" { return .edge(try edge()) }
      return try list()
    default: return try word()
    }
  }

  private mutating func string() throws -> String {
    try expect("'")
    var text = ""
    while let scalar = current {
      index += 1
      if scalar == "'" { return text }
      guard scalar == "\\", let escaped = current else {
        text.unicodeScalars.append(scalar)
        continue
      }
      index += 1
      switch escaped {
      case "n": text += "\n"
      case "t": text += "\t"
      case "r": text += "\r"
      default: text.unicodeScalars.append(escaped)
      }
    }
    throw CellSyntaxError(cell: cell)
  }

  private mutating func list() throws -> CellValue {
    try expect("[")
    var elements: [CellValue] = []
    if take("]") { return .list(elements) }
    repeat { elements.append(try value()) } while take(",")
    try expect("]")
    return .list(elements)
  }

  private mutating func map() throws -> [CellValue.Entry] {
    try expect("{")
    var pairs: [(Text, CellValue)] = []
    if take("}") { return [] }
    repeat {
      let key = try name()
      try expect(":")
      pairs.append((Text(key), try value()))
    } while take(",")
    try expect("}")
    return CellValue.entries(pairs)
  }

  private mutating func name() throws -> String {
    skipBlanks()
    var text = ""
    if take("`") {
      while let scalar = current, scalar != "`" {
        text.unicodeScalars.append(scalar)
        index += 1
      }
      try expect("`")
      return text
    }
    while let scalar = current, Self.isNamePart(scalar) {
      text.unicodeScalars.append(scalar)
      index += 1
    }
    guard !text.isEmpty else { throw CellSyntaxError(cell: cell) }
    return text
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  private mutating func node() throws -> CellValue.NodeDescription {
    try expect("(")
    var labels: [Text] = []
    while take(":") { labels.append(Text(try name())) }
    skipBlanks()
    let properties = current == "{" ? try map() : []
    try expect(")")
    return CellValue.NodeDescription(labels: labels.sorted(), properties: properties)
  }

  private mutating func edge() throws -> CellValue.EdgeDescription {
    try expect("[")
    try expect(":")
    let type = Text(try name())
    skipBlanks()
    let properties = current == "{" ? try map() : []
    try expect("]")
    return CellValue.EdgeDescription(type: type, properties: properties)
  }

  private mutating func path() throws -> CellValue {
    try expect("<")
    let start = try node()
    var steps: [CellValue.PathStep] = []
    while !take(">") {
      let isBackward = take("<-")
      if !isBackward { try expect("-") }
      let edge = try edge()
      try expect(isBackward ? "-" : "->")
      steps.append(CellValue.PathStep(edge: edge, isForward: !isBackward, node: try node()))
    }
    return .path(start, steps)
  }

  private mutating func word() throws -> CellValue {
    var text = ""
    while let scalar = current, !",]}) ".unicodeScalars.contains(scalar) {
      text.unicodeScalars.append(scalar)
      index += 1
    }
    switch text {
    case "null": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "NaN": return .number(.nan)
    case "Inf": return .number(.infinity)
    case "-Inf": return .number(-.infinity)
    default:
      if let integer = Int64(text) { return .integer(integer) }
      guard let float = Double(text) else { throw CellSyntaxError(cell: cell) }
      return .number(float)
    }
  }
}
