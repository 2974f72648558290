// Heads of query files, arguments and lookup by name; and that the compiled-in texts are those of
// the files.

import Base
import Foundation
import Lineage
import Stemma
import TestSupport
import Testing

@Suite struct NamedQueryTests {
  static var root: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  @Test func compiledInTextsAreThoseOfTheFiles() throws {
    let schema = try String(
      contentsOf: Self.root.appendingPathComponent("schema/lineage.gql"), encoding: .utf8)
    let isFresh = LineageSchema.text == schema
    #expect(isFresh, "schema/lineage.gql has changed: run `make embed`")
    let folder = Self.root.appendingPathComponent("queries")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".cypher") }.sorted()
    #expect(files.count >= 15)
    #expect(NamedQueries.shipped.all.map { $0.name + ".cypher" } == files, "run `make embed`")
    for query in NamedQueries.shipped.all {
      let file = try String(
        contentsOf: folder.appendingPathComponent(query.name + ".cypher"), encoding: .utf8)
      let isFresh = query.text == file
      #expect(isFresh, "\(query.name) has changed: run `make embed`")
    }
  }

  @Test func headsAreRead() throws {
    let query = try NamedQueries.shipped.named("@tried-like")
    #expect(query.purpose.hasPrefix("What was tried before"))
    #expect(query.details.contains("docs/briefs.md"))
    #expect(
      query.parameters == [
        QueryParameter(
          name: "key", valueType: .string, defaultValue: nil,
          documentation: "the proposal, such as P42"),
        QueryParameter(
          name: "limit", valueType: .integer, defaultValue: .integer(10),
          documentation: "how many to show"),
      ])
    #expect(!query.result.isEmpty)
  }

  @Test func argumentsAreCheckedAndCompleted() throws {
    let query = try NamedQueries.shipped.named("tried-like")
    #expect(
      try query.arguments(["key": .text("P1")]) == ["key": .text("P1"), "limit": .integer(10)])
    for wrong: [String: Value] in [
      [:], ["key": .integer(1)], ["key": .text("P1"), "limt": .integer(3)],
      ["key": .null], ["key": .text("P1"), "limit": .text("3")],
    ] {
      #expect(throws: StemmaError.self) { try query.arguments(wrong) }
    }
    let noise = try NamedQueries.shipped.named("noise")
    #expect(try noise.arguments([:]) == ["campaign": .null])
    #expect(try noise.arguments(["campaign": .null]) == ["campaign": .null])
  }

  @Test func unknownNamesGetASuggestion() {
    let error = #expect(throws: StemmaError.self) {
      try NamedQueries.shipped.named("@tried-lik")
    }
    #expect(error?.advice == "Did you mean @tried-like?")
  }

  @Test func wordsThatNoRecordHasAreRefused() throws {
    for name in ["best-lineage", "evidence", "frontier"] {
      let query = try NamedQueries.shipped.named(name)
      let rest: [String: Value] = name == "evidence" ? ["key": .text("P1")] : [:]
      func arguments(_ value: Value) throws -> [String: Value] {
        try query.arguments(rest.merging(["standing": value]) { $1 })
      }
      for fitting in [Value.text("attested"), .text("claimed"), .null] {
        #expect(try arguments(fitting)["standing"] == fitting)
      }
      let error = #expect(throws: StemmaError.self) { try arguments(.text("foo")) }
      #expect(error?.message == "the parameter standing of @\(name) cannot be 'foo'")
      #expect(error?.advice == "It takes attested or claimed.")
      let near = #expect(throws: StemmaError.self) { try arguments(.text("atested")) }
      #expect(near?.advice == "Did you mean attested? It takes attested or claimed.")
    }
  }

  @Test func ownQueriesWin() throws {
    var queries = NamedQueries.shipped
    let count = queries.all.count
    try queries.add(name: "noise", text: "// Mine.\n// @returns one\nRETURN 1\n")
    let text = "// Mine.\n// @param f FLOAT = 0.5 it\n// @returns one\nRETURN $f"
    try queries.add(name: "zz", text: text)
    #expect(queries.all.count == count + 1)
    #expect(try queries.named("noise").purpose == "Mine.")
    #expect(try queries.named("zz").arguments(["f": .integer(2)]) == ["f": .float(2)])
  }

  @Test(arguments: [
    "RETURN 1", "// purpose only\nRETURN 1", "// P.\n// @param x STRNG\n// @returns r\nRETURN 1",
    "// P.\n// @param x INTEGER = many\n// @returns r\nRETURN 1",
    "// P.\n// @param x INTEGER(1|2) = 1\n// @returns r\nRETURN 1",
    "// P.\n// @param x STRING(a|b\n// @returns r\nRETURN 1",
    "// P.\n// @param x STRING()\n// @returns r\nRETURN 1",
  ])
  func malformedHeadsAreRefused(text: String) {
    var queries = NamedQueries.shipped
    #expect(throws: StemmaError.self) { try queries.add(name: "mine", text: text) }
  }
}
