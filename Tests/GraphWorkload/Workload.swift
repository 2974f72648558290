// A seeded workload: requests that are valid for the state they are made for.

package import Base
package import Graph

/// Makes random requests against a model of the graph.
package struct Workload {
  package static let labels: [Text] = ["A", "B", "C", "Ünïcode"]
  package static let types: [Text] = ["R", "S", "T"]
  package static let names: [Text] = ["x", "y", "z"]

  package static let indexes: [Operation] = [
    .createIndex(IndexDefinition(name: "ax", label: "A", properties: ["x"])),
    .createIndex(IndexDefinition(name: "bxy", label: "B", properties: ["x", "y"])),
  ]

  package var random: SplitMix64
  package var state = ModelState()
  package var history: [ModelState] = [ModelState()]
  private var nextKey = 0

  package init(seed: UInt64) { random = SplitMix64(seed: seed) }

  package mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

  package mutating func value() -> Value {
    switch below(12) {
    case 0: .float(Double(below(8)) / 2)
    case 1: .string(Text(String(repeating: "s", count: below(4))))
    case 2: .string(Text(String(repeating: "long", count: 120) + "\(below(3))"))
    case 3: .boolean(below(2) == 0)
    case 4: .float(.nan)
    case 5: .list([.integer(Int64(below(3))), .null])
    case 6: .date(CalendarDate(daysSinceEpoch: Int64(below(4) - 2)))
    case 7: .integer(Int64.max - Int64(below(2)))
    default: .integer(Int64(below(6) - 3))
    }
  }

  package mutating func properties() -> [Property] {
    var result: [Property] = []
    for name in Self.names where below(2) == 0 { result.append(Property(name, value())) }
    return result
  }

  /// One to eight operations, each valid after the ones before; the state is moved on.
  package mutating func next() -> [Operation] {
    state.transaction += 1
    var operations: [Operation] = []
    for _ in 0...below(8) {
      guard let operation = operation() else { continue }
      state.apply(operation)
      operations.append(operation)
    }
    history.append(state)
    return operations
  }

  /// A transaction that changes no data.
  package mutating func pass() {
    state.transaction += 1
    history.append(state)
  }

  /// Forgets the last transaction, which changed nothing.
  package mutating func takeBack() {
    history.removeLast()
    state = history.last!
  }

  /// The next request: one of them, soon after the beginning, makes an index. The n-th has the
  /// number n + 1, and becomes transaction n.
  package mutating func nextRequest() -> TransactionRequest {
    let number = state.transaction + 2
    if number == 6 {
      pass()
      return Self.request(number, [Self.indexes[0]])
    }
    return Self.request(number, next())
  }

  package static func request(_ number: UInt64, _ operations: [Operation]) -> TransactionRequest {
    TransactionRequest(
      requestID: RequestID(high: 7, low: number), actor: "test", reason: "a test",
      operations: operations)
  }

  private mutating func operation() -> Operation? {
    let nodes = state.nodes.keys.sorted()
    if nodes.count < 3 || below(100) < 30 { return createNode() }
    let node = NodeReference.id(NodeID(nodes[below(nodes.count)]))
    let edges = state.edges.keys.sorted()
    switch below(100) {
    case 0..<40:
      // Half of the edges meet one hub, so that segments fill.
      let other = NodeID(below(2) == 0 ? nodes[0] : nodes[below(nodes.count)])
      let type = Self.types[below(Self.types.count)]
      return below(2) == 0
        ? .createEdge(type: type, from: node, to: .id(other), properties: properties())
        : .createEdge(type: type, from: .id(other), to: node, properties: properties())
    case 40..<62:
      let value = below(4) == 0 ? Value.null : value()
      return .setProperty(of: .node(node), Property(Self.names[below(3)], value))
    case 62..<70: return .addLabel(node, Self.labels[below(Self.labels.count)])
    case 70..<76: return .removeLabel(node, Self.labels[below(Self.labels.count)])
    case 76..<84 where !edges.isEmpty:
      let edge = EdgeID(edges[below(edges.count)])
      let value = below(4) == 0 ? Value.null : value()
      return .setProperty(of: .edge(.id(edge)), Property(Self.names[below(3)], value))
    case 84..<92 where !edges.isEmpty:
      return .deleteEdge(.id(EdgeID(edges[below(edges.count)])))
    case 92..<96:
      // The hub stays.
      let victim = nodes[1 + below(nodes.count - 1)]
      return .deleteNode(.id(NodeID(victim)), detach: true)
    default: return nil
    }
  }

  private mutating func createNode() -> Operation {
    var labels: [Text] = []
    for label in Self.labels where below(3) == 0 { labels.append(label) }
    var key: Text?
    if below(3) == 0 {
      nextKey += 1
      key = Text("K\(nextKey)")
    }
    return .createNode(labels: labels, key: key, properties: properties())
  }
}
