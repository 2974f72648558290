// Histograms from samples against counting every node, and against what is said of their error.

import Base
import Testing

@testable import Graph

@Suite("Graph: histograms")
struct HistogramTests {
  private static let nodes = 20_000

  /// Numbers that grow with their node, that alternate, that are seldom there, and texts.
  private static func graph() throws -> Graph {
    let graph = try Graph.inMemory(
      schema: nil, surroundings: Fixture.surroundings(), layout: ModelTests.small)
    var random = SplitMix64(seed: 3)
    for first in stride(from: 0, to: nodes, by: 5_000) {
      let operations: [Operation] = (first..<first + 5_000).map { number in
        var properties = [
          Property("grows", .integer(Int64(number))),
          Property("alternates", .integer(Int64(number % 2))),
          Property("skewed", .float(random.unitInterval() * random.unitInterval())),
          Property("word", .string(Text("word \(random.next() % 50)"))),
        ]
        if number % 20 == 0 { properties.append(Property("seldom", .integer(1))) }
        return .createNode(
          labels: number % 3 == 0 ? ["A", "B"] : ["B"], key: nil, properties: properties)
      }
      _ = try graph.append(Fixture.request(UInt64(first), operations))
    }
    return graph
  }

  @Test("shares are those of all nodes, within the error that is stated")
  func shares() throws {
    try Self.graph().read { view in
      for (label, name) in [
        ("B", "grows"), ("B", "alternates"), ("A", "skewed"), ("B", "seldom"), ("A", "word"),
      ] {
        let label = try view.symbol(for: Text(label))!
        let property = try view.symbol(for: Text(name))!
        let histogram = try view.histogram(of: property, label: label)
        #expect(histogram.asked > 900 && histogram.asked <= 2 * ValueHistogram.sampleSize)
        #expect(try view.histogram(of: property, label: label) == histogram)
        var all: [NodeID] = []
        var position = ScanPosition()
        try view.scanNodes(label: label, after: &position, into: &all, limit: .max)
        var values: [Value] = []
        try view.gather(property, of: all, into: &values)
        let bounds = values.filter { !$0.isNull }.enumerated().filter { $0.offset % 97 == 0 }
        for bound in bounds.map(\.element) {
          for comparison in [ColumnPredicate.Comparison.less, .greaterOrEqual] {
            let predicate = ColumnPredicate(property, comparison, bound)
            let exact = Double(values.count { predicate.holds(for: $0) }) / Double(values.count)
            let share = histogram.share(satisfying: [predicate])
            #expect(
              abs(share - exact) <= ValueHistogram.error, "\(name) \(comparison) \(bound)")
          }
        }
      }
    }
  }

  @Test("of few nodes all are asked, of none nothing is said")
  func few() throws {
    let graph = try Graph.inMemory(schema: nil, surroundings: Fixture.surroundings())
    _ = try graph.append(
      Fixture.request(
        1,
        [3.0, 1.0, 2.0].map { number in
          .createNode(labels: ["A"], key: nil, properties: [Property("x", .float(number))])
        } + [.createNode(labels: ["A", "C"], key: nil, properties: [])]))
    _ = try graph.append(Fixture.request(2, [.deleteNode(.id(NodeID(0)), detach: false)]))
    try graph.read { view in
      let (label, property) = (try view.symbol(for: "A")!, try view.symbol(for: "x")!)
      let histogram = try view.histogram(of: property, label: label)
      #expect((histogram.asked, histogram.bounds) == (3, [.float(1), .float(2)]))
      #expect(try view.countedProperties(label: label) == [property])
      let empty = try view.histogram(of: property, label: try view.symbol(for: "C")!)
      #expect((empty.asked, empty.presence, empty.bounds) == (1, 0, []))
    }
    // As it was before: all of them.
    try graph.read(at: TransactionNumber(1)) { view in
      let (label, property) = (try view.symbol(for: "A")!, try view.symbol(for: "x")!)
      #expect(try view.histogram(of: property, label: label).asked == 4)
    }
  }
}
