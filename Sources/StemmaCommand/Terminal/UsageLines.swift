// Lines of usage that fit a terminal: the parser's library wraps all of a help page but these.

enum UsageLines {
  private static let columns = 80
  private static let marks = ["USAGE: ", "Usage: "]

  /// The text with its lines of usage broken between options.
  static func wrapped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.count > columns, let mark = marks.first(where: line.hasPrefix) else {
        return String(line)
      }
      return broken(line, indent: String(repeating: " ", count: mark.count))
    }.joined(separator: "\n")
  }

  private static func broken(_ line: Substring, indent: String) -> String {
    var lines: [String] = []
    var current = ""
    for word in words(line) {
      if !current.isEmpty, current.count + 1 + word.count > columns {
        lines.append(current)
        current = indent + word
      } else {
        current += (current.isEmpty ? "" : " ") + word
      }
    }
    return (lines + [current]).joined(separator: "\n")
  }

  /// Words, where an option in brackets or with its value is one.
  private static func words(_ line: Substring) -> [String] {
    var words: [String] = []
    var depth = 0
    for word in line.split(separator: " ") {
      let isValue = word.hasPrefix("<") && words.last?.hasPrefix("--") == true
      if depth > 0 || isValue {
        words[words.count - 1] += " " + word
      } else {
        words.append(String(word))
      }
      depth += word.count { $0 == "[" } - word.count { $0 == "]" }
    }
    return words
  }
}
