// The shell without a terminal: statements from a pipe, one after the other.

import TestSupport
import Testing

@Suite("Shell")
struct ReplTests {
  private func session(_ input: String) throws -> (text: String, status: Int32) {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    let output = try runner.run(["repl"], input: input)
    return (output.standardOutput + "--\n" + output.standardError, output.exitCode)
  }

  @Test("statements end at semicolons and empty lines, comments end nothing")
  func statements() throws {
    let (text, status) = try session(
      """
      // only a comment

      RETURN 1 AS one; // after it
      RETURN 'a;b' AS two; RETURN 3 AS three;
      /* a comment over

      lines */ RETURN 4 AS four
      // in the middle
      , 5 AS five

      RETURN "// no comment" AS six;
      @recent limit=1;
      :format csv
      RETURN 7 AS seven
      """)
    #expect(status == 0)
    try Golden.expect(text, matches: "Golden/repl-statements.txt")
  }

  @Test("a long statement is read in the time of its lines", .timeLimit(.minutes(1)))
  func longStatement() throws {
    let rows = (0..<20_000).map { "  'row \($0); with \\' and /* in it', // said\n" }.joined()
    let (text, status) = try session("UNWIND [\n" + rows + "'end'] AS x\nRETURN count(x);")
    #expect(status == 0, "\(text.prefix(500))")
    #expect(text.contains("\n   20001\n"), "\(text.prefix(500))")
  }

  @Test("a script with an error goes on and ends with its status")
  func errors() throws {
    let (text, status) = try session(
      """
      RETURN x;
      :asof 99
      :asof nothing
      :asof 1
      :asof now
      :nonsense
      @nothing
      RETURN 1 AS one;
      """)
    #expect(status == 3)
    try Golden.expect(text, matches: "Golden/repl-errors.txt")
  }

  @Test("a table is cut honestly")
  func cut() throws {
    let (text, status) = try session(
      ":limit 2\nUNWIND range(1, 1204) AS n RETURN n;\n:limit all\nRETURN 1 AS one;\n")
    #expect(status == 0)
    try Golden.expect(text, matches: "Golden/repl-cut.txt")
  }
}
