// Writes values as canonical JSON: names sorted by their bytes, no blanks, shortest numbers. Equal
// values give equal bytes, so these can be hashed.

package import Base

package enum JSONWriter {
  /// The canonical text. Kinds of values that JSON does not have are written as null.
  package static func write(_ value: Value) -> String {
    var text = ""
    append(value, to: &text)
    return text
  }

  package static func bytes(_ value: Value) -> [UInt8] { Array(write(value).utf8) }

  private static func append(_ value: Value, to text: inout String) {
    switch value {
    case .boolean(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += String(number)
    case .float(let number): text += number.isFinite ? String(number) : "null"
    case .string(let string): appendQuoted(string.string, to: &text)
    case .list(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        append(element, to: &text)
      }
      text += "]"
    case .map(let map):
      text += "{"
      for (index, entry) in map.entries.enumerated() {
        if index > 0 { text += "," }
        appendQuoted(entry.key.string, to: &text)
        text += ":"
        append(entry.value, to: &text)
      }
      text += "}"
    default: text += "null"
    }
  }

  private static func appendQuoted(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
