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

  @Test func namesOutsideTheSchemaAreExplained() throws {
    func property(_ name: Text) -> PropertyType {
      PropertyType(
        name: name, valueType: .string, isRequired: false, documentation: "", line: 1)
    }
    let schema = GraphType(
      name: "library",
      nodeTypes: [
        NodeType(
          label: "Paper", keyPrefix: "P", properties: [property("title")], documentation: "",
          line: 1),
        NodeType(
          label: "Author", keyPrefix: nil, properties: [property("name")], documentation: "",
          line: 2),
      ],
      edgeTypes: [
        EdgeType(
          type: "WROTE", from: "Author", to: "Paper", properties: [property("year")],
          isManyToOne: false, documentation: "", line: 3)
      ],
      indexes: [], source: "")
    let environment = BindingEnvironment(schema: schema)
    let count = try GoldenScript.run("Golden/wrong-names.txt") { text in
      do {
        _ = try Binder.bind(Text(text), environment: environment)
        return "binds"
      } catch let error as StemmaError {
        return error.rendered + "\n  (\(error.classification?.detail ?? "no detail"))"
      } catch {
        return "\(error)"
      }
    }
    #expect(count > 10)
  }
}
