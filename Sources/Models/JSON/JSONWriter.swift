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
    case .string(let string): JSONString.append(string.string, to: &text)
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
        JSONString.append(entry.key.string, to: &text)
        text += ":"
        append(entry.value, to: &text)
      }
      text += "}"
    default: text += "null"
    }
  }
}
