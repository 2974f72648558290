// Reads a change that somebody wrote down: JSON in the words of a proposer's answer, or a unified
// difference.

import Base

package enum ChangeReader {
  package static let limitBytes = 4 << 20

  /// Fields of a proposer's answer that say nothing about likeness.
  private static let silent: Set<Text> = [
    "version", "kind", "patches", "files", "prediction", "costSeconds", "killCriterion",
    "statedDifference", "inspirations",
  ]
  private static let known: Set<Text> = [
    "title", "hypothesis", "base", "parameters", "assignments", "difference",
  ]

  /// - Throws: `argument.invalid` with the field or the place.
  package static func read(_ bytes: [UInt8], name: String) throws -> ProposedChange {
    var change = ProposedChange()
    guard bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else {
      let isDifference = bytes.split(separator: UInt8(ascii: "\n")).contains {
        $0.starts(with: Array("@@".utf8)) || $0.starts(with: Array("+++ ".utf8))
      }
      guard isDifference else {
        throw StemmaError(
          .argumentInvalid, "\(name) is neither a JSON object nor a unified difference",
          advice: #"for example {"title": "...", "base": "P4", "parameters": {"order": 4}}"#)
      }
      change.difference = bytes
      return change
    }
    let value: Value
    do throws(JSONRefusal) {
      value = try StrictJSON.parse(bytes, limits: StrictJSON.Limits(bytes: limitBytes))
    } catch {
      throw StemmaError(
        .argumentInvalid, "\(name) is no JSON: \(error.reason) at byte \(error.offset)")
    }
    guard case .map(let map) = value else { return change }
    for entry in map.entries { try set(entry, of: &change, name) }
    return change
  }

  private static func set(
    _ entry: ValueMap.Entry, of change: inout ProposedChange, _ name: String
  ) throws {
    func wrong(_ expected: String) -> StemmaError {
      StemmaError(.argumentInvalid, "in \(name), \"\(entry.key)\" is \(expected)")
    }
    func text() throws -> String {
      guard case .string(let text) = entry.value else { throw wrong("a string") }
      return text.string
    }
    if entry.value == .null || silent.contains(entry.key) { return }
    switch entry.key {
    case "title": change.title = try text()
    case "hypothesis": change.hypothesis = try text()
    case "base": change.base = try text()
    case "difference": change.difference = Array(try text().utf8)
    case "parameters":
      guard case .map(let map) = entry.value else { throw wrong("an object") }
      change.parameters = map
    case "assignments":
      guard case .list(let values) = entry.value else { throw wrong("an array of strings") }
      change.assignments = try values.map { value in
        guard case .string(let text) = value else { throw wrong("an array of strings") }
        return text
      }
    default:
      let names = known.union(silent).map(\.string).sorted()
      let nearest = Suggestion.nearest(to: entry.key.string, among: names)
      throw StemmaError(
        .argumentInvalid, "\(name) has an unknown field \"\(entry.key)\"",
        advice: nearest.map { "did you mean \"\($0)\"?" }
          ?? "it may have \(known.map(\.string).sorted().joined(separator: ", "))")
    }
  }
}
