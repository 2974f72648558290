// Where output goes: nowhere, to a reader who has gone, to a device, through a link.

import Foundation
import Glibc
import Testing

@Suite("Output")
struct OutputTests {
  /// Words of a shell around the program, which is `"$@"`.
  private func shell(_ words: String) -> [String] { ["/bin/sh", "-c", words, "sh"] }

  @Test("a program that was started without its output does not print into the store")
  func closedDescriptors() throws {
    for closed in ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"] {
      let runner = try CommandRunner()
      defer { runner.remove() }
      _ = try runner.run(["init"])
      let write = ["query", "--write", "--reason", "test"]
      for name in ["a", "b", "c"] {
        _ = try runner.run(
          write + ["CREATE (a:Actor {name: '\(name)', kind: 'person'}) RETURN a"],
          under: shell("\"$@\" \(closed)"))
      }
      _ = try runner.run(["query", "RETURN x"], under: shell("\"$@\" \(closed)"))
      let counted = try runner.run(["query", "--format", "csv", "MATCH (a:Actor) RETURN count(a)"])
      #expect(counted.standardOutput == "count(a)\n3\n", "\(closed): \(counted)")
      let verified = try runner.run(["verify"])
      #expect(verified.exitCode == 0, "\(closed): \(verified)")
    }
    let runner = try CommandRunner()
    defer { runner.remove() }
    let silent = try runner.run(["query", "--list"], under: shell("\"$@\" >&-"))
    #expect(silent.exitCode == 2)
    #expect(silent.standardError.contains("cannot write the output: Bad file descriptor"))
  }

  @Test("bytes that are no UTF-8 are refused, not replaced")
  func otherEncodings() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    let create = "CREATE (:Actor {name: 'caf\\351', kind: 'person'})"
    let typed = try runner.run(
      ["query", "--write", "--reason", "test"],
      under: shell("\"$@\" \"$(printf \"\(create)\")\""))
    #expect(typed.exitCode == 2, "\(typed)")
    #expect(typed.standardError.contains("argument.invalid: argument 5 is not UTF-8: CREATE"))
    let script = "RETURN 1 AS a;\nRETURN 'caf\\351';\nRETURN 2 AS b"
    let piped = try runner.run(["repl"], under: shell("printf \"\(script)\" | \"$@\""))
    #expect(piped.exitCode == 2, "\(piped)")
    #expect(piped.standardError.contains("argument.invalid: a line is not UTF-8"))
    #expect(piped.standardOutput.contains("a\n─\n1\n"))
    #expect(piped.standardOutput.contains("b\n─\n2\n"))
    let count = ["query", "--format", "csv", "MATCH (n) RETURN count(n)"]
    #expect(try runner.run(count).standardOutput == "count(n)\n0\n")
  }

  @Test("who does not read errors does not change how a command ends")
  func errorsWithoutAReader() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let words = "trap '' PIPE; { sleep 0.3; \"$@\" 2>&1 >/dev/null; echo $? >status; } | true"
    _ = try runner.run(["query", "RETURN 1"], under: shell(words + "; sleep 0.6"))
    let status = runner.folder.appendingPathComponent("status")
    #expect(try String(contentsOf: status, encoding: .utf8) == "5\n")
  }

  @Test("a pipe or a device stays one, and a link leads to what is written")
  func placesThatAreNoFiles() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    let whole = try runner.run(["export"]).standardOutput
    func path(_ name: String) -> String { runner.folder.appendingPathComponent(name).path }
    mkfifo(path("pipe"), 0o600)
    let piped = try runner.run(
      ["export", "-o", "pipe"], under: shell("cat pipe & \"$@\"; wait"))
    #expect(piped.exitCode == 0 && piped.standardOutput == whole, "\(piped)")
    var status = stat()
    #expect(lstat(path("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    try Data("old".utf8).write(to: URL(fileURLWithPath: path("target")))
    symlink("target", path("link"))
    #expect(try runner.run(["export", "-o", "link"]).exitCode == 0)
    #expect(lstat(path("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(try String(contentsOfFile: path("target"), encoding: .utf8) == whole)
  }
}
