// Writes values as canonical JSON: names sorted by their bytes, no blanks, shortest numbers. Equal
// values give equal bytes, so these can be hashed.

package import Base

package enum JSONWriter {
  /// The canonical text. Kinds of values that JSON does not have are written as null.
  package static func write(_ value: Value) -> String {
    String(decoding: bytes(value), as: UTF8.self)
  }

  package static func bytes(_ value: Value) -> [UInt8] {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return bytes
  }

  private static func append(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .boolean(let flag): bytes += (flag ? "true" : "false").utf8
    case .integer(let number): bytes += String(number).utf8
    case .float(let number): bytes += (number.isFinite ? String(number) : "null").utf8
    case .string(let string): JSONString.append(string.string, to: &bytes)
    case .list(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(element, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .map(let map):
      bytes.append(UInt8(ascii: "{"))
      for (index, entry) in map.entries.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONString.append(entry.key.string, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(entry.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    default: bytes += "null".utf8
    }
  }
}
