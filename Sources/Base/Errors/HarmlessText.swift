// Text of others on its way to a person: what would steer the terminal is made visible, and what
// would bury the rest of a message is cut, and says so.

package enum HarmlessText {
  /// Longer texts are cut. The longest message of our own has a quarter of that.
  private static let limitScalars = 4_000

  /// Control characters, and those that reorder the text around them.
  package static func steers(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
      || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }

  /// `\u{1b}` and its like.
  package static func escape(_ scalar: Unicode.Scalar) -> String {
    "\\u{" + String(scalar.value, radix: 16) + "}"
  }

  /// The text with its lines and tabs, and nothing else that steers a terminal.
  package static func lines(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let left = scalars.count - limitScalars
    guard left > 0 || scalars.contains(where: isShown) else { return text }
    var result = ""
    for scalar in scalars.prefix(limitScalars) {
      if isShown(scalar) {
        result += escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return left > 0 ? result + "… (\(left) more characters)" : result
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    scalar != "\n" && scalar != "\t" && steers(scalar)
  }
}
