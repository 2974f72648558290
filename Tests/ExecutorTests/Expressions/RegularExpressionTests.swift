// Regular expressions: what matches and what does not, what is refused, and time that stays linear.

import Base
import Testing

@testable import Executor

@Suite struct RegularExpressionTests {
  private func matches(_ pattern: Text, _ text: Text) throws -> Bool {
    try RegularExpression(pattern).matches(text) {}
  }

  @Test(arguments: [
    ("abc", "abc", true), ("abc", "abcd", false), ("a.c", "abc", true), ("a.c", "a\nc", false),
    ("(?s)a.c", "a\nc", true), ("a*", "", true), ("a+", "", false), ("a?b", "b", true),
    ("a{2,3}", "aaa", true), ("a{2,3}", "aaaa", false), ("a{2,}", "aaaaaa", true),
    ("(ab|cd)+", "abcdab", true), ("(ab|cd)+", "abc", false), ("[a-c]+", "abcab", true),
    ("[^a-c]+", "xyz", true), ("[^a-c]+", "xaz", false), ("\\d+-\\w+", "42-x_1", true),
    ("[\\d-]+", "1-2", true), ("\\S+\\s\\S+", "a b", true), ("(?i)straSSE.*", "Strasse 7", true),
    ("(?i)É", "é", true), ("\\p{Lu}\\p{Ll}+", "Été", true), ("\\P{L}", "1", true),
    ("^a$", "a", true), (".*\\bcat\\b.*", "a cat sat", true), (".*\\bcat\\b.*", "concat", false),
    ("\\Qa.b\\E", "a.b", true), ("\\Qa.b\\E", "axb", false),
    ("\\u0041\\x42\\x{1F600}", "AB😀", true),
    (".", "😀", true), ("", "", true), ("|a", "a", true), ("(?:a|b)(?<name>c)", "bc", true),
    ("[]a]+", "]a", true), ("a\\.b", "a.b", true), ("[a[bc]]+", "abc", true), (".*?b", "aab", true),
  ])
  func match(_ pattern: Text, _ text: Text, _ expected: Bool) throws {
    #expect(try matches(pattern, text) == expected, "\(text) =~ \(pattern)")
  }

  @Test(arguments: [
    "(", ")", "[", "a**+", "*", "a{2", "a{3,2}", "a{99999}", "\\1", "(?=a)", "(?<=a)b", "a++",
    "[b-a]", "\\", "\\p{Nonsense}", "(?x)a", "\\j", "(a{1000}){1000}", "\\u12",
    "((((){1000}){1000}){1000}){1000}",
  ])
  func refused(_ pattern: Text) {
    #expect(throws: StemmaError.self) { try RegularExpression(pattern) }
  }

  @Test func hostileExpressionsTakeLinearTime() throws {
    let text = Text(String(repeating: "a", count: 2_000) + "!")
    #expect(try matches("(a+)+b", text) == false)
    #expect(try matches("(a|aa)*b", text) == false)
    #expect(try matches("((a*)*)*b", text) == false)
    #expect(throws: StemmaError.self) {
      try RegularExpression(Text(String(repeating: "(", count: 5_000)))
    }
  }

  @Test func stopsWhenAsked() throws {
    struct Stop: Error {}
    let expression = try RegularExpression("a*")
    #expect(throws: Stop.self) { try expression.matches("aaaa") { throw Stop() } }
  }

  /// Random expressions neither trap nor hang, whatever they say.
  @Test func randomExpressionsNeverTrap() {
    var random = SplitMix64(seed: 61)
    let letters = Array("ab()[]{}*+?|\\^$.-,1dwpQEi:<=!&".unicodeScalars)
    for _ in 0..<20_000 {
      var pattern = String.UnicodeScalarView()
      for _ in 0..<(random.next() % 12) {
        pattern.append(letters[Int(random.next() % UInt64(letters.count))])
      }
      let expression = try? RegularExpression(Text(String(pattern)))
      _ = expression?.matches("abab1") {}
    }
    #expect((try? RegularExpression("a")) != nil)
  }
}
