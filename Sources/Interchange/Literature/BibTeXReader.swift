// BibTeX as far as references need it: entries with fields in braces, quotes or bare, joined
// with `#`. Comments, preambles and string definitions are passed over. Faults name the line.

import Base

struct BibTeXReader {
  private let bytes: [UInt8]
  private let name: String
  private var place = 0
  private static let depthLimit = 64

  init(_ text: String, name: String) {
    bytes = Array(text.utf8)
    self.name = name
  }

  func entries() throws -> [SourceEntry] {
    var reader = self
    var entries: [SourceEntry] = []
    while reader.skip(to: UInt8(ascii: "@")) {
      if let entry = try reader.entry() { entries.append(entry) }
    }
    return entries
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private func fault(_ message: String) -> StemmaError {
    let line = 1 + bytes.prefix(place).count { $0 == 0x0A }
    return StemmaError(
      .fileUnreadable, "\(message)", at: .file(path: name, line: line, column: nil),
      advice: "an entry looks like @article{key, title = {...}, year = 2020}")
  }

  private mutating func skip(to byte: UInt8) -> Bool {
    while let next, next != byte { place += 1 }
    guard next != nil else { return false }
    place += 1
    return true
  }

  private mutating func skipBlanks() {
    while let next, next <= 0x20 { place += 1 }
  }

  private mutating func word() -> String {
    let start = place
    while let next, next > 0x20, !Array("{}(),=#\"".utf8).contains(next) { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func entry() throws -> SourceEntry? {
    let kind = word().lowercased()
    skipBlanks()
    guard let open = next, open == UInt8(ascii: "{") || open == UInt8(ascii: "(") else {
      return nil
    }
    let close = open == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: ")")
    if ["comment", "preamble", "string"].contains(kind) {
      _ = try braced(open, close)
      return nil
    }
    place += 1
    skipBlanks()
    _ = word()
    var fields: [String: String] = [:]
    while true {
      skipBlanks()
      guard let byte = next else { throw fault("the entry does not end") }
      if byte == close {
        place += 1
        break
      }
      if byte == UInt8(ascii: ",") {
        place += 1
        continue
      }
      let field = word().lowercased()
      skipBlanks()
      guard next == UInt8(ascii: "="), !field.isEmpty else { throw fault("a field has no value") }
      place += 1
      fields[field] = try value()
    }
    return Self.source(fields)
  }

  private mutating func value() throws -> String {
    var text = ""
    while true {
      skipBlanks()
      switch next {
      case UInt8(ascii: "{"): text += try braced(UInt8(ascii: "{"), UInt8(ascii: "}"))
      case UInt8(ascii: "\""):
        place += 1
        let start = place
        while let byte = next, byte != UInt8(ascii: "\"") || bytes[place - 1] == 0x5C { place += 1 }
        guard next != nil else { throw fault("a text in quotes does not end") }
        text += String(decoding: bytes[start..<place], as: UTF8.self)
        place += 1
      default:
        let bare = word()
        guard !bare.isEmpty else { throw fault("a field has no value") }
        text += bare
      }
      skipBlanks()
      guard next == UInt8(ascii: "#") else { return text }
      place += 1
    }
  }

  private mutating func braced(_ open: UInt8, _ close: UInt8) throws -> String {
    var depth = 0
    let start = place + 1
    while let byte = next {
      if byte == open { depth += 1 }
      if byte == close { depth -= 1 }
      guard depth <= Self.depthLimit else { throw fault("braces nest too deep") }
      place += 1
      if depth == 0 { return String(decoding: bytes[start..<(place - 1)], as: UTF8.self) }
    }
    throw fault("a brace is not closed")
  }

  // MARK: Fields

  private static func source(_ fields: [String: String]) -> SourceEntry? {
    guard let title = fields["title"].map(plain), !title.isEmpty else { return nil }
    var entry = SourceEntry()
    entry.title = title
    let people = plain(fields["author"] ?? fields["editor"] ?? "")
    entry.authors = people.split(separator: " and ").map(String.init)
    entry.year = (fields["year"] ?? fields["date"]).map(plain).flatMap { Int($0.prefix(4)) }
    entry.uri = fields["url"].map(plain) ?? fields["doi"].map { "https://doi.org/" + plain($0) }
    let notes = ["abstract", "note", "annote"].compactMap { fields[$0].map(plain) }
    if !notes.isEmpty { entry.note = notes.joined(separator: "\n") }
    return entry
  }

  /// Without braces and with blanks joined.
  private static func plain(_ text: String) -> String {
    var result = ""
    var isBlank = true
    for scalar in text.unicodeScalars where scalar != "{" && scalar != "}" {
      if scalar.value <= 0x20 || scalar == "~" {
        if !isBlank { result += " " }
        isBlank = true
      } else {
        result.unicodeScalars.append(scalar)
        isBlank = false
      }
    }
    while result.hasSuffix(" ") { result.removeLast() }
    return result
  }
}
