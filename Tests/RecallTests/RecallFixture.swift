// Stores to ask: the committed small history, and histories drawn at random.

import Base
import Foundation
import Graph
import Interchange
import Lineage
import Recall
import Stemma
import TestSupport

enum RecallFixture {
  static let surroundings = Surroundings(
    now: { Timestamp(microsecondsSinceEpoch: 1_793_523_600_000_000) }, random: { 4 })

  static func committed() throws -> Database {
    let database = try Database.inMemory(
      Database.Creation(schemaText: LineageSchema.text), surroundings: surroundings)
    try load(into: database)
    return database
  }

  static func load(into database: Database) throws {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let text = try String(
      contentsOf: root.appendingPathComponent("queries/history.jsonl"), encoding: .utf8)
    _ = try GraphImport.jsonLines(
      text, into: database, requestID: RequestID(high: 7, low: 7), actor: "test", reason: "a test")
  }

  static func folder() throws -> String {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("stemma-recall-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }

  static func empty(at path: String? = nil) throws -> Database {
    let creation = Database.Creation(schemaText: LineageSchema.text)
    guard let path else { return try .inMemory(creation, surroundings: surroundings) }
    return try .create(at: path + "/store", creation, surroundings: surroundings)
  }

  private static let words = [
    "warmup", "decay", "schedule", "dropout", "layers", "width", "tokens", "batch", "loss",
    "smoothing", "context", "embedding", "optimiser", "momentum", "clip", "norm",
  ]
  private static let statuses = ["refuted", "confirmed", "failed", "rejected", "screened"]

  /// Appends proposals, some based on earlier ones of the same call, each with its own record.
  @discardableResult
  static func grow(
    _ database: Database, by count: Int, _ random: inout SplitMix64, prefix: String = "r"
  ) throws -> [Text] {
    var keys: [Text] = []
    for number in 0..<count {
      func draw(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
      let text = (0..<4).map { _ in words[draw(words.count)] }.joined(separator: " ")
      let rate = Double(1 + draw(60)) / 1_000
      let change = "@@ -1 +1 @@\n-rate = 0\n+rate = \(rate)\n+use_\(words[draw(words.count)])()\n"
      let hash = try database.storeObject(Array(change.utf8))
      var request = TransactionRequest(
        requestID: RequestID(high: random.next(), low: UInt64(number)), actor: "test",
        reason: Text(prefix))
      request.operations.append(
        .createNode(
          labels: ["Proposal"], key: nil,
          properties: [
            Property("kind", .text("parameters")), Property("title", .text(text)),
            Property("hypothesis", .text("it helps \(words[draw(words.count)])")),
            Property("status", .text(statuses[draw(statuses.count)])),
            Property("changeHash", .text("h\(draw(count * 2))")), Property("tree", .text("t")),
            Property(
              "assignments",
              .list(
                [
                  "layers=\(1 + draw(8))", "optimiser=\(["adam", "sgd"][draw(2)])", "rate=\(rate)",
                ].map { .text($0) })),
            Property("differenceHash", .text(hash.hex)),
          ]))
      if let base = keys.isEmpty ? nil : keys[draw(keys.count)] {
        request.operations.append(
          .createEdge(type: "BASED_ON", from: .new(0), to: .key(base), properties: []))
      }
      let receipt = try database.append(request)
      keys += receipt.keys.compactMap { $0 }
    }
    return keys
  }
}
