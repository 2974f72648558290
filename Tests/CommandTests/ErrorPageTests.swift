// docs/errors.md against the program: every code with its exit status, and the table of statuses.

import Foundation
import Testing

@Suite("The page of errors")
struct ErrorPageTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The cells of the page's rows, without their quotes.
  private static func rows() throws -> [[String]] {
    try text("docs/errors.md").split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
      line.split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "`", with: "")
      }
    }
  }

  @Test("every code is on it, once")
  func codes() throws {
    let source = try Self.text("Sources/Base/Errors/ErrorCode.swift")
    let declared = source.components(separatedBy: "ErrorCode(rawValue: \"").dropFirst()
      .compactMap { $0.components(separatedBy: "\"").first }
    #expect(declared.count > 20)
    let listed = try Self.rows().map { $0[0] }.filter { $0.contains(".") }
    #expect(listed.sorted() == declared.sorted())
  }

  @Test("its statuses are those that `stemma --help` shows")
  func statuses() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let help = try runner.run(["--help"], environment: ["COLUMNS": "200"]).standardOutput
    let statuses = try Self.rows().filter { Int($0[0]) != nil }
    #expect(statuses.count == 9)
    for row in statuses { #expect(help.contains("  \(row[0])  \(row[1])\n")) }
    // A code's status is one of the table.
    for row in try Self.rows() where row[0].contains(".") {
      #expect(statuses.contains { $0[0] == row[1] }, "\(row)")
    }
  }
}
