// How a text is written as a JSON string (RFC 8259): only what must be escaped is, and the one
// further control character that terminals act on.

/// Quoting for JSON.
package enum JSONString {
  /// Appends the text in quotes.
  package static func append(_ string: String, to text: inout String) {
    text += "\""
    defer { text += "\"" }
    // Nearly no text has anything to escape, and whole texts are appended ten times as fast.
    guard string.utf8.contains(where: isEscaped) else { return text += string }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          text += "\\u00" + HexText.encode([UInt8(scalar.value)])
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
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
