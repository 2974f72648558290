// A synthetic history of experiments: what one of them writes, as design.md counts it (a proposal,
// two critiques, a run, two evals and their edges).

import Base
import Graph

/// Makes requests for experiments.
struct History {
  var random = SplitMix64(seed: 42)
  private(set) var made: UInt64 = 0
  /// How many experiments lie at least between one and that which it derives from; those between may
  /// be on their way.
  var distance: UInt64 = 0
  /// Nodes of one experiment.
  static let nodes: UInt64 = 6

  /// The proposal of an experiment.
  static func proposal(_ experiment: UInt64) -> NodeID { NodeID(experiment * nodes) }

  mutating func next() -> TransactionRequest {
    let number = made
    made += 1
    var operations: [Operation] = [
      .createNode(
        labels: ["Proposal"], key: nil,
        properties: [
          Property("title", .string("change the learning rate of step \(number)")),
          Property("campaign", .integer(Int64(random.next() % 50))),
          Property("lr", .float(random.unitInterval() * 0.001)),
          Property("batch", .integer(Int64(16 << (random.next() % 4)))),
          Property("depth", .integer(Int64(6 + random.next() % 24))),
          Property("dropout", .float(random.unitInterval() * 0.5)),
        ])
    ]
    for _ in 0..<2 {
      operations.append(
        .createNode(
          labels: ["Critique"], key: nil,
          properties: [
            Property("verdict", .string(random.next() % 2 == 0 ? "accept" : "reject")),
            Property("text", .string("the effect is below the noise of the last eight runs")),
          ]))
    }
    operations.append(
      .createNode(
        labels: ["Run"], key: nil,
        properties: [
          Property("seed", .integer(Int64(number))), Property("status", .string("finished")),
        ]))
    for metric in ["accuracy", "loss"] {
      operations.append(
        .createNode(
          labels: ["Eval"], key: nil,
          properties: [
            Property("metric", .string(Text(metric))),
            Property("value", .float(random.unitInterval())),
          ]))
    }
    let edges: [(Text, Int, Int)] = [
      ("CRITIQUES", 1, 0), ("CRITIQUES", 2, 0), ("EXECUTES", 3, 0), ("EVALUATES", 4, 3),
      ("EVALUATES", 5, 3),
    ]
    for (type, from, to) in edges {
      operations.append(.createEdge(type: type, from: .new(from), to: .new(to), properties: []))
    }
    if number > distance {
      let back = 1 + distance + random.next() % Swift.min(number - distance, 30)
      operations.append(
        .createEdge(
          type: "DERIVED_FROM", from: .new(0), to: .id(Self.proposal(number - back)),
          properties: []))
    }
    return TransactionRequest(
      requestID: RequestID(high: 1, low: number), actor: "bench", reason: "one experiment",
      operations: operations)
  }

  /// The kinds above, with keys and two indexes.
  static var schema: GraphType {
    func property(_ name: Text, _ type: PropertyType.ValueType) -> PropertyType {
      PropertyType(name: name, valueType: type, isRequired: true, documentation: "", line: 1)
    }
    func node(_ label: Text, _ prefix: Text, _ properties: [PropertyType]) -> NodeType {
      NodeType(
        label: label, keyPrefix: prefix, properties: properties, documentation: "", line: 1)
    }
    func edge(_ type: Text, _ from: Text, _ to: Text) -> EdgeType {
      EdgeType(
        type: type, from: from, to: to, properties: [], isManyToOne: false, documentation: "",
        line: 1)
    }
    return GraphType(
      name: "bench",
      nodeTypes: [
        node(
          "Proposal", "P",
          [
            property("title", .string), property("campaign", .integer), property("lr", .float),
            property("batch", .integer), property("depth", .integer), property("dropout", .float),
          ]),
        node("Critique", "K", [property("verdict", .string), property("text", .string)]),
        node("Run", "R", [property("seed", .integer), property("status", .string)]),
        node("Eval", "E", [property("metric", .string), property("value", .float)]),
      ],
      edgeTypes: [
        edge("CRITIQUES", "Critique", "Proposal"), edge("EXECUTES", "Run", "Proposal"),
        edge("EVALUATES", "Eval", "Run"), edge("DERIVED_FROM", "Proposal", "Proposal"),
      ],
      indexes: [
        IndexDefinition(name: "eval", label: "Eval", properties: ["metric", "value"])
      ], source: "bench")
  }
}
