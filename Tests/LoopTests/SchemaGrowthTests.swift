// Stores that were made before the lineage's schema grew.

import Base
import Foundation
import Lineage
import Stemma
import Testing

@testable import Loop

@Suite struct SchemaGrowthTests {
  /// The schema as it shipped before preemption, environments by content and models of runs.
  private static func old() throws -> String {
    try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Campaigns/lineage-of-november.gql"), encoding: .utf8)
  }

  private func schemaChanges(_ database: Database) throws -> [Value] {
    try database.query(
      "CALL stemma.changes(0, 1000) YIELD operation, actor WITH * "
        + "WHERE operation = 'define schema' RETURN actor"
    ).rows.map { $0[0] }
  }

  @Test func anOldStoreGetsWhatIsNew() throws {
    let simulated = try SimulatedCampaign(ResumeTests.small, schema: try Self.old())
    defer { simulated.remove() }
    let database = simulated.database
    // Reading changes nothing.
    #expect(try Loop.status(of: "sim", in: database, surroundings: .system) == nil)
    #expect(try schemaChanges(database).count == 1)
    #expect(try simulated.run(simulated.executor()).status == "finished")
    #expect(try schemaChanges(database).count == 2)
    #expect(try schemaChanges(database).last == .text("loop"))
    #expect(try database.schema()?.source.string == LineageSchema.text)
    #expect(try database.verify().faults.isEmpty)
    // Once is enough.
    _ = try simulated.run(simulated.executor())
    #expect(try schemaChanges(database).count == 2)
  }

  @Test func aSchemaOfTheOwnersOwnIsKept() throws {
    let own = LineageSchema.text.replacing(
      "    chargedTokens INT64,\n", with: "    chargedTokens INT64,\n    colour STRING,\n")
    let simulated = try SimulatedCampaign(ResumeTests.small, schema: own)
    defer { simulated.remove() }
    #expect(try simulated.run(simulated.executor()).status == "finished")
    #expect(try simulated.database.schema()?.source.string == own)
    // One that lacks something and cannot become the shipped one is refused before anything.
    let poor = own.replacing("    chargedTokens INT64,\n", with: "")
    let other = try SimulatedCampaign(ResumeTests.small, schema: poor)
    defer { other.remove() }
    do {
      _ = try other.run(other.executor())
      Issue.record("it ran")
    } catch let error as StemmaError {
      #expect(error.code == .loopState)
      #expect(error.message.contains("lacks Call.chargedTokens"), "\(error.message)")
      #expect(error.message.contains("Call.colour"), "\(error.message)")
    }
    #expect(try other.database.lastTransaction().rawValue == 1)
  }
}
