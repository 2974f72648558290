// One path pattern of GQL as data, with its text: selectors, modes, quantified relationships and
// groups. `PathSearch` answers it by trying everything.

/// `MATCH p = selector mode (a) steps (z) RETURN` what was bound.
public struct PathQuestion: Sendable {
  public enum Selector: Sendable, Equatable {
    case all
    case any(Int)
    case shortest(Int)
    case allShortest
    case groups(Int)
    /// Cypher's functions, which choose as ANY SHORTEST and ALL SHORTEST do.
    case shortestPath
    case allShortestPaths
  }

  public enum Mode: String, Sendable, CaseIterable {
    case trail = "TRAIL"
    case acyclic = "ACYCLIC"
    case simple = "SIMPLE"
    case walk = "WALK"
  }

  struct Node: Sendable {
    var name: String?
    var label: String?
  }

  struct Hop: Sendable {
    var name: String?
    /// 0 along the arrow, 1 against it, 2 either way.
    var direction: Int
    var type: String?
  }

  struct Group: Sendable {
    var nodes: [Node]
    var hops: [Hop]
    /// `first.i < last.i`, or `first.i <> last.i`.
    var condition: String?
  }

  enum Step: Sendable {
    case hop(Hop)
    case run(Hop, low: Int, high: Int?)
    case group(Group, low: Int, high: Int?)
  }

  public var selector = Selector.all
  /// Without one it is a trail.
  var mode: Mode?
  var nodes: [Node] = []
  var steps: [Step] = []
  /// `WHERE length(p) > leastLength`, applied to what the selector chose.
  var leastLength: Int?

  // MARK: Text

  public var text: String {
    "MATCH \(pattern)" + (leastLength.map { " WHERE length(p) > \($0)" } ?? "") + " RETURN "
      + columns.map(\.text).joined(separator: ", ")
  }

  /// The columns after the path's nodes and edges: one list per variable, in the order of names.
  var names: [String] { columns.dropFirst(2).map(\.name) }

  private var columns: [(name: String, text: String)] {
    var found: [String: String] = [:]
    for node in nodes { if let name = node.name { found[name] = "[\(name).i]" } }
    for step in steps {
      switch step {
      case .hop(let hop): if let name = hop.name { found[name] = "[\(name).i]" }
      case .run(let hop, _, _): if let name = hop.name { found[name] = Self.list(name) }
      case .group(let group, _, _):
        for name in group.nodes.map(\.name) + group.hops.map(\.name) {
          if let name { found[name] = Self.list(name) }
        }
      }
    }
    return [
      (name: "p", text: "[x IN nodes(p) | x.i] AS ns"),
      (name: "p", text: "[x IN relationships(p) | x.i] AS es"),
    ] + found.sorted { $0.key < $1.key }.map { (name: $0.key, text: "\($0.value) AS \($0.key)s") }
  }

  private static func list(_ name: String) -> String { "[x IN \(name) | x.i]" }

  private var pattern: String {
    var chain = Self.text(nodes[0])
    for (step, node) in zip(steps, nodes.dropFirst()) {
      chain += text(step) + Self.text(node)
    }
    let mode = mode.map { "\($0.rawValue) " } ?? ""
    switch selector {
    case .all: return "p = \(mode)\(chain)"
    case .any(1): return "p = ANY \(mode)\(chain)"
    case .any(let count): return "p = ANY \(count) \(mode)\(chain)"
    case .shortest(1): return "p = ANY SHORTEST \(mode)\(chain)"
    case .shortest(let count): return "p = SHORTEST \(count) \(mode)\(chain)"
    case .allShortest: return "p = ALL SHORTEST \(mode)\(chain)"
    case .groups(let count): return "p = SHORTEST \(count) \(mode)GROUPS \(chain)"
    case .shortestPath: return "p = shortestPath(\(chain))"
    case .allShortestPaths: return "p = allShortestPaths(\(chain))"
    }
  }

  private static func text(_ node: Node) -> String {
    "(\(node.name ?? "")\(node.label.map { ":" + $0 } ?? ""))"
  }

  private static func text(_ hop: Hop, _ inner: String = "") -> String {
    (hop.direction == 1 ? "<-[" : "-[") + (hop.name ?? "") + (hop.type.map { ":" + $0 } ?? "")
      + inner + (hop.direction == 0 ? "]->" : "]-")
  }

  private func text(_ step: Step) -> String {
    switch step {
    case .hop(let hop): return Self.text(hop)
    case .run(let hop, let low, let high):
      if selector == .shortestPath || selector == .allShortestPaths {
        return Self.text(hop, "*\(low)..\(high.map(String.init) ?? "")")
      }
      return Self.text(hop) + Self.quantifier(low, high)
    case .group(let group, let low, let high):
      var inner = Self.text(group.nodes[0])
      for (hop, node) in zip(group.hops, group.nodes.dropFirst()) {
        inner += Self.text(hop) + Self.text(node)
      }
      if let condition = group.condition { inner += " WHERE \(condition)" }
      return "(\(inner))" + Self.quantifier(low, high)
    }
  }

  private static func quantifier(_ low: Int, _ high: Int?) -> String {
    switch (low, high) {
    case (0, nil): "*"
    case (1, nil): "+"
    case (let low, nil): "{\(low),}"
    case (let low, let high?) where low == high: "{\(low)}"
    case (0, let high?): "{,\(high)}"
    case (let low, let high?): "{\(low),\(high)}"
    }
  }
}
