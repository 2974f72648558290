// docs/cypher-guide.md goes into a model's context: every query on it must bind against the shipped
// schema, and it must stay short.

import Base
import Cypher
import Foundation
import Planner
import Testing

@Suite struct CypherGuideTests {
  @Test func everyQueryBindsAgainstTheShippedSchema() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let guide = try String(
      contentsOf: root.appendingPathComponent("docs/cypher-guide.md"), encoding: .utf8)
    let schema = try GraphTypeParser.parse(
      String(contentsOf: root.appendingPathComponent("schema/lineage.gql"), encoding: .utf8))
    let environment = BindingEnvironment(schema: schema)
    let blocks = guide.components(separatedBy: "```cypher\n").dropFirst()
      .map { $0.components(separatedBy: "\n```")[0] }
    #expect(blocks.count == 10)
    for block in blocks {
      do {
        _ = try Binder.bind(Text(block), environment: environment)
      } catch let error as StemmaError {
        Issue.record(Comment(rawValue: block + "\n" + error.rendered))
      }
    }
    // About four bytes make a token; the limit is 2,000 tokens.
    #expect(guide.utf8.count < 8000)
  }
}
