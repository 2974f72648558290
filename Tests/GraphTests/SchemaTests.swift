// The schema on every write: what it refuses, in which words, and where it points.

import Base
import Testing

@testable import Graph

@Suite("Graph: schema", .bothEngines)
struct SchemaTests {
  static let source: Text = """
    CREATE GRAPH TYPE small {
      (Proposal :Proposal { kind STRING NOT NULL, effect FLOAT64, tags LIST<STRING> }),
      (Run :Run { seed INT64 NOT NULL, name STRING }),
      (:Run)-[EXECUTES :EXECUTES { at STRING }]->(:Proposal)
    }
    """

  static func property(
    _ name: Text, _ type: PropertyType.ValueType, isRequired: Bool = false,
    allowed: [Text] = [], line: Int
  ) -> PropertyType {
    PropertyType(
      name: name, valueType: type, isRequired: isRequired, allowed: allowed, documentation: "",
      line: line)
  }

  static var schema: GraphType {
    GraphType(
      name: "small",
      nodeTypes: [
        NodeType(
          label: "Proposal", keyPrefix: "P",
          properties: [
            property("kind", .string, isRequired: true, allowed: ["patch", "parameters"], line: 2),
            property("effect", .float, line: 2), property("tags", .stringList, line: 2),
          ], documentation: "", line: 2),
        NodeType(
          label: "Run", keyPrefix: "R",
          properties: [
            property("seed", .integer, isRequired: true, line: 3),
            property("name", .string, line: 3),
          ], documentation: "", line: 3),
      ],
      edgeTypes: [
        EdgeType(
          type: "EXECUTES", from: "Run", to: "Proposal",
          properties: [property("at", .string, line: 4)], isManyToOne: true, documentation: "",
          line: 4)
      ],
      indexes: [IndexDefinition(name: "name", label: "Run", properties: ["name"], isUnique: true)],
      source: source)
  }

  static let proposal = Operation.createNode(
    labels: ["Proposal"], key: nil, properties: [Property("kind", .string("patch"))])
  static let run = Operation.createNode(
    labels: ["Run"], key: nil, properties: [Property("seed", .integer(1))])

  /// The error of a request that must be refused; nothing may remain of it.
  func refusal(
    _ operations: [Operation], in fixture: Fixture,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> StemmaError {
    let before = try fixture.graph.lastTransaction()
    let error = try #require(
      throws: StemmaError.self, sourceLocation: sourceLocation
    ) { try fixture.append(99, operations) }
    #expect(try fixture.graph.lastTransaction() == before, sourceLocation: sourceLocation)
    return error
  }

  @Test("keys are dense per prefix, visible as a property, and never used again")
  func keys() throws {
    let fixture = try Fixture(schema: Self.schema)
    let first = try fixture.append(1, [Self.proposal, Self.run, Self.proposal])
    #expect(first.keys == ["P1", "R1", "P2"])
    try fixture.append(2, [.deleteNode(.key("P2"), detach: true)])
    #expect(try fixture.append(3, [Self.proposal]).keys == ["P3"])
    let given = Operation.createNode(
      labels: ["Proposal"], key: "P9", properties: [Property("kind", .string("patch"))])
    #expect(try fixture.append(4, [given, Self.proposal]).keys == ["P9", "P10"])
    #expect(try refusal([given], in: fixture).code == .writeRejected)
    try fixture.graph.read { view in
      let key = try #require(try view.symbol(for: "key"))
      #expect(try view.property(key, of: first.nodes[0]) == .string("P1"))
      #expect(try view.node(key: "P2") == nil)
      #expect(try view.node(key: "P10") != nil)
    }
    let change = Operation.setProperty(of: .node(.key("P1")), Property("key", .string("P77")))
    #expect(try refusal([change], in: fixture).code == .writeRejected)
    #expect(try fixture.graph.verify().faults == [])
  }

  @Test("a misspelt kind, property or type of edge is refused with the nearest name")
  func names() throws {
    let fixture = try Fixture(schema: Self.schema)
    try fixture.append(1, [Self.proposal, Self.run])
    let kind = try refusal(
      [.createNode(labels: ["Propsal"], key: nil, properties: [])], in: fixture)
    #expect(kind.code == .schemaViolation)
    #expect(kind.advice == "did you mean `Proposal`?")
    let property = try refusal(
      [.setProperty(of: .node(.key("P1")), Property("efect", .float(1)))], in: fixture)
    #expect(property.advice == "did you mean `effect`?")
    guard case .text(let name, let line, _, _, let sourceLine)? = property.place else {
      Issue.record("no place in \(property)")
      return
    }
    #expect(name == "schema small")
    #expect(line == 2)
    #expect(sourceLine.hasPrefix("  (Proposal"))
    let edge = try refusal(
      [.createEdge(type: "EXECUTE", from: .key("R1"), to: .key("P1"), properties: [])],
      in: fixture)
    #expect(edge.advice == "did you mean `EXECUTES`?")
  }

  @Test("wrong types, missing and disallowed values, wrong ends and second edges are refused")
  func violations() throws {
    let fixture = try Fixture(schema: Self.schema)
    try fixture.append(
      1,
      [
        Self.proposal, Self.run, Self.proposal,
        .createEdge(type: "EXECUTES", from: .new(1), to: .new(0), properties: []),
      ])
    let refused: [[Operation]] = [
      [.setProperty(of: .node(.key("P1")), Property("effect", .string("large")))],
      [.setProperty(of: .node(.key("P1")), Property("tags", .list([.integer(1)])))],
      [.setProperty(of: .node(.key("P1")), Property("kind", .string("magic")))],
      [.setProperty(of: .node(.key("P1")), Property("kind", .null))],
      [.createNode(labels: ["Run"], key: nil, properties: [])],
      [.createNode(labels: [], key: nil, properties: [])],
      [.createEdge(type: "EXECUTES", from: .key("P1"), to: .key("P2"), properties: [])],
      [.createEdge(type: "EXECUTES", from: .key("R1"), to: .key("P2"), properties: [])],
      [
        Self.run,
        .createEdge(
          type: "EXECUTES", from: .new(0), to: .key("P2"),
          properties: [Property("at", .integer(3))]),
      ],
      [.removeLabel(.key("P1"), "Proposal")],
      [.addLabel(.key("P1"), "Run")],
    ]
    for operations in refused {
      #expect(try refusal(operations, in: fixture).code == .schemaViolation)
    }
    // What is refused on its own is fine where the transaction as a whole is.
    try fixture.append(
      5,
      [
        .createNode(labels: ["Run"], key: nil, properties: []),
        .setProperty(of: .node(.new(0)), Property("seed", .integer(4))),
      ])
    #expect(try fixture.graph.verify().faults == [])
  }

  @Test("an integer becomes a float where a float is declared")
  func coercion() throws {
    let fixture = try Fixture(schema: Self.schema)
    try fixture.append(
      1,
      [
        Self.proposal, .setProperty(of: .node(.new(0)), Property("effect", .integer(2))),
      ])
    try fixture.graph.read { view in
      let effect = try #require(try view.symbol(for: "effect"))
      #expect(try view.property(effect, of: NodeID(0)) == .float(2))
    }
  }

  @Test("unique values are held by one node at a time, also within a transaction")
  func unique() throws {
    let fixture = try Fixture(schema: Self.schema)
    func run(_ name: Text) -> Operation {
      .createNode(
        labels: ["Run"], key: nil,
        properties: [Property("seed", .integer(1)), Property("name", .string(name))])
    }
    try fixture.append(1, [run("a"), run("b")])
    #expect(try refusal([run("a")], in: fixture).code == .schemaViolation)
    #expect(try refusal([run("c"), run("c")], in: fixture).code == .schemaViolation)
    let swap: [Operation] = [
      .setProperty(of: .node(.key("R1")), Property("name", .string("b"))),
      .setProperty(of: .node(.key("R2")), Property("name", .string("a"))),
    ]
    try fixture.append(2, swap)
    #expect(throws: StemmaError.self) {
      try fixture.graph.write(Fixture.request(3, [])) { try $0.apply(run("a")) }
    }
    try fixture.append(4, [.deleteNode(.key("R1"), detach: false), run("b")])
    #expect(try fixture.graph.verify().faults == [])
  }

  @Test("a schema may add, and take nothing away")
  func successors() throws {
    let fixture = try Fixture(schema: Self.schema)
    try fixture.append(1, [Self.proposal])
    var wider = Self.schema
    wider.nodeTypes[0].properties.append(Self.property("note", .string, line: 2))
    wider.nodeTypes[0].properties[0].allowed.append("prompt")
    try fixture.append(2, [.defineSchema(wider)])
    try fixture.append(3, [.setProperty(of: .node(.key("P1")), Property("note", .string("x")))])
    #expect(try refusal([.defineSchema(Self.schema)], in: fixture).code == .schemaViolation)
    var demanding = wider
    demanding.nodeTypes[1].properties.append(
      Self.property("device", .string, isRequired: true, line: 3))
    #expect(try refusal([.defineSchema(demanding)], in: fixture).code == .schemaViolation)
    #expect(try fixture.graph.read(at: TransactionNumber(2)) { try $0.schema() } == Self.schema)
    #expect(try fixture.graph.read { try $0.schema() } == wider)
    #expect(try fixture.graph.verify().faults == [])
  }
}
