// Statistics against counting: after every few transactions of a seeded workload with deletions,
// updates and relabelling, from one by one, from groups and from a rebuild.

import Base
import GraphWorkload
import Store
import Testing

@testable import Graph

@Suite("Graph: statistics")
struct StatisticsTests {
  /// Every value that a property had on nodes with a label, and on edges of a type.
  private struct Values {
    var ofNodes: [[Text]: Set<[UInt8]>] = [:]
    var ofEdges: [[Text]: Set<[UInt8]>] = [:]

    mutating func note(_ state: ModelState) {
      for node in state.nodes.values {
        for label in node.labels {
          for (name, value) in node.properties where name != "key" {
            ofNodes[[label, name], default: []].insert(Self.bytes(value))
          }
        }
      }
      for edge in state.edges.values {
        for (name, value) in edge.properties {
          ofEdges[[edge.type, name], default: []].insert(Self.bytes(value))
        }
      }
    }

    static func bytes(_ value: Value) -> [UInt8] {
      var bytes: [UInt8] = []
      PropertyCodec.encode(value, into: &bytes)
      return bytes
    }
  }

  private static func compare(
    _ view: borrowing GraphView, _ state: ModelState, _ values: Values
  ) throws {
    #expect(try view.nodeCount(label: nil) == state.nodes.count)
    #expect(try view.edgeCount(type: nil) == state.edges.count)
    for label in Workload.labels {
      guard let symbol = try view.symbol(for: label) else { continue }
      let count = state.nodes.values.count { $0.labels.contains(label) }
      #expect(try view.nodeCount(label: symbol) == count)
      #expect(try view.labelsInUse().contains(symbol) == (count > 0))
      for name in Workload.names {
        guard let property = try view.symbol(for: name) else { continue }
        let exact = values.ofNodes[[label, name]]?.count
        let estimate = try view.distinctValues(of: property, label: symbol)
        #expect((estimate == nil) == (exact == nil))
        // So few values are counted nearly exactly.
        if let estimate, let exact { #expect(abs(estimate - exact) <= 1 + exact / 20) }
      }
    }
    for type in Workload.types {
      guard let symbol = try view.symbol(for: type) else { continue }
      let edges = state.edges.values.filter { $0.type == type }
      #expect(try view.edgeCount(type: symbol) == edges.count)
      for incoming in [false, true] {
        var degrees: [UInt64: Int] = [:]
        for edge in edges { degrees[incoming ? edge.to : edge.from, default: 0] += 1 }
        var classes: [UInt64] = []
        for degree in degrees.values {
          var place = 0
          while 1 << (place + 1) <= degree { place += 1 }
          while classes.count <= place { classes.append(0) }
          classes[place] += 1
        }
        let counted = try view.degrees(type: symbol, incoming: incoming)
        let full = counted.nodes + [UInt64](repeating: 0, count: 64 - counted.nodes.count)
        #expect(full == classes + [UInt64](repeating: 0, count: 64 - classes.count))
        #expect(counted.nodesWithEdges == UInt64(degrees.count))
      }
      for name in Workload.names {
        guard let property = try view.symbol(for: name) else { continue }
        let exact = values.ofEdges[[type, name]]?.count
        let estimate = try view.distinctValues(of: property, type: symbol)
        if let exact { #expect(abs((estimate ?? -9) - exact) <= 1 + exact / 20) }
      }
    }
  }

  @Test("counts, degrees and values are those of the graph", arguments: [1, 2, 3, 4] as [UInt64])
  func counted(seed: UInt64) throws {
    let graph = try Graph.inMemory(
      schema: nil, surroundings: Fixture.surroundings(), layout: ModelTests.small)
    var workload = Workload(seed: seed)
    var state = ModelState()
    var values = Values()
    for number in 1...160 as ClosedRange<UInt64> {
      let operations = workload.next()
      // Values that are gone before their transaction ends count as well.
      for operation in operations {
        state.apply(operation)
        values.note(state)
      }
      _ = try graph.append(Fixture.request(number, operations))
      guard number % 16 == 0 else { continue }
      try graph.read { view in try Self.compare(view, state, values) }
      // The present answers, whatever is asked for.
      try graph.read(at: TransactionNumber(number / 2)) { view in
        try Self.compare(view, state, values)
      }
    }
    #expect(try graph.verify().faults == [])
  }

  @Test("a group writes the statistics that single appends write")
  func grouped() throws {
    var rows: [[[[UInt8]]]] = []
    for size in [1, 7, 60] {
      let graph = try Graph.inMemory(
        schema: nil, surroundings: Fixture.surroundings(), layout: ModelTests.small)
      var workload = Workload(seed: 8)
      let requests = (1...60).map { Fixture.request(UInt64($0), workload.next()) }
      for start in stride(from: 0, to: requests.count, by: size) {
        let group = Array(requests[start..<min(requests.count, start + size)])
        for result in try graph.append(group: group) { _ = try result.get() }
      }
      rows.append(
        try FaultTests.rows(graph).filter { $0.0 == .statistics }.map { [$0.1, $0.2] })
    }
    #expect(!rows[0].isEmpty)
    #expect(rows[0] == rows[1] && rows[0] == rows[2])
  }

  @Test("a sketch is right within its error, merges, and comes back from its bytes")
  func sketches() throws {
    var random = SplitMix64(seed: 3)
    var errors: [Double] = []
    for count in [0, 1, 2, 10, 300, 340, 345, 2_000, 5_000, 40_000, 200_000] {
      var whole = DistinctSketch()
      var parts = [DistinctSketch(), DistinctSketch()]
      for number in 0..<count {
        let value = Value.integer(Int64(truncatingIfNeeded: random.next() >> 8))
        let hash = DistinctSketch.hash(Values.bytes(value).span.bytes)
        for _ in 0..<(number % 3 + 1) { _ = whole.add(hash: hash) }
        _ = parts[number % 2].add(hash: hash)
        if number % 5 == 0 { _ = parts[(number + 1) % 2].add(hash: hash) }
      }
      _ = parts[1].merge(parts[0])
      #expect(parts[1] == whole)
      var row: [UInt8] = []
      whole.write(into: &row)
      #expect(try DistinctSketch(row.span.bytes) == whole)
      if count > 0 { errors.append(Double(whole.estimate) / Double(count) - 1) }
      // Four standard errors.
      #expect(abs(Double(whole.estimate) - Double(count)) <= 0.13 * Double(count) + 0.5)
    }
    #expect(errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count) < 0.05 * 0.05)
  }

  @Test("small numbers, dates and texts that count up are spread over the registers")
  func spread() throws {
    let kinds: [(Int) -> Value] = [
      { .integer(Int64($0)) }, { .float(Double($0) / 1000) },
      { .string(Text("item \($0)")) }, { .date(CalendarDate(daysSinceEpoch: Int64($0))) },
      { .list([.integer(Int64($0)), .boolean(true)]) },
    ]
    for kind in kinds {
      var sketch = DistinctSketch()
      for number in 0..<10_000 {
        _ = sketch.add(hash: DistinctSketch.hash(Values.bytes(kind(number)).span.bytes))
      }
      #expect(abs(sketch.estimate - 10_000) < 1_300)
    }
  }
}
