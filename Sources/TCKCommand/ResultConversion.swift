// From what the engine returned to the form in which results are compared, and from cells to
// parameters. Temporal values are compared by their text, as the TCK's tables write them.

import Base
import Stemma

extension CellValue {
  /// The comparable form of an actual value; `entities` are those of its result.
  init(_ value: Value, _ entities: EntityTable) {
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .float(let value): self = .number(value)
    case .string(let text): self = .string(text)
    case .bytes(let bytes): self = .list(bytes.map { .integer(Int64($0)) })
    case .list(let elements): self = .list(elements.map { CellValue($0, entities) })
    case .map(let map):
      self = .map(
        map.entries.map { Entry(key: $0.key, value: CellValue($0.value, entities)) })
    case .node(let id): self = .node(Self.description(of: id, entities))
    case .edge(let id): self = .edge(Self.description(of: id, entities))
    case .path(let path): self = Self.path(path, entities)
    case .date, .localTime, .time, .localDateTime, .dateTime, .duration:
      self = .string(Text(temporalText(value)))
    }
  }

  private static func description(of id: NodeID, _ entities: EntityTable) -> NodeDescription {
    guard let record = entities.nodes[id] else {
      return NodeDescription(labels: ["(not in the result's entities)"], properties: [])
    }
    return NodeDescription(
      labels: record.labels.sorted(), properties: properties(record.properties, entities))
  }

  private static func description(of id: EdgeID, _ entities: EntityTable) -> EdgeDescription {
    guard let record = entities.edges[id] else {
      return EdgeDescription(type: "(not in the result's entities)", properties: [])
    }
    return EdgeDescription(
      type: record.type, properties: properties(record.properties, entities))
  }

  private static func properties(_ map: ValueMap, _ entities: EntityTable) -> [Entry] {
    entries(map.entries.map { ($0.key, CellValue($0.value, entities)) })
  }

  private static func path(_ path: Path, _ entities: EntityTable) -> CellValue {
    let steps = path.edges.indices.map { index in
      PathStep(
        edge: description(of: path.edges[index], entities),
        isForward: entities.edges[path.edges[index]]?.from == path.nodes[index],
        node: description(of: path.nodes[index + 1], entities))
    }
    return .path(description(of: path.nodes[0], entities), steps)
  }

  /// The value as a parameter; `nil` for nodes, edges and paths, which parameters cannot hold.
  var parameter: Value? {
    switch self {
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .float(let bits): return .float(Double(bitPattern: bits))
    case .string(let text): return .string(text)
    case .list(let elements):
      let values = elements.compactMap(\.parameter)
      return values.count == elements.count ? .list(values) : nil
    case .map(let entries):
      let pairs = entries.compactMap { entry in entry.value.parameter.map { (entry.key, $0) } }
      return pairs.count == entries.count ? .map(ValueMap(pairs)) : nil
    case .node, .edge, .path: return nil
    }
  }
}
