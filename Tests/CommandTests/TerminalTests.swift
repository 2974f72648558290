// The shell in a real terminal, which `script` (util-linux) makes: prompt, completion, history.

import Foundation
import Testing

@Suite("Shell in a terminal")
struct TerminalTests {
  private static let script = URL(fileURLWithPath: "/usr/bin/script")
  static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: script.path) }

  /// What the terminal shows after these keys.
  private func screen(_ keys: String) throws -> (text: String, status: Int32) {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    let process = Process()
    process.executableURL = Self.script
    process.arguments = ["-qec", "\(CommandRunner.program.path) repl", "/dev/null"]
    process.currentDirectoryURL = runner.folder
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": runner.folder.path, "TERM": "xterm", "NO_COLOR": "1",
      "PAGER": "cat",
    ]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    // Before the prompt the terminal is not the shell's yet.
    var shown = Data()
    while !String(decoding: shown, as: UTF8.self).contains("stemma> ") {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { break }
      shown += more
    }
    input.fileHandleForWriting.write(Data(keys.utf8))
    // The end of input becomes Ctrl-D, which leaves the shell.
    try input.fileHandleForWriting.close()
    shown += output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: shown, as: UTF8.self), process.terminationStatus)
  }

  @Test(
    "Tab completes, texts in any script are taken, an error does not end it",
    .enabled(if: Self.isAvailable), .timeLimit(.minutes(1)))
  func session() throws {
    let (text, status) = try screen(
      "MATCH (p:Propo\t) RETURN count(p) AS n;\nRETURN x;\nRETURN 'é日本' AS word;\n:asof 1\n")
    #expect(status == 0)
    #expect(text.contains("Stemma "))
    #expect(text.contains("sal) RETURN count(p) AS n;"), "\(text)")
    #expect(text.contains("the variable 'x' is not defined"))
    #expect(text.contains("é日本\r\n1 row"), "\(text)")
    #expect(text.contains("stemma @1> "))
  }
}
