// Keeps a mirror equal to the graph where others append to it: their records are applied one by
// one. What a record cannot tell by itself is read again as a whole, so this is never wrong, only
// sometimes slower.

import Base
import Graph

extension Mirror {
  /// Applies a record of somebody else. False where only reading everything again can tell what it
  /// means for the campaign; the mirror is of no use then.
  func follow(_ operations: [LoggedOperation], campaign: Text) -> Bool {
    var record = ForeignRecord()
    for operation in operations {
      switch operation {
      case .createNode(let id, let labels, let key, let properties):
        if let label = labels.first, Self.labels.contains(label) {
          record.made[id] = MirrorNode(
            id: id, key: key ?? "", label: label,
            properties: ValueMap(
              properties.lazy.filter { !$0.value.isNull }.map { ($0.name, $0.value) }))
        } else {
          record.others.insert(id)
        }
      case .createEdge(_, let type, let from, let to, _): record.edges.append((from, type, to))
      case .setNodeProperty(let id, let property): record.change(id, property)
      case .addLabel(let id, _), .removeLabel(let id, _), .deleteNode(let id):
        if self[id] != nil { return false }
      case .deleteEdge: return false
      default: break
      }
    }
    guard insert(&record, campaign) else { return false }
    for (from, type, to) in record.edges { connect(from, type, to) }
    for (id, property) in record.changes where self[id] != nil { set(property, of: id) }
    return true
  }

  /// Inserts those new nodes that belong to the campaign: the ones that hang on a node of it, by an
  /// edge along which loading would find them.
  private func insert(_ record: inout ForeignRecord, _ campaign: Text) -> Bool {
    for node in record.made.values.sorted(by: { $0.id < $1.id })
    where node.label == "Environment"
      || (node.label == "Campaign" && node.text("name") == campaign)
    {
      record.made[node.id] = nil
      insert(node)
    }
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for (from, type, to) in record.edges {
        for tie in Self.ties where tie.type == type {
          let (outer, inner) = tie.isOutgoing ? (from, to) : (to, from)
          guard self[inner]?.label == tie.other, self[outer] == nil else { continue }
          guard let node = record.made[outer] else {
            // An older node joins the campaign; what it is stands in other records.
            if !record.others.contains(outer) { return false }
            continue
          }
          guard node.label == tie.label else { continue }
          record.made[outer] = nil
          insert(node)
          isGrowing = true
        }
      }
    }
    return true
  }
}

/// What a record of somebody else does, sorted by kind.
private struct ForeignRecord {
  /// New nodes of kinds that a mirror holds, as the record leaves them.
  var made: [NodeID: MirrorNode] = [:]
  var edges: [(from: NodeID, type: Text, to: NodeID)] = []
  /// Changes of older nodes.
  var changes: [(NodeID, Property)] = []
  /// New nodes of other kinds.
  var others: Set<NodeID> = []

  mutating func change(_ id: NodeID, _ property: Property) {
    if made[id] != nil {
      made[id]?.properties[property.name] = property.value.isNull ? nil : property.value
    } else {
      changes.append((id, property))
    }
  }
}
