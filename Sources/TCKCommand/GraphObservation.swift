// What can be seen of a graph by queries, before and after a step: the TCK's side effects are the
// difference between two observations, not what the engine says of itself.

import Base
import Stemma

/// Everything observable about a graph.
struct GraphObservation {
  private struct PropertyTriple: Hashable {
    var isNode: Bool
    var entity: UInt64
    var key: Text
    var value: CellValue
  }

  private var nodes: Set<NodeID> = []
  private var edges: Set<EdgeID> = []
  private var labels: Set<Text> = []
  private var properties: Set<PropertyTriple> = []

  /// Observes the graph by two queries.
  init(_ database: Database) throws {
    let nodeResult = try database.query("MATCH (n) RETURN n")
    for record in nodeResult.entities.nodes.values {
      nodes.insert(record.id)
      labels.formUnion(record.labels)
      insert(record.properties, isNode: true, entity: record.id.rawValue)
    }
    let edgeResult = try database.query("MATCH ()-[r]->() RETURN r")
    for record in edgeResult.entities.edges.values {
      edges.insert(record.id)
      insert(record.properties, isNode: false, entity: record.id.rawValue)
    }
  }

  private mutating func insert(_ map: ValueMap, isNode: Bool, entity: UInt64) {
    for entry in map.entries {
      let value = CellValue(entry.value, EntityTable())
      properties.insert(
        PropertyTriple(isNode: isNode, entity: entity, key: entry.key, value: value))
    }
  }

  /// The side effects between an earlier observation and this one; effects of zero are absent.
  func difference(from earlier: GraphObservation) -> [String: Int] {
    var effects: [String: Int] = [:]
    func note(_ name: String, _ added: Int, _ removed: Int) {
      if added > 0 { effects["+" + name] = added }
      if removed > 0 { effects["-" + name] = removed }
    }
    note(
      "nodes", nodes.subtracting(earlier.nodes).count, earlier.nodes.subtracting(nodes).count)
    note(
      "relationships", edges.subtracting(earlier.edges).count,
      earlier.edges.subtracting(edges).count)
    note(
      "labels", labels.subtracting(earlier.labels).count,
      earlier.labels.subtracting(labels).count)
    note(
      "properties", properties.subtracting(earlier.properties).count,
      earlier.properties.subtracting(properties).count)
    return effects
  }
}
