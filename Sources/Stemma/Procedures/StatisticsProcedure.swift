// `db.statistics()`: what the store knows of its own contents, as the planner sees it.

import Base
import Executor
import Graph
import Planner

/// Counts, degrees, distinct values and histograms, one row for each thing that is counted.
enum StatisticsProcedure {
  static let entry = BuiltInProcedures.entry(
    "db.statistics",
    outputs: [
      ("kind", "STRING"), ("name", "STRING"), ("property", "STRING?"), ("count", "INTEGER"),
      ("distinct", "INTEGER?"), ("histogram", "LIST OF ANY"), ("error", "STRING"),
    ],
    "how many there are of what, how many edges nodes have, and how values are spread"
  ) { _, graph, run in try rows(graph, run) }

  private static let exact: Value = .text("exact")
  /// Values are counted by sketches and sampled.
  private static let estimated: Value = .text("distinct ±3.3 %, count and histogram ±4.8 %")
  /// The bounds that are shown: one for each tenth of the values, and the first.
  private static let shownBounds = 10

  private static func rows(
    _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [[Value]] {
    var rows: [[Value]] = []
    for label in try graph.labelsInUse() {
      let name = Value.string(try graph.name(of: label))
      let count = try graph.nodeCount(label: label)
      rows.append([.text("node"), name, .null, integer(count), .null, .list([]), exact])
      for property in try graph.countedProperties(label: label) {
        try run.tick(work: ValueHistogram.sampleSize)
        let histogram = try graph.histogram(of: property, label: label)
        rows.append([
          .text("node property"), name, .string(try graph.name(of: property)),
          integer(Int((histogram.presence * Double(count)).rounded())),
          integer(try graph.distinctValues(of: property, label: label)),
          .list(shown(histogram)), estimated,
        ])
      }
    }
    for type in try graph.edgeTypesInUse() { try append(type, to: &rows, graph) }
    for index in try graph.indexes() {
      rows.append([
        .text("index"), .string(index.definition.name), .null, integer(index.entryCount),
        integer(index.distinctFirstValues), .list([]), exact,
      ])
    }
    return rows
  }

  /// The edges of a type: how many nodes have 1, 2 to 3, 4 to 7 and so on of them, starting there
  /// and ending there; then their properties.
  private static func append(
    _ type: Symbol, to rows: inout [[Value]], _ graph: borrowing GraphView
  ) throws {
    let name = Value.string(try graph.name(of: type))
    let count = integer(try graph.edgeCount(type: type))
    for (kind, incoming) in [("edges out", false), ("edges in", true)] {
      let degrees = try graph.degrees(type: type, incoming: incoming)
      rows.append([
        .text(kind), name, .null, count, integer(Int(clamping: degrees.nodesWithEdges)),
        .list(degrees.nodes.map { integer(Int(clamping: $0)) }), exact,
      ])
    }
    for property in try graph.countedProperties(type: type) {
      rows.append([
        .text("edge property"), name, .string(try graph.name(of: property)), count,
        integer(try graph.distinctValues(of: property, type: type)), .list([]),
        .text("distinct ±3.3 %"),
      ])
    }
  }

  private static func shown(_ histogram: ValueHistogram) -> [Value] {
    let bounds = histogram.bounds
    if bounds.count <= shownBounds + 1 { return bounds }
    return (0...shownBounds).map { bounds[$0 * (bounds.count - 1) / shownBounds] }
  }

  private static func integer(_ count: Int?) -> Value { count.map { .integer(Int64($0)) } ?? .null }
}
