// The source tree as these tests see it: files with their lines, and the same text with comments
// and string literals blanked out, so that a rule about code is not broken by a sentence.

import Foundation

/// One file under Sources or Tests.
struct SourceFile: Sendable {
  /// Relative to the package, such as `Sources/Base/Values/Text.swift`.
  var path: String
  var text: String
  /// Comments and string literals replaced by spaces; newlines stay.
  var code: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }
  /// `Base` for `Sources/Base/...`.
  var target: String { String(path.split(separator: "/")[1]) }
  /// Written by a tool: rules about length do not apply.
  var isGenerated: Bool { path.contains("/Generated/") }
  var isSwift: Bool { path.hasSuffix(".swift") }

  init(path: String, text: String) {
    self.path = path
    self.text = text
    code = path.hasSuffix(".swift") ? CodeScanner.code(of: text) : text
  }

  /// All Swift and C files below `Sources` or `Tests`, sorted by path; read once.
  static func all(below folder: String) throws -> [SourceFile] {
    try (folder == "Sources" ? sources : tests).get()
  }

  private static let sources = Result { try read(below: "Sources") }
  private static let tests = Result { try read(below: "Tests") }

  private static func read(below folder: String) throws -> [SourceFile] {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let start = root.appendingPathComponent(folder)
    let names = try FileManager.default.subpathsOfDirectory(atPath: start.path).sorted()
    let suffixes = [".swift", ".c", ".h"]
    return try names.filter { name in suffixes.contains { name.hasSuffix($0) } }.map { name in
      SourceFile(
        path: folder + "/" + name,
        text: try String(contentsOf: start.appendingPathComponent(name), encoding: .utf8))
    }
  }
}

/// Blanks out comments and string literals, with nested comments, raw strings and interpolations.
struct CodeScanner {
  private var bytes: [UInt8]
  private var position = 0

  static func code(of text: String) -> String {
    var scanner = CodeScanner(bytes: Array(text.utf8))
    scanner.scan(untilClosingBracket: false)
    return String(decoding: scanner.bytes, as: UTF8.self)
  }

  private func byte(_ offset: Int = 0) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private func has(_ first: UInt8, _ second: UInt8) -> Bool {
    byte() == first && byte(1) == second
  }

  /// Whether `count` bytes `value` stand at `offset`.
  private func has(_ count: Int, of value: UInt8, at offset: Int) -> Bool {
    (0..<count).allSatisfy { byte(offset + $0) == value }
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where position < bytes.count {
      if bytes[position] != 0x0A { bytes[position] = 0x20 }
      position += 1
    }
  }

  /// Walks over code; inside an interpolation it ends at the bracket that closes it.
  private mutating func scan(untilClosingBracket: Bool) {
    var depth = 0
    while position < bytes.count {
      switch byte() {
      case slash where byte(1) == slash:
        while position < bytes.count, byte() != 0x0A { blank() }
      case slash where byte(1) == star:
        skipBlockComment()
      case sign, quote:
        if let signs = openingSigns() { skipString(signs: signs) } else { position += 1 }
      case openBracket:
        depth += 1
        position += 1
      case closeBracket:
        if untilClosingBracket, depth == 0 { return }
        depth -= 1
        position += 1
      default:
        position += 1
      }
    }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if has(slash, star) {
        depth += 1
        blank(2)
      } else if has(star, slash) {
        depth -= 1
        blank(2)
      } else {
        blank()
      }
    } while depth > 0 && position < bytes.count
  }

  /// The number of `#` before a quote at the present position; `nil` where no string starts.
  private func openingSigns() -> Int? {
    var signs = 0
    while byte(signs) == sign { signs += 1 }
    return byte(signs) == quote ? signs : nil
  }

  private mutating func skipString(signs: Int) {
    blank(signs)
    let quotes = has(3, of: quote, at: 0) ? 3 : 1
    blank(quotes)
    while position < bytes.count {
      if has(quotes, of: quote, at: 0), has(signs, of: sign, at: quotes) {
        return blank(quotes + signs)
      }
      if byte() == backslash, has(signs, of: sign, at: 1) {
        let isInterpolation = byte(1 + signs) == openBracket
        blank(2 + signs)
        if isInterpolation {
          scan(untilClosingBracket: true)
          blank()
        }
      } else {
        blank()
      }
    }
  }
}

private let slash = UInt8(ascii: "/")
private let star = UInt8(ascii: "*")
private let sign = UInt8(ascii: "#")
private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")
private let openBracket = UInt8(ascii: "(")
private let closeBracket = UInt8(ascii: ")")
