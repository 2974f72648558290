// A naive matcher: walks the pattern in the order of its text and tries everything. Slow, small and
// with nothing in common with the engine, so that the two cannot be wrong together.

import Base

/// A small graph in plain dictionaries.
struct ReferenceGraph {
  struct Node {
    var id: Int
    var labels: Set<String>
    var value: Int?
  }

  struct Edge {
    var id: Int
    var from: Int
    var to: Int
    var type: String
    var value: Int?
  }

  var nodes: [Node]
  var edges: [Edge]

  init(random: inout SplitMix64) {
    let count = Int.random(in: 1...6, using: &random)
    nodes = (0..<count).map { id in
      Node(
        id: id, labels: Set(["A", "B"].filter { _ in Bool.random(using: &random) }),
        value: Bool.random(using: &random) ? Int.random(in: 0...2, using: &random) : nil)
    }
    edges = (0..<Int.random(in: 0...9, using: &random)).map { id in
      Edge(
        id: id, from: Int.random(in: 0..<count, using: &random),
        to: Int.random(in: 0..<count, using: &random),
        type: Bool.random(using: &random) ? "R" : "S",
        value: Bool.random(using: &random) ? Int.random(in: 0...2, using: &random) : nil)
    }
  }

  /// The statement that makes it in an empty store.
  var creation: String {
    let made = nodes.map { node in
      "(n\(node.id)\(node.labels.sorted().map { ":" + $0 }.joined())"
        + " {i: \(node.id)\(node.value.map { ", v: \($0)" } ?? "")})"
    }
    let joined = edges.map { edge in
      "(n\(edge.from))-[:\(edge.type) {i: \(edge.id)\(edge.value.map { ", v: \($0)" } ?? "")}]->"
        + "(n\(edge.to))"
    }
    return "CREATE " + (made + joined).joined(separator: ", ")
  }
}

/// A chain of nodes and relationships, as text and as data.
struct ReferencePattern {
  struct Node {
    var name: String
    var label: String?
    var value: Int?
  }

  struct Step {
    var name: String
    /// 0 along the arrow, 1 against it, 2 either way.
    var direction: Int
    var type: String?
    var value: Int?
    /// Bounds of a variable length.
    var length: ClosedRange<Int>?
  }

  var nodes: [Node]
  var steps: [Step]

  /// A random chain; names of nodes are few, so that they meet again. `prefix` keeps the names of
  /// relationships apart.
  init(prefix: String, names: [String], random: inout SplitMix64) {
    let length = Int.random(in: 0...3, using: &random)
    nodes = (0...length).map { _ in
      Node(
        name: names.randomElement(using: &random) ?? "a",
        label: Int.random(in: 0..<4, using: &random) == 0 ? "A" : nil,
        value: Int.random(in: 0..<6, using: &random) == 0 ? 1 : nil)
    }
    steps = (0..<length).map { index in
      let low = Int.random(in: 0...2, using: &random)
      return Step(
        name: "\(prefix)\(index)", direction: Int.random(in: 0...2, using: &random),
        type: [nil, "R", "S"].randomElement(using: &random) ?? nil,
        value: Int.random(in: 0..<6, using: &random) == 0 ? 1 : nil,
        length: Int.random(in: 0..<3, using: &random) == 0
          ? low...(low + Int.random(in: 0...2, using: &random)) : nil)
    }
  }

  var text: String {
    var text = Self.text(nodes[0])
    for (step, node) in zip(steps, nodes.dropFirst()) {
      let type = step.type.map { ":" + $0 } ?? ""
      let range = step.length.map { "*\($0.lowerBound)..\($0.upperBound)" } ?? ""
      let properties = step.value.map { " {v: \($0)}" } ?? ""
      text +=
        (step.direction == 1 ? "<-" : "-") + "[\(step.name)\(type)\(range)\(properties)]"
        + (step.direction == 0 ? "->" : "-") + Self.text(node)
    }
    return text
  }

  private static func text(_ node: Node) -> String {
    let label = node.label.map { ":" + $0 } ?? ""
    let properties = node.value.map { " {v: \($0)}" } ?? ""
    return "(\(node.name)\(label)\(properties))"
  }
}

/// A match: nodes by name, and the edges of each relationship.
struct ReferenceRow: Hashable {
  var nodes: [String: Int] = [:]
  var edges: [String: [Int]] = [:]
}

/// Matches chains one after the other, with no edge used twice.
struct ReferenceMatcher {
  let graph: ReferenceGraph

  func matches(_ patterns: [ReferencePattern], from start: ReferenceRow) -> [ReferenceRow] {
    var rows = [(row: start, used: Set<Int>())]
    for pattern in patterns {
      rows = rows.flatMap { entry in
        graph.nodes.flatMap { node in
          bind(pattern, 0, node.id, entry.row, entry.used)
        }
      }
    }
    return rows.map(\.row)
  }

  private func bind(
    _ pattern: ReferencePattern, _ index: Int, _ id: Int, _ row: ReferenceRow, _ used: Set<Int>
  ) -> [(row: ReferenceRow, used: Set<Int>)] {
    let wanted = pattern.nodes[index]
    let node = graph.nodes[id]
    if let bound = row.nodes[wanted.name], bound != id { return [] }
    if let label = wanted.label, !node.labels.contains(label) { return [] }
    if let value = wanted.value, node.value != value { return [] }
    var row = row
    row.nodes[wanted.name] = id
    guard index < pattern.steps.count else { return [(row, used)] }
    let step = pattern.steps[index]
    return trails(from: id, step, used, step.length ?? 1...1).flatMap { end, edges in
      var next = row
      next.edges[step.name] = edges
      return bind(pattern, index + 1, end, next, used.union(edges))
    }
  }

  private func trails(
    from node: Int, _ step: ReferencePattern.Step, _ used: Set<Int>, _ length: ClosedRange<Int>
  ) -> [(end: Int, edges: [Int])] {
    var found: [(end: Int, edges: [Int])] = []
    func walk(_ node: Int, _ edges: [Int]) {
      if length.contains(edges.count) { found.append((node, edges)) }
      guard edges.count < length.upperBound else { return }
      for edge in graph.edges where !used.contains(edge.id) && !edges.contains(edge.id) {
        if let type = step.type, edge.type != type { continue }
        if let value = step.value, edge.value != value { continue }
        if step.direction != 1, edge.from == node {
          walk(edge.to, edges + [edge.id])
        } else if step.direction != 0, edge.to == node {
          walk(edge.from, edges + [edge.id])
        }
        if step.direction == 2, edge.from == node, edge.to != node { continue }
      }
    }
    walk(node, [])
    return found
  }
}
