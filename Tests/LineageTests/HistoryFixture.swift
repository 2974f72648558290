// The committed small history (queries/history.jsonl) in a store in memory: one campaign with
// something of everything, so that every named query has an answer.

import Base
import Foundation
import Graph
import Interchange
import Lineage
import Recall
import Stemma

enum HistoryFixture {
  static var root: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  static func text() throws -> String {
    try String(contentsOf: root.appendingPathComponent("queries/history.jsonl"), encoding: .utf8)
  }

  /// A new store that holds the history, changed by `edit`, under the shipped schema.
  static func database(_ edit: (String) -> String = { $0 }) throws -> Database {
    let surroundings = Surroundings(
      now: { Timestamp(microsecondsSinceEpoch: 1_793_523_600_000_000) }, random: { 4 })
    let procedures = RecallProcedures()
    let database = try Database.inMemory(
      Database.Creation(schemaText: LineageSchema.text), surroundings: surroundings,
      procedures: procedures.all)
    procedures.attach(database)
    _ = try GraphImport.jsonLines(
      edit(try text()), into: database, requestID: RequestID(high: 1, low: 1), actor: "test",
      reason: "the committed history")
    return database
  }
}
