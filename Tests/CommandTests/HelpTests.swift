// Help is an interface: its words are read before they change.

import TestSupport
import Testing

@Suite("Help")
struct HelpTests {
  @Test(
    "each command teaches by example",
    arguments: [
      "init", "query", "repl", "show", "verify", "doctor", "schema", "completions", "why",
      "lineage", "export", "backup", "restore", "repair", "compact",
    ])
  func help(command: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let output = try runner.run(["help", command], environment: ["COLUMNS": "80"])
    #expect(output.exitCode == 0)
    #expect(output.standardOutput.contains("Examples:") || command == "repl")
    try Golden.expect(output.standardOutput, matches: "Golden/help-\(command).txt")
  }

  @Test("the program says what it is and its exit codes")
  func overview() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let output = try runner.run(["--help"], environment: ["COLUMNS": "80"])
    #expect(output.exitCode == 0)
    try Golden.expect(output.standardOutput, matches: "Golden/help.txt")
  }

  @Test("completion scripts are printed for each shell", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let output = try runner.run(["completions", shell])
    #expect(output.exitCode == 0)
    #expect(output.standardOutput.contains("query"))
  }
}
