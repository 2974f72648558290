// Failing writes and damaged rows: a transaction leaves all or nothing, and verification notices
// any byte of any projection that is not what the log says.

import Base
import GraphWorkload
import Store
import Testing

@testable import Graph

@Suite("Graph: faults", .bothEngines)
struct FaultTests {
  @Test("when the n-th write fails, the graph is as it was; then the same request succeeds")
  func failingWrites() throws {
    let graph = try TestEngine.graph()
    var workload = Workload(seed: 31)
    for number in 1...4 {
      let before = workload.state
      let request = Fixture.request(UInt64(number), workload.next())
      var failing = 1
      while true {
        var plan = FaultPlan()
        plan.failingWrite = failing
        graph.store.inject(plan)
        let receipt = try? graph.append(request)
        graph.store.inject(FaultPlan())
        if receipt != nil { break }
        if failing % 7 == 1 {
          try graph.read { view in
            try ModelComparison(state: before, seed: 31).compare(view)
          }
        }
        failing += 1
      }
      #expect(failing > 5)
      try graph.read { view in
        try ModelComparison(state: workload.state, seed: 31).compare(view)
      }
    }
    #expect(try graph.verify().faults == [])
  }

  @Test("a flipped bit in any row of any projection is found")
  func flippedBits() throws {
    let graph = try TestEngine.graph(schema: SchemaTests.schema)
    _ = try graph.append(
      Fixture.request(
        1,
        [
          SchemaTests.proposal, SchemaTests.run,
          .createEdge(type: "EXECUTES", from: .new(1), to: .new(0), properties: []),
        ]))
    _ = try graph.append(
      Fixture.request(
        2,
        [
          .setProperty(of: .node(.key("R1")), Property("name", .string("first")))
        ]))
    var random = SplitMix64(seed: 3)
    var tables = Set<Table>()
    for (table, key, value) in try Self.rows(graph) {
      if table == .meta, key == FormatHeader.key { continue }
      tables.insert(table)
      var damaged = value
      if damaged.isEmpty { continue }
      let bit = Int(random.next() % UInt64(damaged.count * 8))
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      try graph.store.write { try $0.put(table, key, damaged) }
      let report = try graph.verify()
      #expect(!report.faults.isEmpty, "\(table) \(key)")
      try graph.store.write { try $0.put(table, key, value) }
    }
    #expect(tables.isSuperset(of: [.nodes, .edges, .adjacency, .versions, .keys, .labels]))
    #expect(tables.isSuperset(of: [.indexes, .requests, .statistics, .merkle, .schema, .symbols]))
    #expect(try graph.verify().faults == [])
  }

  @Test("a row that is missing and a row too many are found, with table and key")
  func missingRows() throws {
    let graph = try TestEngine.graph()
    _ = try graph.append(
      Fixture.request(1, [.createNode(labels: ["A"], key: "A1", properties: [])]))
    _ = try graph.store.write { try $0.delete(.keys, NodeKey.bytes("A1")) }
    try graph.store.write { try $0.put(.keys, NodeKey.bytes("A2"), [0, 0, 0, 0, 0]) }
    let faults = try graph.verify().faults
    #expect(faults.map(\.table) == ["keys", "keys"])
    #expect(faults.map(\.found) == ["nothing", "0000000000"])
  }

  @Test("reading damaged rows ends with an error or an answer, never with a trap")
  func damagedReads() throws {
    let graph = try TestEngine.graph(layout: ModelTests.small)
    var workload = Workload(seed: 41)
    _ = try graph.append(Fixture.request(100, [Workload.indexes[0]]))
    workload.pass()
    for number in 1...48 {
      _ = try graph.append(Fixture.request(UInt64(number), workload.next()))
    }
    var random = SplitMix64(seed: 4)
    var errors = 0
    for (table, key, value) in try Self.rows(graph) where !value.isEmpty {
      if table != .chunks, random.next() % 8 != 0 { continue }
      if [.log, .merkle].contains(table) || (table == .meta && key == FormatHeader.key) {
        continue
      }
      var damaged = value
      switch random.next() % 3 {
      case 0: damaged[Int(random.next() % UInt64(value.count))] ^= UInt8(1 << (random.next() % 8))
      case 1: damaged.removeLast(1 + Int(random.next() % UInt64(value.count)))
      default: damaged = value.map { _ in UInt8(truncatingIfNeeded: random.next()) }
      }
      try graph.store.write { try $0.put(table, key, damaged) }
      // A fresh graph, so that nothing is remembered from before the damage.
      let fresh = Graph(graph.store, surroundings: graph.surroundings)
      for transaction in [nil, TransactionNumber(6)] {
        do {
          try fresh.read(at: transaction) { view in try Self.readEverything(view) }
        } catch let error as StemmaError {
          #expect(error.code == .storeDamaged)
          errors += 1
        }
      }
      try graph.store.write { try $0.put(table, key, value) }
    }
    #expect(errors > 8)
  }

  /// Asks a view everything, whatever the answers.
  static func readEverything(_ view: borrowing GraphView) throws {
    var edges: [AdjacentEdge] = []
    var values: [Value] = []
    for number in 0..<view.nodeLimit {
      let node = NodeID(number)
      _ = try view.labels(of: node)
      _ = try view.properties(of: node)
      try view.expand(node, .both, types: [], into: &edges)
      if let key = try view.key(of: node) { _ = try view.node(key: key) }
    }
    for number in 0..<view.edgeLimit {
      _ = try view.edge(EdgeID(number))
      _ = try view.properties(of: EdgeID(number))
    }
    for number in 0..<view.symbolCount {
      let symbol = Symbol(UInt32(number))
      var position = ScanPosition()
      var nodes: [NodeID] = []
      try view.scanNodes(label: symbol, after: &position, into: &nodes, limit: 100_000)
      try view.gather(symbol, of: nodes, into: &values)
      _ = try view.nodeCount(label: symbol)
    }
    for index in try view.indexes() {
      var position = IndexPosition()
      var nodes: [NodeID] = []
      try view.seek(
        index, prefix: [], range: nil, isDescending: false, after: &position, into: &nodes,
        limit: 100_000)
    }
  }

  /// Every row of a store.
  static func rows(_ graph: Graph) throws -> [(Table, [UInt8], [UInt8])] {
    try graph.store.read { reading in
      var rows: [(Table, [UInt8], [UInt8])] = []
      for table in Table.allCases {
        var cursor = try reading.cursor(table)
        while try cursor.next() {
          rows.append((table, [UInt8](copying: cursor.key), [UInt8](copying: cursor.value)))
        }
      }
      return rows
    }
  }

  @Test("a precondition that fails leaves nothing; one that holds sees what is there")
  func preconditions() throws {
    let fixture = try Fixture()
    try fixture.append(1, [.createNode(labels: ["A"], key: "A1", properties: [])])
    struct Refused: Error {}
    let request = Fixture.request(2, [.createNode(labels: ["A"], key: nil, properties: [])])
    #expect(throws: Refused.self) {
      try fixture.graph.append(request) { view in
        if try view.node(key: "A1") != nil { throw Refused() }
      }
    }
    #expect(try fixture.graph.lastTransaction() == TransactionNumber(1))
    let receipt = try fixture.graph.append(request) { view in
      let count = try view.nodeCount(label: nil)
      #expect(count == 1)
    }
    #expect(receipt.transaction == TransactionNumber(2))
  }

  @Test("commit times are strictly monotone, and AS OF a time finds the transaction")
  func times() throws {
    let fixture = try Fixture()
    var receipts: [TransactionReceipt] = []
    for number in 1...5 {
      receipts.append(
        try fixture.append(
          UInt64(number), [.createNode(labels: ["A"], key: nil, properties: [])]))
    }
    for (earlier, later) in zip(receipts, receipts.dropFirst()) {
      #expect(earlier.committedAt < later.committedAt)
    }
    for receipt in receipts {
      #expect(try fixture.graph.transaction(at: receipt.committedAt) == receipt.transaction)
    }
    #expect(try fixture.graph.transaction(at: Timestamp(microsecondsSinceEpoch: 0)) == .zero)
    #expect(throws: StemmaError.self) {
      try fixture.graph.read(at: TransactionNumber(6)) { _ in }
    }
  }
}
