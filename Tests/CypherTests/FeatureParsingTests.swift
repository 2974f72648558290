// Every query of the openCypher TCK that is not expected to be refused at compile time must parse.

import Base
import Cypher
import TestSupport
import Testing

@Suite struct FeatureParsingTests {
  static let isPresent = SharedFolder.url("tck/features") != nil

  @Test(.enabled(if: isPresent, "needs ../shared/tck")) func everyQueryParses() throws {
    let folder = try #require(SharedFolder.url("tck/features"))
    let queries = FeatureQueries.load(folder)
    #expect(queries.count > 2000)
    var failures = 0
    for query in queries {
      do {
        _ = try Parser.parse(Text(query.query))
      } catch let error as StemmaError {
        if query.expectedError == nil {
          failures += 1
          Issue.record("\(query.feature) \(query.scenario)\n\(query.query)\n\(error.message)")
        } else if query.expectedError?.detail != error.classification?.detail {
          failures += 1
          Issue.record(
            """
            \(query.feature) \(query.scenario)\n\(query.query)\n\(error.message): \
            \(error.classification?.detail ?? "") instead of \(query.expectedError!)
            """)
        }
      }
    }
    #expect(failures == 0)
  }
}
