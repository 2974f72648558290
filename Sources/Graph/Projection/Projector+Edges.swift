// Projecting edges: their rows and the versions of their properties. Where their ends keep them is
// in Projector+Adjacency.swift.

import Base
import Store

extension Projector {
  func createEdge(
    _ ends: EdgeEnds, _ properties: [Property], _ store: inout WriteTransaction
  ) throws {
    var resolved = try resolve(properties, &store)
    resolved.sort { $0.name < $1.name }
    let start = edgeRows.bytes.count
    EdgeRow.encode(
      creation: head.transaction, ends, properties: resolved, into: &edgeRows.bytes)
    try noteValues(resolved.count, StatisticKind.edgeValues, [ends.type], &edgeRows, start, store)
    edgeRows.close(ends.edge.rawValue)
    head.edgeLimit = ends.edge.rawValue + 1
    try noteType(ends.type, store)
    try addNeighbour(AdjacencySegment.outgoing, ends.from, ends.to, ends, &store)
    try addNeighbour(AdjacencySegment.incoming, ends.to, ends.from, ends, &store)
    try mark(MemberBitmap.edgeType, ends.type, ends.edge.rawValue, store)
    count(.edgeType, ends.type.rawValue, 1)
  }

  /// Remembers a type that no edge had before.
  func noteType(_ type: Symbol, _ store: borrowing WriteTransaction) throws {
    if edgeTypes.contains(type) { return }
    edgeTypes.append(type)
    edgeTypes.sort()
    head.edgeTypeCount += 1
    forgetCatalogue()
  }

  func copy(
    _ table: Table, _ key: KeyBuffer, _ store: borrowing WriteTransaction
  ) throws -> [UInt8]? {
    guard let row = try store.reading.get(table, key.bytes) else { return nil }
    return [UInt8](copying: row)
  }

  func setProperty(
    _ property: Property, of edge: EdgeID, _ store: inout WriteTransaction
  ) throws {
    let name = try symbol(property.name, &store)
    if let ends = try read(store, { view in try view.edge(edge) }) {
      try note(property.value, of: name, StatisticKind.edgeValues, [ends.type], store)
    }
    try putVersion(VersionKind.edgeProperty, edge.rawValue, name, property.value, &store)
    try setFlag(RowFlags.properties, ofNode: false, edge.rawValue, &store)
  }

  func endEdge(_ edge: EdgeID, _ store: inout WriteTransaction) throws {
    guard let ends = try read(store, { view in try view.edge(edge) }) else {
      throw StemmaError.damaged("edges", "edge \(edge.rawValue) ends twice")
    }
    try markEnded(AdjacencySegment.outgoing, ends.from, ends, &store)
    try markEnded(AdjacencySegment.incoming, ends.to, ends, &store)
    try putEnd(VersionKind.edgeEnd, edge.rawValue, &store)
    try setFlag(RowFlags.ended, ofNode: false, edge.rawValue, &store)
    count(.edgeType, ends.type.rawValue, -1)
    head.endedEdges += 1
  }
}
