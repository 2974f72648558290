// An answer in a form that can be compared: rows as a bag unless their order is determined.

import Base
import Reference
import Stemma

struct Answer: Equatable, CustomStringConvertible {
  private var rows: [[NaiveValue]] = []
  private let isOrdered: Bool

  private init(_ rows: [[NaiveValue]], _ columns: [String], _ query: NaiveQuery) {
    isOrdered = query.isOrdered
    let unordered = columns.indices.filter { query.unorderedColumns.contains(columns[$0]) }
    self.rows = rows.map { row in
      var row = row
      for index in unordered {
        if case .list(let elements) = row[index] { row[index] = .list(Self.sorted(elements)) }
      }
      return row
    }
    if !isOrdered {
      self.rows = self.rows.map { ($0, "\($0)") }.sorted { $0.1 < $1.1 }.map(\.0)
    }
  }

  private static func sorted(_ values: [NaiveValue]) -> [NaiveValue] {
    values.map { ($0, "\($0)") }.sorted { $0.1 < $1.1 }.map(\.0)
  }

  init(_ answer: NaiveAnswer, _ query: NaiveQuery) {
    self.init(answer.rows, answer.columns, query)
  }

  init(_ result: QueryResult, _ query: NaiveQuery) {
    self.init(
      result.rows.map { row in row.map { NaiveValue($0, result.entities) } }, result.columns, query)
  }

  var description: String { "\(rows)" }
}

extension NaiveValue {
  /// The engine's value; entities by their property `i`.
  init(_ value: Value, _ entities: EntityTable) {
    func number(_ properties: ValueMap?) -> Int {
      if case .integer(let number)? = properties?["i"] { return Int(number) }
      return -1
    }
    switch value {
    case .null: self = .null
    case .boolean(let flag): self = .boolean(flag)
    case .integer(let number): self = .integer(number)
    case .float(let number): self = .float(number)
    case .date(let date): self = NaiveValue.date("\(date)") ?? .null
    case .string(let text): self = .string(Array(text.string.utf8))
    case .list(let elements): self = .list(elements.map { NaiveValue($0, entities) })
    case .map(let map):
      self = .map(
        map.entries.map { NaiveEntry($0.key.string, NaiveValue($0.value, entities)) }
          .sorted { $0.key < $1.key })
    case .node(let node): self = .node(number(entities.nodes[node]?.properties))
    case .edge(let edge): self = .edge(number(entities.edges[edge]?.properties))
    case .path(let path):
      self = .path(
        nodes: path.nodes.map { number(entities.nodes[$0]?.properties) },
        edges: path.edges.map { number(entities.edges[$0]?.properties) })
    default: self = .string(Array("\(value)".utf8))
    }
  }
}

/// What a store holds, in the words of `NaiveGraph.content`.
enum StoredContent {
  static func lines(of database: Database) throws -> [String] {
    var graph = NaiveGraph.empty
    let nodes = try database.query("MATCH (n) RETURN n")
    for (id, record) in nodes.entities.nodes {
      graph.add(
        node: Int(id.rawValue), labels: record.labels.map(\.string),
        properties: properties(record.properties))
    }
    let edges = try database.query("MATCH ()-[r]->() RETURN r")
    for (id, record) in edges.entities.edges {
      graph.add(
        edge: Int(id.rawValue), type: record.type.string, from: Int(record.from.rawValue),
        to: Int(record.to.rawValue), properties: properties(record.properties))
    }
    return graph.content
  }

  private static func properties(_ map: ValueMap) -> [String: NaiveValue] {
    Dictionary(
      uniqueKeysWithValues: map.entries.map {
        ($0.key.string, NaiveValue($0.value, EntityTable()))
      })
  }
}
