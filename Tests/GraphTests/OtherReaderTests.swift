// A reader in another language, written from the page on the format alone, comes to the same.

import Base
import Foundation
import GraphWorkload
import Store
import Testing

@testable import Graph

@Suite struct OtherReaderTests {
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  private func read(_ folder: String, with program: String = "read_store.py") throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-B", Self.tests.appendingPathComponent("Reader/\(program)").path, folder,
    ]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }

  /// Rows, columns, versions, neighbours, bitmaps, keys, indexes, statistics, the tree.
  @Test(arguments: [5, 6])
  func readsEveryProjectionAndComesToTheSameGraph(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let graph = try Graph.create(
      at: folder.path, schema: nil, surroundings: Fixture.surroundings(),
      layout: ModelTests.small)
    var workload = Workload(seed: seed)
    for _ in 0..<40 { _ = try graph.append(workload.nextRequest()) }
    #expect(try read(folder.path, with: "read_graph.py") == GraphText.everything(graph))
  }

  @Test func readsTheStoreThatIsKept() throws {
    let place = Self.tests.appendingPathComponent("Fixtures/format-2")
    let expected = try String(contentsOfFile: place.path + ".txt", encoding: .utf8)
    #expect(try read(place.path, with: "read_graph.py") == expected)
  }

  @Test func readsTheLogAndComesToTheSameRoot() throws {
    let folder = try TemporaryFolder()
    let graph = try Graph.create(
      at: folder.path, schema: nil, surroundings: Fixture.surroundings())
    _ = try graph.append(Fixture.request(500, Workload.indexes))
    for number in 1...20 as ClosedRange<UInt64> {
      let text = Value.text(String(repeating: "é", count: Int(number) * 300))
      _ = try graph.append(
        Fixture.request(
          number,
          [
            .createNode(labels: [], key: nil, properties: []),
            .createEdge(
              type: "R", from: .new(0), to: .new(0),
              properties: [Property("weight", .integer(Int64(number) << 40))]),
            .setProperty(of: .node(.new(0)), Property("late", .boolean(true))),
            .createNode(
              labels: ["Free"], key: nil,
              properties: [
                Property("text", text), Property("float", .float(Double(number) / 3)),
                Property("half", .float(0.5)), Property("list", .list([.integer(-5), .null])),
                Property("day", .date(CalendarDate(daysSinceEpoch: -3))),
              ]),
          ]))
    }
    let report = try graph.verify()
    let root = try #require(report.merkleRoot)
    #expect(
      try read(folder.path)
        == "\(report.transactions) \(report.nodes) \(report.edges) \(root.hex)\n")
  }
}
