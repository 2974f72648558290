// Warnings of plans: each is given where it helps, and nowhere else.

import Base
import Planner
import Testing

@Suite("Advice about plans")
struct PlanAdviceTests {
  private static func warnings(_ text: String, actual: Int? = nil) throws -> [String] {
    let statement = try Binder.bind(Text(text))
    guard case .query(let query) = statement.body else { return [] }
    let plan = try Planner.plan(
      query, slotCount: statement.slots.count, catalog: SampleCatalog())
    var measured: PlanMeasurements?
    if let actual {
      var measurements = PlanMeasurements()
      var operation = OperationMeasurement()
      operation.rows = actual
      measurements.operations[plan.root.identifier] = operation
      measured = measurements
    }
    return plan.warnings(statement.slots, measured: measured)
  }

  @Test func products() throws {
    let found = try Self.warnings("MATCH (a:Run), (b:Eval) RETURN count(*)")
    #expect(found.count == 1)
    #expect(found.first?.contains("cartesian product") == true)
    #expect(try Self.warnings("MATCH (a:Run)-[:EXECUTES]->(b) RETURN a, b").isEmpty)
    #expect(
      try Self.warnings("MATCH (a:Proposal {key: $a}), (b:Proposal {key: $b}) RETURN a, b")
        .isEmpty)
  }

  @Test func paths() throws {
    let unbounded = "MATCH (:Proposal {key: $k})-[d:DERIVED_FROM*]->(a) RETURN d"
    #expect(try Self.warnings(unbounded).first?.contains("enumerates every path") == true)
    let bounded = "MATCH (:Proposal {key: $k})-[d:DERIVED_FROM*1..3]->(a) RETURN d"
    #expect(try Self.warnings(bounded).isEmpty)
    let reached = "MATCH (:Proposal {key: $k})-[:DERIVED_FROM*]->(a) RETURN count(DISTINCT a)"
    #expect(try Self.warnings(reached).isEmpty)
  }

  @Test func estimates() throws {
    let query = "MATCH (p:Proposal) RETURN p"
    #expect(try Self.warnings(query, actual: 90_000).isEmpty)
    #expect(try Self.warnings(query, actual: 9).first?.contains("was expected to give") == true)
  }
}
