// AS OF against stores that were copied at those moments: every answer of the grown store, as of a
// transaction, is that of the copy that was made right after it. So nothing that came later shows:
// changes, deletions, sealing, hubs, indexes.

import Base
import Foundation
import GraphWorkload
import Store
import TestSupport
import Testing

@testable import Graph

@Suite("Graph: AS OF against copies")
struct AsOfTests {
  /// Everything that a view answers, one line each.
  private static func lines(_ view: borrowing GraphView) throws -> [String] {
    var lines = ["\(view.snapshot.rawValue) \(view.nodeLimit) \(view.edgeLimit)"]
    lines.append("at \(view.committedAt.rawValue)")
    for number in 0..<view.nodeLimit { lines.append(try line(NodeID(number), view)) }
    for number in 0..<view.edgeLimit {
      let edge = EdgeID(number)
      let ends = try view.edge(edge).map { "\($0.from.rawValue) \($0.to.rawValue)" }
      let properties = try named(try view.properties(of: edge), view)
      lines.append("edge \(number) \(ends ?? "gone") \(properties)")
    }
    try addScans(view, to: &lines)
    try addIndexes(view, to: &lines)
    return lines
  }

  private static func line(_ node: NodeID, _ view: borrowing GraphView) throws -> String {
    guard try view.exists(node) else { return "node \(node.rawValue) gone" }
    let labels = try view.labels(of: node).map { try view.name(of: $0).string }.sorted()
    var edges: [AdjacentEdge] = []
    try view.expand(node, .both, types: [], into: &edges)
    let neighbours = try edges.map { edge in
      "\(try view.name(of: edge.type)) \(edge.edge.rawValue) \(edge.neighbour.rawValue)"
        + " \(edge.isOutgoing)"
    }
    let key = try view.key(of: node).map(\.string) ?? "-"
    let properties = try named(try view.properties(of: node), view)
    return "node \(node.rawValue) \(labels) \(key) \(properties) \(neighbours.sorted())"
      + " \(try view.degree(node, .both, types: []))"
  }

  private static func named(
    _ properties: [(name: Symbol, value: Value)], _ view: borrowing GraphView
  ) throws -> [String] {
    try properties.map { "\(try view.name(of: $0.name))=\($0.value)" }.sorted()
  }

  private static func addScans(_ view: borrowing GraphView, to lines: inout [String]) throws {
    for label in Workload.labels {
      guard let symbol = try view.symbol(for: label) else { continue }
      var position = ScanPosition()
      var nodes: [NodeID] = []
      while !position.isExhausted {
        try view.scanNodes(label: symbol, after: &position, into: &nodes, limit: 9)
      }
      if !nodes.isEmpty { lines.append("scan \(label) \(nodes.map(\.rawValue))") }
      for name in Workload.names {
        guard let property = try view.symbol(for: name) else { continue }
        var values: [Value] = []
        try view.gather(property, of: nodes, into: &values)
        if !nodes.isEmpty { lines.append("gather \(label) \(name) \(values)") }
      }
    }
    for type in Workload.types {
      guard let symbol = try view.symbol(for: type) else { continue }
      var position = ScanPosition()
      var edges: [EdgeEnds] = []
      while !position.isExhausted {
        try view.scanEdges(type: symbol, after: &position, into: &edges, limit: 9)
      }
      if !edges.isEmpty { lines.append("scan \(type) \(edges.map(\.edge.rawValue))") }
    }
  }

  private static func addIndexes(_ view: borrowing GraphView, to lines: inout [String]) throws {
    for index in try view.indexes() {
      let above = IndexRange.Bound(.integer(-1), isIncluded: true)
      for range in [nil, IndexRange(lower: above, upper: nil)] {
        for isDescending in [false, true] {
          var position = IndexPosition()
          var nodes: [NodeID] = []
          while !position.isExhausted {
            try view.seek(
              index, prefix: [], range: range, isDescending: isDescending, after: &position,
              into: &nodes, limit: 4)
          }
          lines.append("index \(index.definition.name) \(isDescending) \(nodes.map(\.rawValue))")
        }
      }
    }
  }

  private static func open(_ folder: String) throws -> Graph {
    try Graph.open(at: folder, surroundings: Fixture.surroundings())
  }

  @Test("a store as of a moment answers as its copy of that moment", arguments: [1, 2, 3])
  func copies(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let source = folder.path + "-source"
    let copied = (1...6).map { folder.path + "-copy\($0)" }
    defer {
      for path in copied + [source] { try? FileManager.default.removeItem(atPath: path) }
    }
    let graph = try Graph.create(
      at: source, schema: nil, surroundings: Fixture.surroundings(), layout: ModelTests.small)
    var workload = Workload(seed: seed)
    var copies: [(path: String, transaction: UInt64)] = []
    for number in 1...120 as ClosedRange<UInt64> {
      let operations =
        number == 30 || number == 50 ? [Workload.indexes[number == 30 ? 0 : 1]] : workload.next()
      _ = try graph.append(Fixture.request(number, operations))
      if number % 18 == 0, copies.count < copied.count {
        let path = copied[copies.count]
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: source + "/data.mdb", toPath: path + "/data.mdb")
        copies.append((path, number))
      }
    }
    let head = try graph.store.read { try Head($0) }
    #expect(head.sealedNodes > 0 && head.sealedEdges > 0 && head.endedNodes > 0)
    #expect(head.changedNodeRanges > 0 && head.changedEdgeRanges > 0)
    #expect(copies.count == copied.count)
    for copy in copies {
      let then = try Self.open(copy.path).read { view in try Self.lines(view) }
      let now = try graph.read(at: TransactionNumber(copy.transaction)) { view in
        try Self.lines(view)
      }
      #expect(then == now, "as of \(copy.transaction)")
    }
  }

  @Test("what was withheld later is withheld as of every moment, and nothing else changes")
  func redaction() throws {
    let folder = try TemporaryFolder()
    let (source, copy) = (folder.path + "-source", folder.path + "-copy")
    defer { for path in [source, copy] { try? FileManager.default.removeItem(atPath: path) } }
    try {
      let graph = try Graph.create(
        at: source, schema: nil, surroundings: Fixture.surroundings(), layout: ModelTests.small)
      var workload = Workload(seed: 6)
      let secret = [
        Property("note", .string("what nobody may know any more")), Property("x", .integer(7)),
      ]
      _ = try graph.append(
        Fixture.request(1_000, [.createNode(labels: ["A"], key: "SECRET", properties: secret)]))
      _ = workload.below(2)
      for number in 1...80 as ClosedRange<UInt64> {
        let label = Workload.labels[workload.below(4)]
        let other = NodeID(UInt64(workload.below(Int(number))))
        _ = try graph.append(
          Fixture.request(
            number,
            [
              .createNode(labels: [label], key: nil, properties: workload.properties()),
              .createEdge(type: "R", from: .new(0), to: .id(other), properties: []),
            ]))
      }
    }()
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: source + "/data.mdb", toPath: copy + "/data.mdb")
    let outcome = try Graph.withhold(
      "note", ofNode: "SECRET", at: source, actor: "ada", reason: "asked for",
      surroundings: Fixture.surroundings(seed: 77))
    #expect(outcome.records.count == 1)
    let (before, after) = (try Self.open(copy), try Self.open(source))
    for moment in [1, 2, 40, 70, 81] as [UInt64] {
      let then = try before.read(at: TransactionNumber(moment)) { try Self.lines($0) }
      let now = try after.read(at: TransactionNumber(moment)) { try Self.lines($0) }
      #expect(then.count == now.count)
      let different = zip(then, now).filter { $0 != $1 }
      #expect(different.count == 1)
      #expect(different.first?.0.contains("nobody may know") == true)
      #expect(!now.contains { $0.contains("nobody may know") })
    }
    #expect(try after.verify().faults == [])
  }
}
