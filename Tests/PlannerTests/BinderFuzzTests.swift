// Whatever parses must bind or be refused: damaged queries, shuffled ones, and trees as deep as the
// parser allows.

import Base
import Cypher
import Foundation
import Planner
import TestSupport
import Testing

@Suite struct BinderFuzzTests {
  /// The queries of both golden files, right and wrong ones.
  private static let corpus: [String] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return ["Golden/wrong-meaning.txt", "../CypherTests/Golden/forms.txt"].flatMap { path in
      let text =
        (try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)) ?? ""
      return text.components(separatedBy: "\n").filter { $0.hasPrefix("> ") }
        .map { String($0.dropFirst(2)) }
    }
  }()

  private func check(_ text: String) {
    do {
      let bound = try Binder.bind(Text(text))
      #expect(bound.slots.count < 1 << 20)
    } catch let error as StemmaError {
      #expect(error.code == .querySyntax || error.code == .querySemantics)
      #expect(error.classification != nil)
    } catch {
      Issue.record("another error: \(error)")
    }
  }

  @Test func damagedQueries() {
    #expect(Self.corpus.count > 150)
    var random = SplitMix64(seed: 11)
    for _ in 0..<4000 {
      let pick = Int.random(in: 0..<Self.corpus.count, using: &random)
      var words = Self.corpus[pick].split(separator: " ").map(String.init)
      for _ in 0..<Int.random(in: 1...3, using: &random) where !words.isEmpty {
        let place = Int.random(in: 0..<words.count, using: &random)
        let other = Self.corpus[Int.random(in: 0..<Self.corpus.count, using: &random)]
        let borrowed = other.split(separator: " ").randomElement(using: &random).map(String.init)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: words.remove(at: place)
        case 1: words.insert(borrowed ?? "", at: place)
        default: words[place] = borrowed ?? ""
        }
      }
      check(words.joined(separator: " "))
    }
  }

  @Test(arguments: [
    ("(", "1", ")"), ("[", "1", "]"), ("{a: ", "1", "}"), ("NOT ", "true", ""), ("- ", "x", ""),
    ("1 + ", "1", ""), ("[x IN [1] | ", "1", "]"), ("size([", "1", "])"),
    ("CASE WHEN true THEN ", "1", " END"), ("EXISTS { MATCH (n) WHERE ", "true", " }"),
    ("[(a)-->(b) | ", "1", "]"), ("all(x IN [1] WHERE ", "true", ")"), ("1 ^ ", "1", ""),
    ("reduce(s = 0, x IN [1] | ", "1", ")"), ("coalesce(", "1", ")"), ("true XOR ", "true", ""),
    ("COUNT { (n) WHERE 1 = ", "1", " }"), ("x {k: ", "1", "}"),
  ])
  func deepTrees(_ open: String, _ middle: String, _ close: String) {
    for depth in [10, 60, 120, 200, 250, 300] {
      let deep =
        String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
      check("WITH 1 AS x RETURN \(deep) AS y")
      check("MATCH (x) WHERE \(deep) = 1 RETURN x.a, count(*) ORDER BY x.a, \(deep)")
    }
  }
}
