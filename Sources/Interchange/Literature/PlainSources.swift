// References in Markdown (a heading per source, its text the note) and in JSON (an array of
// objects).

import Base

enum MarkdownSources {
  static func entries(_ text: String) -> [SourceEntry] {
    var entries: [SourceEntry] = []
    var lines: [Substring] = []
    var isInCode = false
    func close() {
      let note = lines.joined(separator: "\n").trimmed
      lines = []
      guard !entries.isEmpty, !note.isEmpty else { return }
      entries[entries.count - 1].note = note
      let words = note.split { $0 == " " || $0 == "\n" || "<>()[]".contains($0) }
      entries[entries.count - 1].uri = words.first {
        $0.hasPrefix("https://") || $0.hasPrefix("http://")
      }
      .map(String.init)
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") { isInCode.toggle() }
      guard !isInCode, line.hasPrefix("#") else {
        lines.append(line)
        continue
      }
      close()
      let title = String(line.drop { $0 == "#" }).trimmed
      guard !title.isEmpty else { continue }
      var entry = SourceEntry()
      entry.title = title
      // `A title (2019)` has its year at the end.
      if title.hasSuffix(")"), let year = Int(title.dropLast().suffix(4)) { entry.year = year }
      entries.append(entry)
    }
    close()
    return entries
  }
}

enum JSONSources {
  static func entries(_ text: String, name: String) throws -> [SourceEntry] {
    let value: Value
    do throws(JSONRefusal) {
      value = try StrictJSON.parse(Array(text.utf8), limits: .init(bytes: 64 << 20))
    } catch {
      throw StemmaError(
        .fileUnreadable, "\(name) is no JSON: \(error.reason) at byte \(error.offset)")
    }
    guard case .list(let elements) = value else { throw fault("is no array of sources", name) }
    return try elements.enumerated().map { try entry($1, "source \($0 + 1)", name) }
  }

  private static func fault(_ message: String, _ name: String) -> StemmaError {
    StemmaError(
      .fileUnreadable, "\(name): \(message)",
      advice:
        #"write [{"title": "...", "authors": ["..."], "year": 2020, "uri": "...", "note": "..."}]"#
    )
  }

  private static func entry(_ value: Value, _ place: String, _ name: String) throws -> SourceEntry {
    guard case .map(let map) = value else { throw fault("\(place) is no object", name) }
    var entry = SourceEntry()
    for (key, value) in map.entries.map({ ($0.key, $0.value) }) where value != .null {
      switch (key.string, value) {
      case ("title", .string(let text)): entry.title = text.string
      case ("uri", .string(let text)), ("url", .string(let text)): entry.uri = text.string
      case ("note", .string(let text)), ("abstract", .string(let text)): entry.note = text.string
      case ("year", .integer(let year)): entry.year = Int(clamping: year)
      case ("authors", .list(let names)):
        entry.authors = try names.map { value in
          guard case .string(let text) = value else {
            throw fault("\(place): authors are strings", name)
          }
          return text.string
        }
      default: throw fault("\(place): \"\(key)\" is unknown or of a wrong kind", name)
      }
    }
    guard !entry.title.isEmpty else { throw fault("\(place) has no title", name) }
    return entry
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var bytes = Substring(self).utf8
    while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    return String(Substring(bytes))
  }
}
