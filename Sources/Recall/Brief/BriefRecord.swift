// One record of a brief, as a line or two of Markdown and as a JSON object with the same content.
// Texts that somebody else wrote are quoted, cut to a stated length and named by who wrote them, so
// that none can pass for a line of ours.

import Base
import Rendering
import Stemma

/// A record with its facts in order.
struct BriefRecord {
  var key: Text
  /// What stands after the key in Markdown.
  var line = ""
  /// Further lines, indented.
  var details: [String] = []
  var members: [(Text, Value)] = []
  /// Records that it shows besides itself.
  var cites: [Text] = []

  init(_ key: Text) {
    self.key = key
    members = [("key", .string(key))]
  }

  var markdown: String {
    var text = "- \(key)" + (line.isEmpty ? "" : " " + line) + "\n"
    for detail in details { text += "  " + detail + "\n" }
    return text
  }

  var value: Value { .map(ValueMap(members)) }

  var json: String { Self.json(value) }

  mutating func add(_ name: Text, _ value: Value) {
    if value != .null { members.append((name, value)) }
  }

  static func json(_ value: Value) -> String {
    var json = JSONText()
    ValueText(entities: EntityTable()).write(value, to: &json)
    return json.text
  }

  // MARK: Texts of others

  static let textLimitBytes = 240

  /// The text, cut after whole characters, with how much is missing.
  static func cut(_ text: String, to limit: Int = textLimitBytes) -> String {
    guard text.utf8.count > limit else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: limit)
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return "\(text[..<end])… (\(text[end...].utf8.count) bytes more)"
  }

  static func quoted(_ text: String, to limit: Int = textLimitBytes) -> String {
    JSONString.quoted(cut(text, to: limit))
  }

  static func number(_ value: Double) -> String { NumberText.short(value, decimals: 4) }
}
