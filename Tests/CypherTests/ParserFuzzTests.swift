// No text may trap, hang or exhaust the stack: seeded nonsense, damaged queries, and nesting of a
// megabyte. A failing case is named by its seed.

import Base
import Cypher
import Foundation
import TestSupport
import Testing

@Suite struct ParserFuzzTests {
  /// The correct queries of the golden file, as material.
  private static let corpus: [String] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/forms.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.components(separatedBy: "\n").filter { $0.hasPrefix("> ") }
      .map { String($0.dropFirst(2)) }
  }()

  /// Parses and, where that succeeds, prints and parses again.
  private func check(_ text: String) {
    do {
      let statement = try Parser.parse(Text(text))
      let printed = CanonicalPrinter.text(of: statement)
      #expect(!printed.isEmpty)
    } catch let error as StemmaError {
      #expect(error.code == .querySyntax)
      #expect(error.place != nil || text.utf8.count > ParserLimits.textBytes)
      #expect(error.classification != nil)
      #expect(!error.rendered.isEmpty)
    } catch {
      Issue.record("another error: \(error)")
    }
  }

  /// The seeds of the fuzzer, and what it found: what parses prints, and the print is stable.
  @Test func corpusOfTheFuzzer() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Fuzz/Corpus")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    #expect(files.count > 100)
    for file in files {
      let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      check(text)
      guard let statement = try? Parser.parse(Text(text)) else { continue }
      let printed = CanonicalPrinter.text(of: statement)
      let again = try? CanonicalPrinter.text(of: Parser.parse(Text(printed)))
      // A print has more brackets than the text, so that it may be too deep.
      if let again { #expect(again == printed, "\(file.lastPathComponent)") }
    }
  }

  @Test func randomBytes() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<1500 {
      let count = Int.random(in: 0..<60, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      check(String(decoding: bytes, as: UTF8.self))
      check(String(decoding: bytes.map { $0 & 0x7F }, as: UTF8.self))
    }
  }

  @Test func damagedQueries() throws {
    #expect(Self.corpus.count > 60)
    var random = SplitMix64(seed: 2)
    for _ in 0..<4000 {
      let pick = Int.random(in: 0..<Self.corpus.count, using: &random)
      var bytes = Array(Self.corpus[pick].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
        default: bytes.removeSubrange(place...)
        }
      }
      check(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func shuffledTokens() {
    var random = SplitMix64(seed: 3)
    let words = Self.corpus.flatMap { text -> [String] in
      let bytes = Array(text.utf8)
      return Lexer.lex(bytes).tokens.map {
        String(decoding: bytes[Int($0.start)..<Int($0.end)], as: UTF8.self)
      }
    }
    for _ in 0..<3000 {
      let count = Int.random(in: 1..<30, using: &random)
      let picked = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
      check("MATCH (n) RETURN " + picked.joined(separator: " "))
      check(picked.joined(separator: " "))
    }
  }

  @Test(arguments: [
    "(", "[", "{a:", "-", "NOT ", "+", "a.", "a[", "f(", "CASE WHEN ", "CASE ", "[x IN ",
    "EXISTS { MATCH (n) WHERE ", "((", "(a {x: ", "(a)-[", "1+(", "1 + ", "1 ^ ", "x IN ",
    "1 XOR ", "all(x IN ", "reduce(s = ", "[(a)-->(b) | ", "x {y: ", "!", "x:!", "n:(",
    "shortestPath(", "'", "`", "/*", "COUNT { (a) WHERE ", "a:B:", "(a)-->", "(a)--", "$",
    "1 = 2 XOR ", "x[..", "[[(", "({", "(a:A {b: (c:C {d: ",
  ])
  func deepNesting(_ piece: String) {
    for count in [50, 255, 256, 257, 50_000 / piece.utf8.count] {
      let deep = String(repeating: piece, count: count)
      check("RETURN " + deep)
      check("RETURN " + deep + "1")
      check("MATCH " + deep)
    }
  }

  @Test func megabytes() throws {
    check("RETURN " + String(repeating: "(", count: 1 << 20))
    check("RETURN " + String(repeating: "- ", count: 1 << 19))
    check("MATCH " + String(repeating: "((", count: 1 << 19))
    check(String(repeating: "(a)-->", count: 1 << 17))
    check(String(repeating: "\u{1F600}", count: 1 << 17))
  }

  @Test func longButFlatTextsParse() throws {
    let numbers = (0..<20_000).map(String.init)
    _ = try Parser.parse(Text("RETURN [" + numbers.joined(separator: ",") + "]"))
    _ = try Parser.parse(
      Text(
        "MATCH (n) WHERE " + numbers.map { "n.x = \($0)" }.joined(separator: " OR ")
          + " RETURN n"))
    _ = try Parser.parse(
      Text("RETURN 1 < " + numbers.joined(separator: " < ")))
    _ = try Parser.parse(
      Text(
        "MATCH " + numbers.prefix(5000).map { "(n\($0))" }.joined(separator: "-->")
          + " RETURN 1"))
  }

  @Test func tooLongTextsAreRefused() throws {
    let text = String(repeating: " ", count: ParserLimits.textBytes + 1)
    #expect(throws: StemmaError.self) { try Parser.parse(Text(text)) }
  }
}
