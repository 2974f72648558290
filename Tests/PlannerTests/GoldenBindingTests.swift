// What a person reads where a query parses but means nothing.

import Base
import Cypher
import Planner
import TestSupport
import Testing

@Suite struct GoldenBindingTests {
  @Test func wrongMeaningsAreExplained() throws {
    let environment = BindingEnvironment(
      procedures: FeatureProcedures([
        "db.labels() :: (label :: STRING?):",
        "stemma.changes(from :: INTEGER?, to :: INTEGER?) :: (key :: STRING?):",
      ]))
    let count = try GoldenScript.run("Golden/wrong-meaning.txt") { text in
      do {
        _ = try Binder.bind(Text(text), environment: environment)
        return "binds"
      } catch let error as StemmaError {
        return error.rendered + "\n  (\(error.classification?.detail ?? "no detail"))"
      } catch {
        return "\(error)"
      }
    }
    #expect(count > 100)
  }
}
