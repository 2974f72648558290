// Sealed columns: every encoding and presence comes back, long texts lie in the log once, and
// damage to any chunk is found.

import Base
import Store
import Testing

@testable import Graph

@Suite("Graph: columns", .bothEngines)
struct ColumnTests {
  static let layout = GraphLayout(rangeShift: 6)

  /// A value of the kind that a property's name asks for, or none.
  static func value(_ name: Text, _ node: Int) -> Value {
    switch name {
    case "all integers": .integer(Int64(node) * 1_000 - 7)
    case "wide integers": .integer(node % 2 == 0 ? .min : .max)
    case "same integer": .integer(9)
    case "floats": .float(Double(node) / 3)
    case "odd floats": node % 3 == 0 ? .float(.nan) : .float(-0.0)
    case "flags": node % 2 == 0 ? .boolean(node % 3 == 0) : .null
    case "few words": .string(Text("word \(node % 5)"))
    case "many words": .string(Text("word \(node)"))
    case "texts": .string(Text(String(repeating: "long é ", count: 9) + "\(node)"))
    case "rare": node % 40 == 0 ? .float(Double(node)) : .null
    case "mixed": node % 2 == 0 ? .integer(Int64(node)) : .string(Text("\(node)"))
    default: .list([.integer(Int64(node)), .string("x")])
    }
  }

  static let names: [Text] = [
    "all integers", "wide integers", "same integer", "floats", "odd floats", "flags", "few words",
    "many words", "texts", "rare", "mixed", "lists",
  ]

  static func create(_ node: Int) -> Operation {
    .createNode(
      labels: node % 3 == 0 ? ["A"] : ["A", "B"], key: Text("K\(node)"),
      properties: names.compactMap { name in
        let value = value(name, node)
        return value.isNull ? nil : Property(name, value)
      })
  }

  /// 150 nodes in transactions of ten, and an edge from each to the one before.
  static func graph() throws -> Graph {
    let graph = try TestEngine.graph(layout: layout)
    for start in stride(from: 0, to: 150, by: 10) {
      var operations = (start..<start + 10).map(create)
      for node in max(1, start)..<start + 10 {
        operations.append(
          .createEdge(
            type: "NEXT", from: .id(NodeID(UInt64(node))), to: .id(NodeID(UInt64(node - 1))),
            properties: [Property("texts", value("texts", node)), Property("x", .integer(1))]))
      }
      _ = try graph.append(Fixture.request(UInt64(start + 1), operations))
    }
    return graph
  }

  static func same(_ left: Value, _ right: Value) -> Bool { PropertyCodec.isSame(left, right) }

  @Test("every kind of column gives back what was put in")
  func encodings() throws {
    let graph = try Self.graph()
    try graph.read { view in
      #expect(view.head.sealedNodes == 128 && view.head.sealedEdges == 128)
      let nodes = (0..<150).map { NodeID(UInt64($0)) }
      for name in Self.names {
        let symbol = try #require(try view.symbol(for: name))
        var gathered: [Value] = []
        try view.gather(symbol, of: nodes, into: &gathered)
        for node in nodes {
          let number = Int(node.rawValue)
          let expected = Self.value(name, number)
          #expect(Self.same(try view.property(symbol, of: node), expected), "\(name) \(number)")
          #expect(Self.same(gathered[number], expected), "\(name) \(number)")
        }
      }
      for node in nodes {
        #expect(try view.properties(of: node).count >= Self.names.count - 1)
        #expect(try view.key(of: node) == Text("K\(node.rawValue)"))
        #expect(try view.labels(of: node).count == (node.rawValue % 3 == 0 ? 1 : 2))
      }
      let texts = try #require(try view.symbol(for: "texts"))
      for edge in 1..<149 {
        let value = try view.property(texts, of: EdgeID(UInt64(edge - 1)))
        #expect(Self.same(value, Self.value("texts", edge)))
        #expect(try view.edge(EdgeID(UInt64(edge - 1)))?.from == NodeID(UInt64(edge)))
      }
    }
    #expect(try graph.verify().faults == [])
  }

  @Test("a long text is in the store once")
  func textsOnce() throws {
    let graph = try Self.graph()
    let wanted = Array("long é long é long é long é long é long é long é long é long é 7".utf8)
    var found = 0
    try graph.store.read { reading in
      for table in Table.allCases {
        var cursor = try reading.cursor(table)
        while try cursor.next() {
          let value = [UInt8](copying: cursor.value)
          for start in value.indices where value[start...].starts(with: wanted + [0]) == false {
            if value[start...].starts(with: wanted), value.count > start + wanted.count {
              let after = value[start + wanted.count]
              if !(48...57).contains(after) { found += 1 }
            }
          }
        }
      }
    }
    // Once for node 7, once for the edge that has the same text.
    #expect(found == 2)
  }

  @Test("a flipped bit in any chunk is found")
  func flippedBits() throws {
    let graph = try Self.graph()
    _ = try graph.append(
      Fixture.request(
        900,
        [
          .setProperty(of: .node(.id(NodeID(3))), Property("floats", .float(1))),
          .deleteEdge(.id(EdgeID(5))),
        ]))
    var random = SplitMix64(seed: 8)
    for (table, key, value) in try FaultTests.rows(graph) where table == .chunks {
      var damaged = value
      let bit = Int(random.next() % UInt64(damaged.count * 8))
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      try graph.store.write { try $0.put(table, key, damaged) }
      #expect(!(try graph.verify().faults.isEmpty), "\(key)")
      try graph.store.write { try $0.put(table, key, value) }
    }
    #expect(try graph.verify().faults == [])
  }

  @Test("changes to sealed nodes are seen from their transaction on, and not before")
  func changes() throws {
    let graph = try Self.graph()
    let before = try graph.lastTransaction()
    _ = try graph.append(
      Fixture.request(
        900,
        [
          .setProperty(of: .node(.id(NodeID(3))), Property("floats", .string("now a text"))),
          .setProperty(of: .node(.id(NodeID(3))), Property("rare", .integer(4))),
          .addLabel(.id(NodeID(3)), "C"),
          .deleteNode(.id(NodeID(9)), detach: true),
        ]))
    for isNow in [false, true] {
      try graph.read(at: isNow ? nil : before) { view in
        let floats = try #require(try view.symbol(for: "floats"))
        let rare = try #require(try view.symbol(for: "rare"))
        let nodes = [3, 4, 9].map { NodeID($0) }
        var values: [Value] = []
        try view.gather(floats, of: nodes, into: &values)
        #expect(values[0] == (isNow ? .string("now a text") : .float(1)))
        #expect(values[1] == .float(4.0 / 3))
        #expect(values[2] == (isNow ? .null : .float(3)))
        #expect(try view.property(rare, of: nodes[0]) == (isNow ? .integer(4) : .null))
        #expect(try view.labels(of: nodes[0]).count == (isNow ? 2 : 1))
        #expect(try view.exists(nodes[2]) != isNow)
        #expect(try (view.edge(EdgeID(8)) == nil) == isNow)
      }
    }
    #expect(try graph.verify().faults == [])
  }

  @Test("typed columns have the values of general ones, sealed or not, changed or not")
  func typed() throws {
    let graph = try Self.graph()
    for isChanged in [false, true] {
      if isChanged {
        _ = try graph.append(
          Fixture.request(
            901, [.setProperty(of: .node(.id(NodeID(70))), Property("floats", .integer(7)))]))
      }
      try graph.read { view in
        let nodes = (0..<150).map { NodeID(UInt64($0 * 7 % 150)) }
        for name in Self.names {
          let symbol = try #require(try view.symbol(for: name))
          var column = Column()
          try view.gather(symbol, of: nodes.span, into: &column)
          var values: [Value] = []
          try view.gather(symbol, of: nodes, into: &values)
          #expect(column.count == 150)
          for row in values.indices { #expect(Self.same(column[row], values[row]), "\(name)") }
          let isFloats = name == "rare" || name == "odd floats" || (name == "floats" && !isChanged)
          #expect((column.kind == .floats) == isFloats, "\(name)")
        }
      }
    }
  }

  @Test("a slice shows the numbers of a range in place, with their bounds")
  func slices() throws {
    let graph = try Self.graph()
    try graph.read { view in
      #expect(view.sealedRanges == 2 && view.firstUnsealed == NodeID(128))
      let floats = try #require(try view.symbol(for: "floats"))
      let rare = try #require(try view.symbol(for: "rare"))
      let a = try #require(try view.symbol(for: "A"))
      let b = try #require(try view.symbol(for: "B"))
      for range in UInt32(0)..<2 {
        #expect(try view.isAsCreated(range: range))
        #expect(try view.coverage(of: a, range: range) == true)
        #expect(try view.coverage(of: b, range: range) == nil)
        if let slice = try view.slice(floats, range: range) {
          #expect(slice.isDense && slice.count == 64 && slice.kind == .floats)
          #expect(slice.floatBounds?.least == Double(range) * 64 / 3)
          #expect(slice.floatBounds?.greatest == (Double(range) * 64 + 63) / 3)
          #expect(slice.floats.byteCount == 512)
          #expect(slice.float(at: 5) == (Double(range) * 64 + 5) / 3)
        } else {
          Issue.record("there is no slice")
        }
        if let slice = try view.slice(rare, range: range) {
          let node = NodeID(range == 0 ? 40 : 80)
          let rank = try #require(try slice.rank(of: node))
          #expect(!slice.isDense && slice.float(at: rank) == Double(node.rawValue))
          #expect(try slice.rank(of: NodeID(node.rawValue + 1)) == nil)
        }
      }
    }
    let before = try graph.lastTransaction()
    #expect(try graph.read(at: TransactionNumber(8)) { try $0.isAsCreated(range: 1) } == false)
    _ = try graph.append(
      Fixture.request(902, [.setProperty(of: .node(.id(NodeID(1))), Property("rare", .null))]))
    #expect(try graph.read { try $0.isAsCreated(range: 0) } == true)
    _ = try graph.append(
      Fixture.request(903, [.setProperty(of: .node(.id(NodeID(1))), Property("rare", .float(1)))]))
    #expect(try graph.read { try $0.isAsCreated(range: 0) } == false)
    #expect(try graph.read(at: before) { try $0.isAsCreated(range: 1) } == true)
  }
}
