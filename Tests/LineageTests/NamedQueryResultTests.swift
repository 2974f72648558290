// Every named query on the committed history, against the expected result beside it
// (queries/expected). `make bless` rewrites them; read the difference.

import Base
import Lineage
import Stemma
import TestSupport
import Testing

@Suite struct NamedQueryResultTests {
  /// Arguments for the queries that need some; the others run with their defaults.
  static let arguments: [String: [String: Value]] = [
    "tried-like": ["key": .text("P12"), "limit": .integer(5)],
    "failed-siblings": ["key": .text("P7")],
    "evidence": ["key": .text("P7")],
    "standing-on": ["key": .text("E9"), "limit": .integer(20)],
    "recent": ["limit": .integer(5)],
    "surprises": ["limit": .integer(3)],
  ]

  @Test func everyQueryAnswersAsExpected() throws {
    let database = try HistoryFixture.database()
    for query in NamedQueries.shipped.all {
      let given = Self.arguments[query.name] ?? [:]
      let shown: String
      do {
        shown = Self.table(try query.run(on: database, given))
      } catch {
        Issue.record("@\(query.name): \(error)")
        continue
      }
      let call = given.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      try Golden.expect(
        "@\(query.name)\(call)\n\n\(shown)",
        matches: "../../queries/expected/\(query.name).txt")
    }
  }

  /// An unknown campaign gives no rows, not an error, wherever a campaign may be given.
  @Test func unknownCampaignsGiveNoRows() throws {
    let database = try HistoryFixture.database()
    for query in NamedQueries.shipped.all
    where query.parameters.contains(where: { $0.name == "campaign" }) {
      let result = try query.run(on: database, ["campaign": .text("C99")])
      #expect(result.rows.isEmpty, "@\(query.name)")
    }
  }

  @Test func keysOfNoRecordAreErrors() throws {
    let database = try HistoryFixture.database()
    for (name, parameter) in [
      ("tried-like", "key"), ("standing-on", "key"), ("recent", "campaign"),
    ] {
      let query = try NamedQueries.shipped.named(name)
      let error = #expect(throws: StemmaError.self) {
        try query.arguments([parameter: .text("P999")], in: database)
      }
      #expect(error?.code == .keyNotFound)
      #expect(error?.advice?.isEmpty == false)
    }
    let query = try NamedQueries.shipped.named("tried-like")
    #expect(try query.arguments(["key": .text("p12")], in: database)["key"] == .text("P12"))
  }

  static func table(_ result: QueryResult) -> String {
    var lines = [result.columns.joined(separator: " | ")]
    lines += result.rows.map { row in row.map { "\($0)" }.joined(separator: " | ") }
    lines.append("(\(result.rows.count) rows, complete: \(result.complete))")
    return lines.joined(separator: "\n") + "\n"
  }
}
