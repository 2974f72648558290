// Golden text files: the expected output of a test, readable by a non-author. `make bless` (which
// sets BLESS=1) rewrites them; a test run never does.

import Foundation
public import Testing

/// Compares texts with files beside the tests.
public enum Golden {
  /// Compares `actual` with the file at `path` (relative to the folder of the calling test file).
  /// With BLESS=1 in the environment the file is written instead.
  public static func expect(
    _ actual: String, matches path: String, testFile: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    let file = folder.appendingPathComponent(path)
    if ProcessInfo.processInfo.environment["BLESS"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: file)
      return
    }
    guard let data = try? Data(contentsOf: file) else {
      Issue.record(
        "there is no \(file.path); run `make bless` and read what it wrote",
        sourceLocation: sourceLocation)
      return
    }
    let expected = String(decoding: data, as: UTF8.self)
    if Array(expected.utf8) != Array(actual.utf8) {
      Issue.record(
        Comment(rawValue: "\(path) differs:\n" + firstDifference(expected, actual)),
        sourceLocation: sourceLocation)
    }
  }

  /// The first line that differs, with its number.
  static func firstDifference(_ expected: String, _ actual: String) -> String {
    let left = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let right = actual.split(separator: "\n", omittingEmptySubsequences: false)
    for index in 0..<max(left.count, right.count) {
      let old = index < left.count ? String(left[index]) : "(end of file)"
      let new = index < right.count ? String(right[index]) : "(end of file)"
      if Array(old.utf8) != Array(new.utf8) {
        return "line \(index + 1)\n  expected: \(old)\n  actual:   \(new)"
      }
    }
    return "(only the ends of lines differ)"
  }
}
