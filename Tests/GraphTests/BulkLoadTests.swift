// Loads from rows: the same log and the same tables, byte for byte, as appending the same
// operations one by one, whatever the rows and whatever was there before.

import Base
import Store
import Testing

@testable import Graph

/// Rows from operations, as a file would give them.
struct MadeRows: LoadSource {
  var nodes: [(labels: [Text], key: Text?, properties: [Property])] = []
  var edges: [(type: Text, from: Int, to: Int, properties: [Property])] = []
  /// What a row is said to take.
  var rowBytes = 100

  var nodeCount: Int { nodes.count }
  var edgeCount: Int { edges.count }
  var hasKeys: Bool { nodes.contains { $0.key != nil } }
  func byteCount(ofNodes rows: Range<Int>) -> Int { rows.count * rowBytes }
  func byteCount(ofEdges rows: Range<Int>) -> Int { rows.count * rowBytes }

  func readNodes(_ rows: Range<Int>, into part: inout LoadRows) throws {
    for node in nodes[rows] {
      let shape = part.number(
        of: .node(
          labels: node.labels, hasKey: node.key != nil, names: node.properties.map(\.name)))
      if let key = node.key { try part.append(.string(key)) }
      try append(node.properties, to: &part)
      try part.endNode(shape: shape)
    }
  }

  func readEdges(_ rows: Range<Int>, first: NodeID, into part: inout LoadRows) throws {
    for edge in edges[rows] {
      let shape = part.number(of: .edge(type: edge.type, names: edge.properties.map(\.name)))
      try append(edge.properties, to: &part)
      try part.endEdge(
        shape: shape, from: NodeID(first.rawValue + UInt64(edge.from)),
        to: NodeID(first.rawValue + UInt64(edge.to)))
    }
  }

  private func append(_ properties: [Property], to part: inout LoadRows) throws {
    for property in properties {
      switch property.value {
      case .integer(let number): part.append(number)
      case .float(let number): part.append(number)
      case .boolean(let flag): part.append(flag)
      case .string(let text): part.append(utf8: Array(text.string.utf8)[...])
      default: try part.append(property.value)
      }
    }
  }

  /// Random rows: several shapes, all kinds of values, hubs, long texts.
  init(seed: UInt64, nodes nodeCount: Int, edges edgeCount: Int) {
    var random = SplitMix64(seed: seed)
    for number in 0..<nodeCount {
      var properties: [Property] = []
      for name in ["x", "word", "text", "mixed", "at"] where random.next() % 8 != 0 {
        properties.append(Property(Text(name), Self.value(name, number, &random)))
      }
      if random.next() % 300 == 0 { properties.reverse() }
      let labels: [Text] =
        switch random.next() % 20 {
        case 0: ["B", "A"]
        case 1: ["A", "B"]
        case 2: []
        case 3...6: ["B"]
        default: ["A"]
        }
      nodes.append((labels, nil, properties))
    }
    for number in 0..<edgeCount {
      // The square of a random number has small values more often: some nodes are hubs.
      let part = Double(random.next() % 1000) / 1000
      let from = Int(part * part * part * Double(nodeCount - 1))
      var properties: [Property] = []
      if random.next() % 3 == 0 { properties = [Property("role", .integer(Int64(number % 5)))] }
      edges.append(
        (
          random.next() % 4 == 0 ? "KNOWS" : "NEXT", from,
          Int(random.next() % UInt64(nodeCount)), properties
        ))
    }
  }

  private static func value(_ name: String, _ number: Int, _ random: inout SplitMix64) -> Value {
    switch name {
    case "x": return .integer(Int64(bitPattern: random.next()) >> Int64(random.next() % 64))
    case "word": return .string(Text("w\(random.next() % 5)"))
    case "text": return .string(Text(String(repeating: "é\(number)", count: 1 + number % 40)))
    case "at": return .date(CalendarDate(daysSinceEpoch: Int64(random.next() % 100)))
    default:
      let values: [Value] = [
        .integer(0), .float(0.5), .float(.nan), .float(-0.0), .float(1e300), .boolean(true),
        .string(""), .bytes([1, 2]), .list([.integer(1), .string("a")]),
        .localTime(LocalTime(nanosecondsOfDay: 5)),
      ]
      return values[Int(random.next() % UInt64(values.count))]
    }
  }
}

@Suite("Graph: loads from rows", .bothEngines)
struct BulkLoadTests {
  static let indexes: [Operation] = [
    .createIndex(IndexDefinition(name: "x", label: "A", properties: ["x"])),
    .createIndex(IndexDefinition(name: "w", label: "A", properties: ["word", "mixed"])),
    .createIndex(IndexDefinition(name: "t", label: "B", properties: ["text"])),
  ]

  static func request(_ operations: [Operation] = []) -> TransactionRequest {
    Fixture.request(1_000, operations)
  }

  /// Appends what a load appends, in the same records.
  static func append(_ source: MadeRows, _ operations: [Operation], to graph: Graph) throws {
    let size = graph.layout.rangeSize
    let perRecord = max(size, 16_384 / size * size)
    var request = request(operations)
    func send(_ operations: [Operation]) throws {
      request.operations = operations
      _ = try graph.append(request)
      request.requestID.low += 1
    }
    if !operations.isEmpty { try send(operations) }
    let head = try graph.store.read { try Head($0) }
    for ofNodes in [true, false] {
      let count = ofNodes ? source.nodeCount : source.edgeCount
      let begun = Int((ofNodes ? head.nodeLimit : head.edgeLimit) % UInt64(size))
      var start = 0
      while start < count {
        let most = start == 0 && begun > 0 ? size - begun : perRecord
        let rows = start..<min(count, start + most)
        var part = LoadRows()
        if ofNodes {
          try source.readNodes(rows, into: &part)
        } else {
          try source.readEdges(rows, first: NodeID(head.nodeLimit), into: &part)
        }
        try send(try part.requests())
        start = rows.upperBound
      }
    }
  }

  static func rows(_ graph: Graph) throws -> [[[UInt8]]] {
    try FaultTests.rows(graph).filter { $0.1 != FormatHeader.key }
      .map { [[$0.0.rawValue], $0.1, $0.2] }
  }

  static func graph(_ shift: UInt64) throws -> Graph {
    try TestEngine.graph(layout: GraphLayout(rangeShift: shift))
  }

  static func expectSame(_ loaded: Graph, _ appended: Graph) throws {
    let (left, right) = (try rows(loaded), try rows(appended))
    #expect(left.count == right.count)
    for (first, second) in zip(left, right) where first != second {
      Issue.record("table \(first[0]), key \(first[1]) differs from \(second[0]), \(second[1])")
      break
    }
    #expect(try loaded.verify().faults == [])
  }

  @Test(
    "rows become the same log and the same tables as operations",
    arguments: [(6, 1, 700, 900), (8, 2, 3_000, 5_000), (6, 3, 64, 0), (9, 4, 1_024, 2_048)])
  func same(shift: Int, seed: Int, nodes: Int, edges: Int) throws {
    let source = MadeRows(seed: UInt64(seed), nodes: nodes, edges: edges)
    let (loaded, appended) = (try Self.graph(UInt64(shift)), try Self.graph(UInt64(shift)))
    let receipt = try loaded.load(source, Self.request(Self.indexes))
    try Self.append(source, Self.indexes, to: appended)
    #expect(receipt.last == (try appended.lastTransaction()))
    #expect(receipt.nodeCount == nodes)
    try Self.expectSame(loaded, appended)
  }

  @Test("rows go into a graph that has something, beside ranges that were begun")
  func intoSomething() throws {
    let before = [
      Fixture.request(1, LoadTests.indexes), Fixture.request(2, LoadTests.nodes(0, 150)),
      Fixture.request(3, LoadTests.edges(150)),
    ]
    let (loaded, appended) = (try Self.graph(6), try Self.graph(6))
    for request in before {
      _ = try loaded.append(request)
      _ = try appended.append(request)
    }
    let source = MadeRows(seed: 7, nodes: 500, edges: 900)
    _ = try loaded.load(source, Self.request())
    try Self.append(source, [], to: appended)
    try Self.expectSame(loaded, appended)
    // And appending goes on after it.
    let after = Fixture.request(
      5,
      LoadTests.nodes(5_000, 70) + [
        .deleteNode(.id(NodeID(200)), detach: true),
        .setProperty(of: .node(.id(NodeID(201))), Property("x", .integer(1))),
      ])
    _ = try loaded.append(after)
    _ = try appended.append(after)
    try Self.expectSame(loaded, appended)
  }

  @Test("parts that are very large are divided, and everything is there")
  func large() throws {
    var source = MadeRows(seed: 9, nodes: 300, edges: 200)
    source.rowBytes = 1 << 20
    let graph = try Self.graph(6)
    let receipt = try graph.load(source, Self.request(Self.indexes))
    #expect(receipt.transactionCount > 8)
    try graph.read { view in
      #expect(view.nodeLimit == 300)
      #expect(view.edgeLimit == 200)
    }
    #expect(try graph.verify().faults == [])
  }

  @Test("a load that fails leaves nothing; one that was done is not done again")
  func allOrNothing() throws {
    let graph = try Self.graph(6)
    var source = MadeRows(seed: 5, nodes: 200, edges: 10)
    let name = Text(String(repeating: "n", count: 300))
    source.nodes[150].properties.append(Property(name, .integer(1)))
    #expect(throws: StemmaError.self) { try graph.load(source, Self.request()) }
    #expect(try graph.lastTransaction() == .zero)
    source = MadeRows(seed: 5, nodes: 200, edges: 10)
    _ = try graph.load(source, Self.request())
    #expect(try graph.load(source, Self.request()).wasRepeated)
    #expect(try graph.lastTransaction().rawValue == 2)
  }

  @Test("where any write fails, nothing remains")
  func failingWrites() throws {
    let source = MadeRows(seed: 11, nodes: 130, edges: 80)
    let graph = try Self.graph(6)
    var failing = 1
    while true {
      var plan = FaultPlan()
      plan.failingWrite = failing
      graph.store.inject(plan)
      let receipt = try? graph.load(source, Self.request(Self.indexes))
      graph.store.inject(FaultPlan())
      if receipt != nil { break }
      #expect(try graph.lastTransaction() == .zero)
      failing += 1 + failing / 10
    }
    #expect(failing > 50)
    #expect(try graph.verify().faults == [])
  }
}
