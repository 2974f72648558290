// The vocabulary in Swift is the vocabulary of the schema.

import Base
import Lineage
import Stemma
import Testing

@Suite struct VocabularyTests {
  @Test func kindsAndRelationsAreThoseOfTheSchema() throws {
    let database = try HistoryFixture.database()
    let schema = try #require(try database.schema())
    #expect(
      schema.nodeTypes.map { "\($0.label) \($0.keyPrefix ?? "-")" }.sorted()
        == RecordKind.allCases.map { "\($0.rawValue) \($0.keyPrefix)" }.sorted())
    #expect(
      Set(schema.edgeTypes.map(\.type)) == Set(Relation.allCases.map(\.type)))
    #expect(schema.nodeTypes.allSatisfy { $0.provenanceClass != nil && !$0.documentation.isEmpty })
  }

  @Test func keysAreRead() {
    #expect(RecordKey("P42")?.description == "P42")
    #expect(RecordKey("cp7")?.kind == .comparison)
    for wrong in ["", "P", "42", "P0", "P042", "Q1", "P1x", "P-1", "P99999999999999999999"] {
      #expect(RecordKey(wrong) == nil, "\(wrong)")
    }
  }
}
