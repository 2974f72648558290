// Values as Cypher literals: text that, read as a query, gives the value again. Nodes, edges and
// paths have no literal; they show their identities.

extension Value: CustomStringConvertible {
  /// The value as a Cypher literal: `1.0`, `'it\'s'`, `[1, null]`, `{a: 1}`, `date('2015-07-21')`.
  public var description: String {
    var text = ""
    render(into: &text)
    return text
  }

  private func render(into text: inout String) {
    switch self {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += String(number)
    case .float(let number): text += Value.render(number)
    case .string(let string): Value.renderQuoted(string, into: &text)
    case .bytes(let bytes): text += Value.render(bytes)
    case .list(let elements): Value.render(elements, into: &text)
    case .map(let map): Value.render(map, into: &text)
    case .node(let node): text += "(#\(node.rawValue))"
    case .edge(let edge): text += "[#\(edge.rawValue)]"
    case .path(let path):
      text += "<(#\(path.nodes[0].rawValue))"
      for index in path.edges.indices {
        text += "-[#\(path.edges[index].rawValue)]-(#\(path.nodes[index + 1].rawValue))"
      }
      text += ">"
    case .date: text += "date('\(temporalText ?? "")')"
    case .localTime: text += "localtime('\(temporalText ?? "")')"
    case .time: text += "time('\(temporalText ?? "")')"
    case .localDateTime: text += "localdatetime('\(temporalText ?? "")')"
    case .dateTime: text += "datetime('\(temporalText ?? "")')"
    case .duration: text += "duration('\(temporalText ?? "")')"
    }
  }

  /// The ISO 8601 text of a temporal value; `nil` for all others.
  package var temporalText: String? {
    switch self {
    case .date(let date): date.description
    case .localTime(let time): time.description
    case .time(let time): time.description
    case .localDateTime(let moment): moment.description
    case .dateTime(let moment): moment.description
    case .duration(let duration): duration.description
    default: nil
    }
  }

  private static func render(_ elements: [Value], into text: inout String) {
    text += "["
    for index in elements.indices {
      if index > 0 { text += ", " }
      elements[index].render(into: &text)
    }
    text += "]"
  }

  private static func render(_ map: ValueMap, into text: inout String) {
    text += "{"
    for index in map.entries.indices {
      if index > 0 { text += ", " }
      text += render(name: map.entries[index].key) + ": "
      map.entries[index].value.render(into: &text)
    }
    text += "}"
  }

  private static func render(_ bytes: [UInt8]) -> String {
    "bytes('\(HexText.encode(bytes))')"
  }

  /// The shortest digits that read back as the same number: `1.0`, `0.1`, `1e20`, `NaN`.
  package static func render(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    let text = number.description
    guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "e")) else { return text }
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    return text[..<mark] + "e\(exponent)"
  }

  /// A name as it may stand in a query: plain, or in backticks.
  package static func render(name: Text) -> String {
    let isPlain = name.string.utf8.enumerated().allSatisfy { index, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
      default: false
      }
    }
    if isPlain, !name.isEmpty { return name.string }
    var quoted = "`"
    for scalar in name.string.unicodeScalars {
      if scalar == "`" { quoted += "`" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "`"
  }

  private static func renderQuoted(_ string: Text, into text: inout String) {
    text += "'"
    for scalar in string.string.unicodeScalars {
      switch scalar {
      case "'": text += "\\'"
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\u{0}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "'"
  }
}
