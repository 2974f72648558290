// Scans that compare and add up columns in place, against asking each node: every encoding, every
// comparison, snapshots of the past, ranges that changed, and nodes that are in no range yet.

import Base
import Testing

@testable import Graph

@Suite("Graph: scans of columns")
struct ColumnScanTests {
  private static let bounds: [Value] = [
    .integer(0), .integer(9), .integer(60_000), .integer(.min), .integer(.max), .float(20.5),
    .float(33), .float(-0.0), .float(.nan), .float(.infinity), .float(-.infinity), .float(1e300),
    .float(-0x1p63), .float(0x1p63), .integer(1 << 60), .string("word 3"), .boolean(true), .null,
    .list([.integer(4), .string("x")]),
  ]

  private static let comparisons: [ColumnPredicate.Comparison] = [
    .less, .lessOrEqual, .equal, .greaterOrEqual, .greater,
  ]

  private static func scan(
    _ label: Symbol?, _ predicates: [ColumnPredicate], _ view: borrowing GraphView
  ) throws -> [NodeID] {
    var scan = ColumnScan(label: label, predicates: predicates)
    var reader = try view.columnReader()
    var found: [NodeID] = []
    while try scan.next(view, &reader) {
      let before = found.count
      try scan.appendSelected(to: &found, view, &reader)
      #expect(try scan.selectedCount(view, &reader) == found.count - before)
    }
    return found
  }

  private static func asked(
    _ label: Symbol?, _ predicates: [ColumnPredicate], _ view: borrowing GraphView
  ) throws -> [NodeID] {
    var found: [NodeID] = []
    for identity in 0..<view.nodeLimit {
      let node = NodeID(identity)
      guard try view.exists(node) else { continue }
      if let label, try !view.hasLabel(label, node) { continue }
      var holds = true
      for predicate in predicates where holds {
        holds = predicate.holds(for: try view.property(predicate.name, of: node))
      }
      if holds { found.append(node) }
    }
    return found
  }

  private static func compareAll(_ graph: Graph, at transaction: TransactionNumber?) throws {
    try graph.read(at: transaction) { view in
      for name in ColumnTests.names {
        guard let symbol = try view.symbol(for: name) else { continue }
        for label in [nil, try view.symbol(for: "A"), try view.symbol(for: "B")] {
          for comparison in comparisons {
            for bound in bounds {
              let predicates = [ColumnPredicate(symbol, comparison, bound)]
              let expected = try asked(label, predicates, view)
              let found = try scan(label, predicates, view)
              #expect(found == expected, "\(name) \(comparison) \(bound)")
            }
          }
        }
      }
    }
  }

  @Test("what is found is what asking each node finds")
  func everyEncoding() throws {
    let graph = try ColumnTests.graph()
    try Self.compareAll(graph, at: nil)
    try Self.compareAll(graph, at: TransactionNumber(8))
  }

  @Test("ranges that changed are asked node by node, and only these")
  func changes() throws {
    let graph = try ColumnTests.graph()
    _ = try graph.append(
      Fixture.request(
        1_000,
        [
          .setProperty(of: .node(.id(NodeID(70))), Property("floats", .integer(9))),
          .removeLabel(.id(NodeID(71)), "A"), .deleteNode(.id(NodeID(72)), detach: true),
        ]))
    try Self.compareAll(graph, at: nil)
    try Self.compareAll(graph, at: TransactionNumber(15))
    try graph.read { view in
      var scan = ColumnScan(label: try view.symbol(for: "A")!, predicates: [])
      var reader = try view.columnReader()
      while try scan.next(view, &reader) {}
      #expect((scan.readRanges, scan.askedRanges) == (1, 2))
    }
  }

  @Test("a range whose bounds rule a comparison out is not looked at")
  func zoneMaps() throws {
    try ColumnTests.graph().read { view in
      let floats = try view.symbol(for: "floats")!
      var scan = ColumnScan(
        label: nil, predicates: [ColumnPredicate(floats, .less, .float(1))])
      var reader = try view.columnReader()
      var found: [NodeID] = []
      while try scan.next(view, &reader) { try scan.appendSelected(to: &found, view, &reader) }
      #expect(found.map(\.rawValue) == [0, 1, 2])
      #expect((scan.readRanges, scan.skippedRanges, scan.askedRanges) == (1, 1, 1))
    }
  }

  @Test("sums are those of the values, several comparisons or one")
  func sums() throws {
    let graph = try ColumnTests.graph()
    try graph.read { view in
      let floats = try view.symbol(for: "floats")!
      let integers = try view.symbol(for: "all integers")!
      for predicates in [
        [], [ColumnPredicate(floats, .less, .float(30))],
        [
          ColumnPredicate(floats, .greater, .float(5)),
          ColumnPredicate(integers, .lessOrEqual, .float(1e5)),
        ],
      ] {
        for name in ColumnTests.names {
          let symbol = try view.symbol(for: name)!
          let label = try view.symbol(for: "B")!
          var expected = ColumnSum()
          for node in try Self.asked(label, predicates, view) {
            expected.add(try view.property(symbol, of: node))
          }
          var scan = ColumnScan(label: label, predicates: predicates)
          var reader = try view.columnReader()
          var sum = ColumnSum()
          while try scan.next(view, &reader) { try scan.sum(symbol, into: &sum, view, &reader) }
          let total = expected.floats + expected.correction
          #expect(abs(sum.floats + sum.correction - total) <= abs(total) * 1e-12 || total.isNaN)
          #expect(sum.integers == expected.integers)
          #expect(sum.floatCount == expected.floatCount)
          #expect(sum.integerCount == expected.integerCount)
          #expect(sum.otherCount == expected.otherCount)
          // Range by range or all at once is the same to the last bit.
          scan.rewind()
          var sums = [ColumnSum(), ColumnSum()]
          let rows = try scan.sumRest([symbol], into: &sums, view, &reader) {}
          #expect((rows == nil) == (sum.otherCount > 0))
          if rows != nil {
            #expect(sums[0].floats.bitPattern == sum.floats.bitPattern)
            #expect(sums[0].correction.bitPattern == sum.correction.bitPattern)
            #expect(sums[0].floatCount == sum.floatCount)
            #expect(sums[0].integers == sum.integers)
          }
          scan.rewind()
          #expect(try scan.sumRest([nil, symbol], into: &sums, view, &reader) {} == rows)
        }
      }
    }
  }
}
