// Help is an interface: its words are read before they change.

import TestSupport
import Testing

@Suite("Help")
struct HelpTests {
  @Test(
    "each command teaches by example",
    arguments: [
      "init", "loop", "loop run", "loop trial", "loop estimate", "loop status", "loop pause",
      "loop resume",
      "loop stop", "review", "review list", "review approve", "review reject", "review modify",
      "query", "repl", "show", "why", "lineage", "export", "import", "backup", "restore", "verify",
      "repair", "compact",
      "upgrade",
      "doctor", "sandbox", "sandbox run", "sandbox evaluate", "sandbox job", "schema",
      "import csv", "budget",
      "checkpoint", "key", "key add", "prove", "redact", "timestamp", "export audit",
      "cypher-guide", "mcp", "bench", "completions", "critics", "prompt", "prompt list",
      "prompt diff", "prompt test", "prompt case", "checkout", "propose", "wait", "ask", "tell",
      "agent-guide",
    ])
  func help(command: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let words = command.split(separator: " ").map(String.init)
    let output = try runner.run(["help"] + words, environment: ["COLUMNS": "80"])
    #expect(output.exitCode == 0)
    #expect(output.standardOutput.contains("Examples:"))
    let name = words.joined(separator: "-")
    try Golden.expect(output.standardOutput, matches: "Golden/help-\(name).txt")
  }

  @Test("the program says what it is and its exit codes")
  func overview() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let output = try runner.run(["--help"], environment: ["COLUMNS": "80"])
    #expect(output.exitCode == 0)
    try Golden.expect(output.standardOutput, matches: "Golden/help.txt")
  }

  @Test("the named queries are listed as data too", arguments: ["json", "jsonl", "csv"])
  func listsQueries(format: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let output = try runner.run(["query", "--list", "--format", format])
    #expect(output.exitCode == 0)
    let lines = output.standardOutput.split(separator: "\n")
    #expect(lines.filter { $0.contains("@recent") && $0.contains("limit = ") }.count == 1)
    #expect(lines[0].hasPrefix(["json": "[{", "jsonl": "{", "csv": "name,"][format] ?? ""))
  }

  @Test("help about what is no command says so")
  func unknown() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let cases = [
      (["help", "nosuch"], "there is no command nosuch; `stemma help` lists them"),
      (["help", "querry"], "did you mean `stemma query`?"),
      (["help", "key", "nosuch"], "there is no command key nosuch; there are list, add"),
      (["help", "query", "nosuch"], "there is no command query nosuch"),
    ]
    for (words, expected) in cases {
      let output = try runner.run(words)
      #expect(output.exitCode == 2, "\(output)")
      #expect(output.standardError.contains(expected), "\(output)")
    }
    for words in [["help"], ["help", "loop", "run"], ["help", "query"]] {
      #expect(try runner.run(words).exitCode == 0)
    }
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
