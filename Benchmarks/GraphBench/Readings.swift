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

  /// The same reads now and as of a transaction right before the present, whose chunks have not
  /// changed since: what AS OF itself costs. The first transaction is the schema.
  private func asOf(_ nodes: [NodeID]) throws {
    for transaction in [nil, TransactionNumber(experiments)] {
      let when = transaction == nil ? "now" : "as of an earlier transaction"
      try graph.read(at: transaction) { view in
        let lr = try view.symbol(for: "lr")!
        try Timing.report("property of a node, \(when)", rounds: 19, per: nodes.count) {
          for node in nodes { _ = try view.property(lr, of: node) }
        }
        let critiques = try view.symbol(for: "CRITIQUES")!
        var edges: [AdjacentEdge] = []
        try Timing.report("expand one type, \(when)", rounds: 19, per: nodes.count) {
          for node in nodes {
            edges.removeAll(keepingCapacity: true)
            try view.expand(node, .incoming, types: [critiques], into: &edges)
          }
        }
        try closure(view, "closure, \(when),")
        let eval = try view.symbol(for: "Eval")!
        var scanned: [NodeID] = []
        let count = try view.nodeCount(label: eval)
        try Timing.report("scan of a label, \(when)", rounds: 19, per: count) {
          var position = ScanPosition()
          while !position.isExhausted {
            scanned.removeAll(keepingCapacity: true)
            try view.scanNodes(label: eval, after: &position, into: &scanned, limit: 2048)
          }
        }
      }
    }
  }

  /// A breadth-first search over packed adjacency with epochs of visits.
  private func closure(_ view: borrowing GraphView, _ name: String) throws {
    let derived = try view.symbol(for: "DERIVED_FROM")!
    var visited = [UInt32](repeating: 0, count: Int(view.nodeLimit))
    var epoch: UInt32 = 0
    var queue: [NodeID] = []
    var edges: [AdjacentEdge] = []
    let start = History.proposal(experiments - 10)
    var met = 0
    func run(_ direction: Direction) throws {
      epoch += 1
      queue.removeAll(keepingCapacity: true)
      queue.append(start)
      var next = 0
      while next < queue.count {
        edges.removeAll(keepingCapacity: true)
        try view.expand(queue[next], direction, types: [derived], into: &edges)
        next += 1
        for edge in edges where visited[Int(edge.neighbour.rawValue)] != epoch {
          visited[Int(edge.neighbour.rawValue)] = epoch
          queue.append(edge.neighbour)
        }
      }
      met = queue.count
    }
    try run(.outgoing)
    try Timing.report("\(name) (\(met) nodes)", rounds: 9, per: met) { try run(.outgoing) }
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
