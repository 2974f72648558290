// Reading ordered indexes.

package import Base
import Store

extension GraphView {
  /// The ordered index of a name that can be read at the snapshot, without its statistics.
  package func index(named name: Text) -> GraphIndex? {
    for record in catalogue.indexes
    where record.isInForce && record.created <= snapshot && record.definition.name == name {
      return GraphIndex(
        number: record.number, definition: record.definition, label: record.label,
        properties: record.properties, entryCount: 0, distinctFirstValues: 0)
    }
    return nil
  }

  /// The ordered indexes that can be read at the snapshot, by their numbers.
  package func indexes() throws -> [GraphIndex] {
    var result: [GraphIndex] = []
    for record in catalogue.indexes where record.isInForce && record.created <= snapshot {
      let counts = try IndexStatistics(record.number, reading)
      result.append(
        GraphIndex(
          number: record.number, definition: record.definition, label: record.label,
          properties: record.properties, entryCount: Int(clamping: counts.entries),
          distinctFirstValues: Int(clamping: counts.distinct)))
    }
    return result
  }

  /// Appends up to `limit` nodes whose first properties equal `prefix` and whose next property lies
  /// in `range`, in the order of the index (or its reverse), and moves `position`.
  ///
  /// Nodes are met only where they have every property of the index. Values over 400 bytes (shared
  /// among the properties of the index) are kept cut, so their order among those that begin alike
  /// is not that of the values; what is met is exact.
  package func seek(
    _ index: GraphIndex, prefix: [Value], range: IndexRange?, isDescending: Bool,
    after position: inout IndexPosition, into nodes: inout [NodeID], limit: Int
  ) throws {
    guard limit > 0, !position.isExhausted else { return }
    guard let span = IndexSpan(index, prefix: prefix, range: range) else {
      position.isExhausted = true
      return
    }
    var taken = 0
    var cursor = try reading.cursor(.indexes)
    var isThere: Bool
    if isDescending {
      let from = position.lastKey.isEmpty ? span.end : position.lastKey
      isThere = try cursor.seekBelow(from.span.bytes)
    } else if position.lastKey.isEmpty {
      isThere = try cursor.seek(span.start.span.bytes)
    } else {
      isThere = try cursor.seek(position.lastKey.span.bytes)
      if isThere, cursor.key.order(against: position.lastKey.span.bytes) == 0 {
        isThere = try cursor.next()
      }
    }
    while isThere {
      let key = cursor.key
      guard span.contains(key, isDescending: isDescending) else { break }
      if let node = try visibleNode(key, cursor.value, span) {
        nodes.append(node)
        taken += 1
      }
      isThere = try isDescending ? cursor.previous() : cursor.next()
      if taken == limit {
        // Whoever took the last one need not ask again.
        guard isThere, span.contains(cursor.key, isDescending: isDescending) else { break }
        position.lastKey = [UInt8](copying: key)
        return
      }
    }
    position.isExhausted = true
  }

  /// The node of an entry that holds at the snapshot.
  @inline(__always)
  private func visibleNode(_ key: RawSpan, _ value: RawSpan, _ span: IndexSpan) throws -> NodeID? {
    guard key.byteCount > 7 else {
      throw StemmaError.damaged("indexes", "an entry has the wrong length")
    }
    let entry = try IndexEntry(value, at: snapshot)
    guard entry.holds else { return nil }
    let node = NodeID(key.identity(key.byteCount - 5))
    guard node.rawValue < nodeLimit else {
      throw StemmaError.damaged("indexes", "an entry leads to a node that is not there")
    }
    if entry.isCut || span.needsLook {
      guard try span.admits({ name in try property(name, of: node) }) else { return nil }
    }
    return node
  }
}
