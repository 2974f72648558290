// How a text is written as a JSON string (RFC 8259): only what must be escaped is, and the one
// further control character that terminals act on.

/// Quoting for JSON.
package enum JSONString {
  /// Appends the text in quotes.
  package static func append(_ string: String, to text: inout String) {
    // Nearly no text has anything to escape, and whole texts are appended ten times as fast.
    if needsEscapes(string) {
      var bytes: [UInt8] = []
      append(string, to: &bytes)
      text += String(decoding: bytes, as: UTF8.self)
    } else {
      text += "\""
      text += string
      text += "\""
    }
  }

  /// Appends the text in quotes.
  package static func append(_ string: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    defer { bytes.append(UInt8(ascii: "\"")) }
    guard needsEscapes(string) else {
      bytes += string.utf8
      return
    }
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case _ where isEscaped(byte): bytes += "\\u00\(HexText.encode([byte]))".utf8
      default: bytes.append(byte)
      }
    }
  }

  private static func needsEscapes(_ string: String) -> Bool {
    let bytes = string.utf8Span.span
    for index in bytes.indices where isEscaped(bytes[index]) { return true }
    return false
  }

  /// Every byte of a longer scalar is above all of these.
  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// The text in quotes.
  package static func quoted(_ string: String) -> String {
    var text = ""
    append(string, to: &text)
    return text
  }
}
