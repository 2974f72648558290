// Golden files that carry their own inputs: each block has input lines that start with "> ", and
// below them what came out. A test recomputes every output; BLESS=1 rewrites the file.

import Foundation
public import Testing

/// Runs a golden script.
public enum GoldenScript {
  /// Feeds each input of the file at `path` (relative to the folder of the calling test file) to
  /// `body` and compares the whole file. Lines that start with "#" are kept as comments.
  /// Returns how many inputs there were.
  @discardableResult
  public static func run(
    _ path: String, testFile: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (String) -> String
  ) throws -> Int {
    let folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    var output: [String] = []
    var input: [String] = []
    var count = 0
    func flush() {
      guard !input.isEmpty else { return }
      count += 1
      output += input.map { $0.isEmpty ? ">" : "> " + $0 }
      output += [body(input.joined(separator: "\n")), ""]
      input = []
    }
    for line in text.components(separatedBy: "\n") {
      if line.hasPrefix("> ") {
        input.append(String(line.dropFirst(2)))
      } else if line == ">" {
        input.append("")
      } else {
        flush()
        if line.hasPrefix("#") { output += [line, ""] }
      }
    }
    flush()
    try Golden.expect(
      output.joined(separator: "\n"), matches: path, testFile: testFile,
      sourceLocation: sourceLocation)
    return count
  }
}
