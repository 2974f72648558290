// A small graph in plain dictionaries, and the statement that makes it in an empty store.

public import Base

/// Nodes and edges by number; the number is also their property `i`.
public struct NaiveGraph: Sendable {
  public struct Node: Sendable {
    public var labels: Set<String>
    public var properties: [String: NaiveValue]
  }

  public struct Edge: Sendable {
    public var from: Int
    public var to: Int
    public var type: String
    public var properties: [String: NaiveValue]
  }

  public var nodes: [Int: Node] = [:]
  public var edges: [Int: Edge] = [:]

  static let labels = ["A", "B", "C"]
  static let types = ["R", "S"]

  /// A random graph of one to six nodes.
  public init(random: inout SplitMix64) {
    let count = Int.random(in: 1...6, using: &random)
    for number in 0..<count {
      var properties: [String: NaiveValue] = ["i": .integer(Int64(number))]
      if random.chance(2, in: 3) {
        properties["v"] = .integer(Int64.random(in: -1...3, using: &random))
      }
      if random.chance(1, in: 2) { properties["s"] = .text(random.pick(["a", "b", "ab", ""])) }
      if random.chance(1, in: 2) {
        properties["f"] = .float(Double(Int.random(in: -3...3, using: &random)) + 0.5)
      }
      if random.chance(1, in: 2) { properties["d"] = .date(Self.date(&random)) }
      if random.chance(1, in: 3) { properties["b"] = .boolean(random.chance(1, in: 2)) }
      if random.chance(1, in: 2) {
        properties["l"] = .list(
          (0..<Int.random(in: 0...3, using: &random)).map { _ in
            .integer(Int64.random(in: 0...2, using: &random))
          })
      }
      properties["m"] = random.pick([
        nil, .integer(1), .float(1.5), .text("a"), .boolean(true), .list([.integer(1)]),
      ])
      nodes[number] = Node(
        labels: Set(Self.labels.filter { _ in random.chance(1, in: 2) }), properties: properties)
    }
    for number in 0..<Int.random(in: 0...8, using: &random) {
      var properties: [String: NaiveValue] = ["i": .integer(Int64(number))]
      if random.chance(1, in: 2) {
        properties["w"] = .integer(Int64.random(in: 0...2, using: &random))
      }
      edges[number] = Edge(
        from: Int.random(in: 0..<count, using: &random),
        to: Int.random(in: 0..<count, using: &random), type: random.pick(Self.types),
        properties: properties)
    }
  }

  /// Days around the ends of months and years.
  static func date(_ random: inout SplitMix64) -> NaiveDate {
    let start = random.pick([
      NaiveDate(year: 2024, month: 2, day: 29), NaiveDate(year: 2023, month: 12, day: 31),
      NaiveDate(year: 1970, month: 1, day: 1), NaiveDate(year: 2023, month: 2, day: 28),
    ])
    return start.adding(months: 0, days: Int.random(in: -2...2, using: &random))
  }

  /// One CREATE for all of it.
  public var creation: String {
    let made = nodes.sorted { $0.key < $1.key }.map { number, node in
      "(n\(number)\(node.labels.sorted().map { ":" + $0 }.joined()) "
        + Self.text(node.properties) + ")"
    }
    let joined = edges.sorted { $0.key < $1.key }.map { _, edge in
      "(n\(edge.from))-[:\(edge.type) \(Self.text(edge.properties))]->(n\(edge.to))"
    }
    return "CREATE " + (made + joined).joined(separator: ", ")
  }

  private static func text(_ properties: [String: NaiveValue]) -> String {
    "{"
      + properties.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.literal)" }
      .joined(separator: ", ") + "}"
  }

  /// The whole content without identities, for comparison with a store.
  public var content: [String] {
    let nodes = nodes.mapValues { node in
      node.labels.sorted().joined(separator: ":") + " " + Self.text(node.properties)
    }
    let edges = edges.values.map { edge in
      "(\(nodes[edge.from] ?? "?"))-[\(edge.type) \(Self.text(edge.properties))]->"
        + "(\(nodes[edge.to] ?? "?"))"
    }
    return nodes.values.sorted() + edges.sorted()
  }

  public static var empty: NaiveGraph { NaiveGraph() }

  private init() {}

  public mutating func add(node: Int, labels: [String], properties: [String: NaiveValue]) {
    nodes[node] = Node(labels: Set(labels), properties: properties)
  }

  public mutating func add(
    edge: Int, type: String, from: Int, to: Int, properties: [String: NaiveValue]
  ) {
    edges[edge] = Edge(from: from, to: to, type: type, properties: properties)
  }

  /// Whether the properties `i` still tell nodes, and edges, apart.
  public var isNumbered: Bool {
    func areDistinct(_ all: [[String: NaiveValue]]) -> Bool {
      let numbers = all.compactMap { $0["i"] }
      return numbers.count == all.count && Set(numbers).count == all.count
    }
    return areDistinct(nodes.values.map(\.properties))
      && areDistinct(edges.values.map(\.properties))
  }

  /// The same graph with `i` as the number of every node and edge.
  public var renumbered: NaiveGraph {
    func number(_ properties: [String: NaiveValue]) -> Int {
      if case .integer(let number)? = properties["i"] { return Int(number) }
      return -1
    }
    var graph = NaiveGraph()
    for node in nodes.values { graph.nodes[number(node.properties)] = node }
    for edge in edges.values {
      var moved = edge
      moved.from = number(nodes[edge.from]?.properties ?? [:])
      moved.to = number(nodes[edge.to]?.properties ?? [:])
      graph.edges[number(edge.properties)] = moved
    }
    return graph
  }

  func property(_ name: String, of value: NaiveValue) throws -> NaiveValue {
    switch value {
    case .null: .null
    case .node(let number): nodes[number]?.properties[name] ?? .null
    case .edge(let number): edges[number]?.properties[name] ?? .null
    case .map(let entries): entries.first { $0.key == name }?.value ?? .null
    default: throw NaiveError.undefined
    }
  }
}

extension SplitMix64 {
  /// True in `wanted` of `total` cases.
  mutating func chance(_ wanted: Int, in total: Int) -> Bool {
    Int.random(in: 0..<total, using: &self) < wanted
  }

  mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int.random(in: 0..<items.count, using: &self)]
  }
}

/// Why the naive evaluator gives no answer.
public enum NaiveError: Error {
  /// The query would be an error, or its answer depends on what Cypher leaves open.
  case undefined
  /// Too many rows to be worth it.
  case tooLarge
}
