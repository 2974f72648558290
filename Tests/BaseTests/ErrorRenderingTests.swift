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
}
