// Reads through `GraphView`, each asked of many nodes.

import Base
import Graph

/// Measures reads of a synthetic history.
struct Readings {
  let graph: Graph
  let experiments: UInt64

  func measure() throws {
    var random = SplitMix64(seed: 5)
    let nodes = (0..<10_000).map { _ in History.proposal(random.next() % experiments) }
    try points(nodes)
    try graph.read { view in
      let executes = try view.symbol(for: "CRITIQUES")!
      var edges: [AdjacentEdge] = []
      try Timing.report("expand one type", rounds: 9, per: nodes.count) {
        for node in nodes {
          edges.removeAll(keepingCapacity: true)
          try view.expand(node, .incoming, types: [executes], into: &edges)
        }
      }
      try Timing.report("expand all types", rounds: 9, per: nodes.count) {
        for node in nodes {
          edges.removeAll(keepingCapacity: true)
          try view.expand(node, .both, types: [], into: &edges)
        }
      }
      try closure(view, "closure of the ancestors, per node met")
    }
    try asOf(nodes)
    try scans()
  }

  private func points(_ nodes: [NodeID]) throws {
    try graph.read { view in
      let batch = try view.symbol(for: "batch")!
      let lr = try view.symbol(for: "lr")!
      var total = 0.0
      try Timing.report("property of a node", rounds: 9, per: nodes.count) {
        for node in nodes {
          if case .float(let value) = try view.property(lr, of: node) { total += value }
        }
      }
      var values: [Value] = []
      try Timing.report("gather, per value", rounds: 9, per: nodes.count) {
        values.removeAll(keepingCapacity: true)
        try view.gather(batch, of: nodes, into: &values)
      }
      let keys = try nodes.prefix(2_000).map { try view.key(of: $0)! }
      try Timing.report("node by key", rounds: 9, per: keys.count) {
        for key in keys { _ = try view.node(key: key) }
      }
    }
    try Timing.report("snapshot and two properties", rounds: 9, per: nodes.count) {
      for node in nodes {
        try graph.read { view in
          let batch = try view.symbol(for: "batch")!
          _ = try view.property(batch, of: node)
          _ = try view.property(batch, of: node)
        }
      }
    }
  }

  /// The same reads, in turn, now and as of a transaction right before the present, whose chunks
  /// have not changed since: what AS OF itself costs.
  private func asOf(_ nodes: [NodeID]) throws {
    try graph.read { now in
      try graph.read(at: TransactionNumber(experiments)) { past in
        let lr = try now.symbol(for: "lr")!
        try inTurn("property of a node", per: nodes.count, now, past) { view in
          for node in nodes { _ = try view.property(lr, of: node) }
        }
        let critiques = try now.symbol(for: "CRITIQUES")!
        var edges: [AdjacentEdge] = []
        try inTurn("expand one type", per: nodes.count, now, past) { view in
          for node in nodes {
            edges.removeAll(keepingCapacity: true)
            try view.expand(node, .incoming, types: [critiques], into: &edges)
          }
        }
        var closure = Closure(now)
        let met = try closure.run(now, derived: try now.symbol(for: "DERIVED_FROM")!, experiments)
        try inTurn("closure", per: met, now, past) { view in
          _ = try closure.run(view, derived: try view.symbol(for: "DERIVED_FROM")!, experiments)
        }
        let eval = try now.symbol(for: "Eval")!
        var scanned: [NodeID] = []
        try inTurn("scan of a label", per: try now.nodeCount(label: eval), now, past) { view in
          var position = ScanPosition()
          while !position.isExhausted {
            scanned.removeAll(keepingCapacity: true)
            try view.scanNodes(label: eval, after: &position, into: &scanned, limit: 2048)
          }
        }
      }
    }
  }

  /// Prints the least time of the same reads of two snapshots, which take turns.
  private func inTurn(
    _ name: String, per count: Int, _ now: borrowing GraphView, _ past: borrowing GraphView,
    _ body: (borrowing GraphView) throws -> Void
  ) rethrows {
    var best = (now: Double.infinity, past: Double.infinity)
    for _ in 0..<29 {
      let start = Timing.now()
      try body(now)
      let middle = Timing.now()
      try body(past)
      best.now = min(best.now, middle - start)
      best.past = min(best.past, Timing.now() - middle)
    }
    print(
      "\(name): now \(Timing.shown(best.now / Double(count))), as of an earlier transaction "
        + "\(Timing.shown(best.past / Double(count)))")
  }

  private func closure(_ view: borrowing GraphView, _ name: String) throws {
    let derived = try view.symbol(for: "DERIVED_FROM")!
    var closure = Closure(view)
    let met = try closure.run(view, derived: derived, experiments)
    try Timing.report("\(name) (\(met) nodes)", rounds: 9, per: met) {
      _ = try closure.run(view, derived: derived, experiments)
    }
  }

  private func scans() throws {
    try graph.read { view in
      let eval = try view.symbol(for: "Eval")!
      var nodes: [NodeID] = []
      let count = try view.nodeCount(label: eval)
      try Timing.report("scan of a label, per node", rounds: 9, per: count) {
        var position = ScanPosition()
        while !position.isExhausted {
          nodes.removeAll(keepingCapacity: true)
          try view.scanNodes(label: eval, after: &position, into: &nodes, limit: 2048)
        }
      }
      let index = try view.indexes()[0]
      try Timing.report("top ten of an index", rounds: 99) {
        var position = IndexPosition()
        nodes.removeAll(keepingCapacity: true)
        try view.seek(
          index, prefix: [.string("accuracy")], range: nil, isDescending: true,
          after: &position, into: &nodes, limit: 10)
      }
    }
  }
}

/// A breadth-first search over packed adjacency with epochs of visits.
private struct Closure {
  private var visited: [UInt32]
  private var epoch: UInt32 = 0
  private var queue: [NodeID] = []
  private var edges: [AdjacentEdge] = []

  init(_ view: borrowing GraphView) {
    visited = [UInt32](repeating: 0, count: Int(view.nodeLimit))
  }

  /// Meets the ancestors of one of the last proposals; returns how many these are, itself included.
  mutating func run(
    _ view: borrowing GraphView, derived: Symbol, _ experiments: UInt64
  ) throws -> Int {
    epoch += 1
    queue.removeAll(keepingCapacity: true)
    queue.append(History.proposal(experiments - 10))
    var next = 0
    while next < queue.count {
      edges.removeAll(keepingCapacity: true)
      try view.expand(queue[next], .outgoing, types: [derived], into: &edges)
      next += 1
      for edge in edges where visited[Int(edge.neighbour.rawValue)] != epoch {
        visited[Int(edge.neighbour.rawValue)] = epoch
        queue.append(edge.neighbour)
      }
    }
    return queue.count
  }
}
