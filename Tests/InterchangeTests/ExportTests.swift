// Export and import: what goes out comes back, limits are told, damaged files are refused whole.

import Base
import Foundation
import Graph
import Interchange
import Lineage
import Stemma
import Synchronization
import TestSupport
import Testing

@Suite struct ExportTests {
  static func emptyDatabase(schema: String? = LineageSchema.text) throws -> Database {
    try Database.inMemory(
      Database.Creation(schemaText: schema),
      surroundings: Surroundings(
        now: { Timestamp(microsecondsSinceEpoch: 1_793_523_600_000_000) }, random: { 4 }))
  }

  static func history() throws -> String {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return try String(
      contentsOf: root.appendingPathComponent("queries/history.jsonl"), encoding: .utf8)
  }

  static func load(_ text: String, into database: Database) throws -> TransactionReceipt {
    try GraphImport.jsonLines(
      text, into: database, requestID: RequestID(high: 7, low: 7), actor: "test",
      reason: "a test")
  }

  static func export(
    _ database: Database, _ format: ExportFormat = .jsonLines,
    _ selection: ExportSelection = ExportSelection()
  ) throws -> (text: String, summary: ExportSummary) {
    var text = ""
    let summary = try GraphExport.write(database, as: format, selection: selection) {
      text += $0
    }
    return (text, summary)
  }

  /// The committed history goes in and comes out as the same lines; only edges may change places.
  @Test func theHistoryComesBack() throws {
    let database = try Self.emptyDatabase()
    let history = try Self.history()
    let receipt = try Self.load(history, into: database)
    let (text, summary) = try Self.export(database)
    #expect(summary.isComplete && summary.nodes == receipt.nodes.count)
    let before = history.split(separator: "\n").dropFirst().sorted()
    let after = text.split(separator: "\n").dropFirst().sorted()
    #expect(before.count == after.count)
    let different = zip(before, after).filter { $0 != $1 }
    if let first = different.first { Issue.record("\(first.0)\n\(first.1)") }
    // Nodes keep their order, so that their keys and numbers mean the same.
    let isNode = { (line: Substring) in line.hasPrefix("{\"node\":") }
    let inOrder = text.split(separator: "\n").filter(isNode)
      .elementsEqual(history.split(separator: "\n").filter(isNode))
    #expect(inOrder)
  }

  /// An export of an import is the same bytes, whatever was deleted before and however labels,
  /// types and edges came about.
  @Test(arguments: [UInt64(1), 2, 3])
  func anExportOfAnImportIsTheSameBytes(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    // Each write is a request of its own, so these numbers have to differ.
    let count = Atomic<UInt64>(0)
    let database = try Database.inMemory(
      surroundings: Surroundings(
        now: { Timestamp(microsecondsSinceEpoch: 1_793_523_600_000_000) },
        random: { count.add(1, ordering: .relaxed).newValue }))
    let provenance = WriteProvenance(actor: "test", reason: "test")
    let options = QueryOptions(write: provenance)
    for round in 0..<30 {
      let (from, to) = (Int64(random.next() % 40), Int64(random.next() % 40))
      let label = ["A", "B", "Z"][Int(random.next() % 3)]
      let type = ["T", "S", "R"][Int(random.next() % 3)]
      let key = round % 3 == 0 ? ", key: 'K\(round)'" : ""
      let texts = [
        "CREATE (:\(label) {n: \(round), at: datetime('2026-01-01T00:00Z')\(key)})",
        "CREATE (n {n: \(round)}) SET n:\(label) SET n:C",
        "MATCH (a {n: \(from)}), (b {n: \(to)}) CREATE (a)-[:\(type) {w: 1.0 / \(round + 1)}]->(b)",
        "MATCH (a), (b) WHERE a.n % 5 = 1 AND b.n = a.n + 1 CREATE (a)-[:\(type)]->(b)",
        "MATCH (a {n: \(from)}) WHERE a.n % 4 = 0 DETACH DELETE a",
      ]
      for text in texts { _ = try database.query(text, options: options) }
    }
    let first = try Self.export(database)
    #expect(first.summary.nodes > 20 && first.summary.edges > 20)
    let other = try Self.emptyDatabase(schema: nil)
    _ = try Self.load(first.text, into: other)
    let second = try Self.export(other).text
    #expect(second == first.text)

    let history = try Self.emptyDatabase()
    _ = try Self.load(try Self.history(), into: history)
    let text = try Self.export(history).text
    let copy = try Self.emptyDatabase()
    _ = try Self.load(text, into: copy)
    #expect(try Self.export(copy).text == text)
  }

  @Test func everyKindOfValueComesBack() throws {
    let database = try Self.emptyDatabase(schema: nil)
    let values: [(Text, Value)] = [
      ("boolean", .boolean(true)), ("integer", .integer(.min)), ("float", .float(1)),
      ("small", .float(.leastNonzeroMagnitude)), ("infinite", .float(-.infinity)),
      ("text", .text("tab\t quote\" back\\ \u{1}é🧬")), ("bytes", .bytes([0, 255, 16])),
      ("texts", .list([.text("a"), .text("")])), ("numbers", .list([.float(0.1), .float(2)])),
    ]
    try database.append(
      TransactionRequest(
        requestID: RequestID(high: 1, low: 1), actor: "test", reason: "values",
        operations: [
          .createNode(labels: ["A", "B"], key: nil, properties: values.map { Property($0, $1) }),
          .createNode(labels: [], key: nil, properties: []),
          .createEdge(
            type: "odd `type`", from: .new(0), to: .new(1), properties: [Property("w", .float(3))]),
          .createEdge(type: "LOOP", from: .new(1), to: .new(1), properties: []),
        ]))
    let (text, summary) = try Self.export(database)
    #expect(summary.nodes == 2 && summary.edges == 2 && summary.isComplete)
    let copy = try Self.emptyDatabase(schema: nil)
    _ = try Self.load(text, into: copy)
    #expect(try Self.export(copy).text == text)
    let result = try copy.query("MATCH (n:A) RETURN n")
    let node = try #require(result.entities.nodes.values.first)
    for (name, value) in values { #expect(node.properties[name] == value, "\(name)") }
  }

  @Test func aLimitIsToldInBothForms() throws {
    let database = try Self.emptyDatabase()
    _ = try Self.load(try Self.history(), into: database)
    let selection = ExportSelection(labels: ["Proposal"], maximumNodes: 4)
    let (lines, summary) = try Self.export(database, .jsonLines, selection)
    #expect(summary.nodes == 4 && summary.availableNodes == 13 && !summary.isComplete)
    #expect(lines.hasSuffix("{\"nodes\":4,\"edges\":\(summary.edges),\"complete\":false}\n"))
    let (dot, _) = try Self.export(database, .dot, selection)
    try Golden.expect(dot, matches: "Golden/proposals.dot")
  }

  @Test func theSnapshotIsTheOneAskedFor() throws {
    let database = try Self.emptyDatabase(schema: nil)
    for number in 1...3 {
      try database.append(
        TransactionRequest(
          requestID: RequestID(high: 0, low: UInt64(number)), actor: "test", reason: "n",
          operations: [.createNode(labels: ["A"], key: nil, properties: [])]))
    }
    var text = ""
    let then = QueryOptions(asOf: .transaction(TransactionNumber(rawValue: 2)))
    let summary = try GraphExport.write(database, as: .jsonLines, options: then) { text += $0 }
    #expect(summary.nodes == 2 && summary.isComplete && summary.snapshot.rawValue == 2)
  }

  @Test func damagedTextsAreRefusedWhole() throws {
    let head = "{\"format\":\"stemma-graph\",\"version\":1,\"transaction\":1}\n"
    let node = "{\"node\":1,\"labels\":[\"A\"],\"properties\":{\"x\":1}}\n"
    let tail = "{\"nodes\":1,\"edges\":0,\"complete\":true}\n"
    let cases = [
      "", "{}", node, head, head + node, head + node + node + tail, head + node + tail + node,
      head + "{\"node\":1,\"labels\":\"A\"}\n" + tail, head + "nonsense\n" + tail,
      head + node + "{\"edge\":\"T\",\"from\":1,\"to\":2}\n" + tail,
      head + node + "{\"nodes\":2,\"edges\":0,\"complete\":true}\n",
      head + "{\"node\":1,\"labels\":[\"A\"],\"properties\":{\"x\":{\"$no\":\"1\"}}}\n" + tail,
      head.replacingOccurrences(of: "1,", with: "2,") + node + tail,
    ]
    let database = try Self.emptyDatabase(schema: nil)
    var shown = ""
    for text in cases {
      let error = #expect(throws: StemmaError.self) { try Self.load(text, into: database) }
      shown += "\(error?.message ?? "accepted: \(text)")\n"
    }
    try Golden.expect(shown, matches: "Golden/damaged.txt")
    #expect(try database.query("MATCH (n) RETURN count(n)").rows == [[.integer(0)]])
  }
}
