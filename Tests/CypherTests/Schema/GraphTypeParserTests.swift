// The schema parser: the shipped schema as a golden summary, wrong schemas as golden messages, and
// texts that must never trap.

import Base
import Cypher
import Foundation
import TestSupport
import Testing

@Suite struct GraphTypeParserTests {
  @Test func shippedSchema() throws {
    let graphType = try GraphTypeParser.parse(
      try Self.source("schema/lineage.gql"), name: "lineage.gql")
    try Golden.expect(Self.summary(of: graphType), matches: "Golden/lineage.txt")
  }

  @Test func everyFormOfTheGrammar() throws {
    let graphType = try GraphTypeParser.parse(
      """
      create or replace property graph type if not exists `my graph` as {
        /// A person. -- prose
        /// who lives
        /// @key PE
        /// @unique (name)
        NODE TYPE Person (p LABEL Person {
          name :: STRING NOT NULL, born DATE, woken TIMESTAMP WITH TIME ZONE,
          slept TIMESTAMP, noon TIME, alarm ZONED TIME, sizes ARRAY<DOUBLE PRECISION>,
          tags STRING LIST, bag LIST, anything ANY VALUE, age TYPED INTEGER, took DURATION,
          raw BYTES, real FLOAT
        }),
        -- the second
        (:Dog {}), /* and
        the third */ (Cat IS Cat),
        /// @one
        DIRECTED EDGE TYPE Owns (p)-[:OWNS {since DATE}]->(:Dog | Cat),
        (Dog)<-[CHASED :CHASED]-(Cat)
      };
      """)
    try Golden.expect(Self.summary(of: graphType), matches: "Golden/forms.txt")
  }

  @Test func linesPointIntoTheText() throws {
    let graphType = try GraphTypeParser.parse(
      "CREATE GRAPH TYPE g {\n  (A :A {\n    x INT\n  }),\n  (A)-[:T]->(A)\n}")
    #expect(graphType.nodeTypes[0].line == 2)
    #expect(graphType.nodeTypes[0].properties[0].line == 3)
    #expect(graphType.edgeTypes[0].line == 5)
  }

  @Test func wrongSchemasAreExplained() throws {
    var shown = ""
    for text in Self.wrong {
      do {
        _ = try GraphTypeParser.parse(text, name: "wrong.gql")
        Issue.record("this was accepted: \(text)")
      } catch let error as StemmaError {
        #expect(error.code == .schemaSyntax)
        shown += Self.rendered(error) + "\n"
      }
    }
    try Golden.expect(shown, matches: "Golden/wrong.txt")
  }

  /// Cuts and mutations of the shipped schema end in a graph type or in an error with a place.
  @Test func damagedTextsNeverTrap() throws {
    let original = Array(try Self.source("schema/lineage.gql").utf8.prefix(6_000))
    var random = SplitMix64(seed: 0x5C4E_3A01)
    var refused = 0
    for _ in 0..<300 {
      var bytes = original
      for _ in 0..<Int(random.next() % 4) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() % 128)
      }
      bytes = Array(bytes.prefix(Int(random.next() % UInt64(bytes.count))))
      do {
        _ = try GraphTypeParser.parse(String(decoding: bytes, as: UTF8.self))
      } catch let error as StemmaError {
        refused += 1
        #expect(error.place != nil && error.advice != nil)
      }
    }
    #expect(refused == 300)
  }

  static let wrong = [
    "",
    "MATCH (n) RETURN n",
    "CREATE GRAPH TYPE {",
    "CREATE GRAPH TYPE g {",
    "CREATE GRAPH TYPE g { (A :A) } (B :B)",
    "CREATE GRAPH TYPE g { (A {x INT}) }",
    "CREATE GRAPH TYPE g { (A :A & B) }",
    "CREATE GRAPH TYPE g { (A :A {x STRNG}) }",
    "CREATE GRAPH TYPE g { (A :A {x INT8}) }",
    "CREATE GRAPH TYPE g { (A :A {x LIST<DATE>}) }",
    "CREATE GRAPH TYPE g { (A :A {x ZONED DATE}) }",
    "CREATE GRAPH TYPE g { (A :A {x}) }",
    "CREATE GRAPH TYPE g { (A :A {x INT NOT}) }",
    "CREATE GRAPH TYPE g { (A :A {x INT, x INT}) }",
    "CREATE GRAPH TYPE g {\n  (A :A),\n  (A :A)\n}",
    "CREATE GRAPH TYPE g { (Proposal :Proposal), (Proposal)-[:T]->(Propsal) }",
    "CREATE GRAPH TYPE g { (A :A), (A)~[:T]~(A) }",
    "CREATE GRAPH TYPE g { (A :A), (A)-[:T]-(A) }",
    "CREATE GRAPH TYPE g { (A :A), (A)-[T]->(A) }",
    "CREATE GRAPH TYPE g { (A :A),\n(A)-[:T]->(A), (A)-[:T {x INT}]->(A) }",
    "CREATE GRAPH TYPE g {\n  /// @kye P\n  (A :A)\n}",
    "CREATE GRAPH TYPE g {\n  /// @key p7\n  (A :A)\n}",
    "CREATE GRAPH TYPE g {\n  /// @key P\n  (A :A),\n  /// @key P\n  (B :B)\n}",
    "CREATE GRAPH TYPE g {\n  /// @key P\n  (A :A {key STRING})\n}",
    "CREATE GRAPH TYPE g {\n  /// @prov Thing\n  (A :A)\n}",
    "CREATE GRAPH TYPE g {\n  /// @index (vale)\n  (A :A {value INT})\n}",
    "CREATE GRAPH TYPE g {\n  /// @index value\n  (A :A {value INT})\n}",
    "CREATE GRAPH TYPE g {\n  /// @index (tags)\n  (A :A {tags LIST<STRING>})\n}",
    "CREATE GRAPH TYPE g { (A :A {\n  /// @allowed a | b\n  x INT}) }",
    "CREATE GRAPH TYPE g { (A :A {\n  /// @allowed a b\n  x STRING}) }",
    "CREATE GRAPH TYPE g { (A :A {\n  /// @allowed a | a\n  x STRING}) }",
    "CREATE GRAPH TYPE g {\n  /// @one\n  (A :A)\n}",
    "CREATE GRAPH TYPE g { /* never",
    "CREATE GRAPH TYPE g { (`A :A) }",
    "CREATE GRAPH TYPE g { (Zoë :Zoë {größe STRING}), § }",
  ]

  static func source(_ path: String) throws -> String {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  static func rendered(_ error: StemmaError) -> String {
    guard case .text(let name, let line, let column, let length, let source) = error.place else {
      return "no place: \(error.message)"
    }
    let caret =
      String(repeating: " ", count: column - 1) + String(repeating: "^", count: length)
    return """
      \(name ?? "?"):\(line):\(column): \(error.message)
        \(source)
        \(caret)
        \(error.advice ?? "")

      """
  }

  static func summary(of graphType: GraphType) -> String {
    var lines = ["\(graphType.name)"]
    for node in graphType.nodeTypes {
      lines.append(
        "(\(node.label)) key \(node.keyPrefix ?? "-") prov \(node.provenanceClass ?? "-"): "
          + node.documentation.string)
      for property in node.properties { lines.append("    " + summary(of: property)) }
    }
    for edge in graphType.edgeTypes {
      let properties = edge.properties.map { summary(of: $0) }.joined(separator: "; ")
      lines.append(
        "(\(edge.from))-[:\(edge.type)]->(\(edge.to))\(edge.isManyToOne ? " one" : "")"
          + (properties.isEmpty ? "" : " {\(properties)}"))
    }
    for index in graphType.indexes {
      let properties = index.properties.map(\.string).joined(separator: ", ")
      lines.append(
        "index \(index.name) on \(index.label)(\(properties))\(index.isUnique ? " unique" : "")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func summary(of property: PropertyType) -> String {
    var text = "\(property.name) \(property.valueType.rawValue)"
    if property.isRequired { text += " required" }
    if !property.allowed.isEmpty {
      text += " of " + property.allowed.map(\.string).joined(separator: "|")
    }
    return text
  }
}
