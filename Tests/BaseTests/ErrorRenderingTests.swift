// Errors as people read them.

import Base
import TestSupport
import Testing

@Suite("Error rendering")
struct ErrorRenderingTests {
  @Test("place, caret and advice")
  func rendering() throws {
    let long = String(repeating: "a, ", count: 60) + "oops " + String(repeating: ", b", count: 60)
    let errors = [
      StemmaError(
        .querySyntax, "the pattern is not closed",
        at: .text(name: nil, line: 1, column: 10, length: 6, sourceLine: "MATCH (n RETURN n"),
        advice: "write `)` before RETURN"),
      StemmaError(
        .schemaSyntax, "a tab and a control character",
        at: .text(name: "my.gql", line: 3, column: 4, length: 0, sourceLine: "\ta\u{1B}x")),
      StemmaError(
        .querySyntax, "a long line",
        at: .text(name: nil, line: 1, column: 181, length: 4, sourceLine: long)),
      StemmaError(
        .querySyntax, "at the end",
        at: .text(name: nil, line: 1, column: 7, length: 1, sourceLine: "RETURN")),
      StemmaError(
        .fileUnreadable, "cannot read it", at: .file(path: "a/b.toml", line: 3, column: nil)),
      StemmaError(.storeDamaged, "a fault", at: .record(table: "nodes", key: "12")),
    ]
    let text = errors.map(\.rendered).joined(separator: "\n\n") + "\n"
    try Golden.expect(text, matches: "Golden/errors.txt")
  }

  @Test("texts of others neither steer a terminal nor bury the rest")
  func harmless() {
    let hostile = "a\u{1B}]0;owned\u{07}\u{9B}31m\u{202E}b"
    let shown = "a\\u{1b}]0;owned\\u{7}\\u{9b}31m\\u{202e}b"
    let error = StemmaError(
      .keyNotFound, "there is no \(hostile)", at: .file(path: hostile, line: 1, column: nil),
      advice: "not \(hostile),\n  but \tanother")
    #expect(
      error.rendered
        == "key.not-found: there is no \(shown)\n  in \(shown), line 1\n"
        + "  not \(shown),\n  but \tanother")
    let record = StemmaError(.storeDamaged, "a fault", at: .record(table: "keys", key: hostile))
    #expect(record.rendered == "store.damaged: a fault\n  in table keys, key \(shown)")
    let line = StemmaError(
      .querySyntax, "here",
      at: .text(name: hostile, line: 1, column: 1, length: 1, sourceLine: "\u{9B}\u{202E}x"))
    #expect(
      line.rendered == "query.syntax: here\n  at \(shown), line 1, column 1\n  | ··x\n  | ^")
    let long = StemmaError(
      .argumentInvalid, String(repeating: "é", count: 100_000), advice: "shorten it")
    #expect(long.rendered.unicodeScalars.count < 4_100)
    #expect(long.rendered.hasSuffix("é… (96018 more characters)\n  shorten it"))
  }
}
