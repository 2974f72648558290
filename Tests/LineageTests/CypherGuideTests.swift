// The ten worked examples of docs/cypher-guide.md, run on the committed history. A guide whose
// examples answer nothing would teach nothing.

import Base
import Foundation
import Lineage
import Stemma
import TestSupport
import Testing

@Suite struct CypherGuideAnswersTests {
  @Test func theGuideIsEmbedded() throws {
    let file = try String(
      contentsOf: NamedQueryTests.root.appendingPathComponent("docs/cypher-guide.md"),
      encoding: .utf8)
    let isFresh = CypherGuide.text == file
    #expect(isFresh, "docs/cypher-guide.md has changed: run `make embed`")
  }

  @Test func everyExampleAnswers() throws {
    let database = try HistoryFixture.database()
    let parts = CypherGuide.text.components(separatedBy: "```cypher\n").dropFirst()
    #expect(parts.count == 10)
    var text = ""
    for part in parts {
      let query = part.components(separatedBy: "\n```")[0]
      // The history was imported long after the moment that the guide asks about.
      let isPast = query.hasPrefix("AS OF")
      let needsKey = query.contains("$key")
      let result = try database.query(
        query, parameters: needsKey ? ["key": .text("P7")] : [:])
      #expect(isPast || !result.rows.isEmpty, "\(query)")
      text += query + "\n\n" + NamedQueryResultTests.table(result) + "\n"
    }
    try Golden.expect(text, matches: "Golden/cypher-guide.txt")
  }
}
