// `{name}` in a command line: found when a campaign is read, filled in when a run starts. `{{` and
// `}}` stand for the braces themselves.

import Base

enum Placeholders {
  /// Letters, digits and '_', not starting with a digit, at most 64.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(48...57).contains(first), text.utf8.count <= 64 else {
      return false
    }
    return text.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0) || $0 == 95
    }
  }

  /// The names used in a text.
  static func names(in text: String, onError: (String) -> StemmaError) throws -> [String] {
    try pieces(of: text, onError: onError).compactMap { $0.isName ? $0.text : nil }
  }

  /// The text with every name replaced; names without a value stay as they are.
  static func fill(_ text: String, with values: [String: String]) throws -> String {
    let parts = try pieces(of: text) { StemmaError(.campaignInvalid, $0) }
    return parts.map { $0.isName ? values[$0.text] ?? "{\($0.text)}" : $0.text }.joined()
  }

  private static func pieces(
    of text: String, onError: (String) -> StemmaError
  ) throws -> [(text: String, isName: Bool)] {
    let hasBraces = text.utf8.contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
    guard hasBraces else { return [(text, false)] }
    var pieces: [(text: String, isName: Bool)] = []
    var plain = ""
    var rest = text[...]
    while let character = rest.first {
      rest = rest.dropFirst()
      if (character == "{" || character == "}") && rest.first == character {
        plain.append(character)
        rest = rest.dropFirst()
      } else if character == "{" {
        guard let end = rest.firstIndex(of: "}"), isName(String(rest[..<end])) else {
          throw onError("a '{' in \"\(text)\" opens no placeholder; write {{ for a brace")
        }
        pieces.append((plain, false))
        pieces.append((String(rest[..<end]), true))
        plain = ""
        rest = rest[rest.index(after: end)...]
      } else if character == "}" {
        throw onError("a '}' in \"\(text)\" closes nothing; write }} for a brace")
      } else {
        plain.append(character)
      }
    }
    pieces.append((plain, false))
    return pieces
  }
}
