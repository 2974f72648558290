// Reading edges by identity and by type; neighbours are in GraphView+Neighbours.swift.

package import Base
import Store

extension GraphView {
  /// The row of an edge below the limit that is in no sealed range.
  @_lifetime(copy self)
  func row(of edge: EdgeID) throws -> RawSpan {
    guard let row = try reading.row(.edges, edge.rawValue), row.byteCount > 0 else {
      throw StemmaError.damaged("edges", "edge \(edge.rawValue) has no row")
    }
    return row
  }

  /// Whether an edge with these flags had ended at the snapshot.
  @inline(__always)
  func isEnded(_ flags: UInt8, _ edge: EdgeID) throws -> Bool {
    if flags & RowFlags.ended == 0 { return false }
    return try hasEnded(VersionKind.edgeEnd, edge.rawValue)
  }

  /// Whether an edge is in the columns of a sealed range; it has a row otherwise.
  @inline(__always)
  func isSealed(_ edge: EdgeID) -> Bool { edge.rawValue < head.sealedEdges }

  /// The flags of an edge, as RowFlags has them.
  @inline(__always)
  func flags(of edge: EdgeID) throws -> UInt8 {
    guard isSealed(edge) else { return try row(of: edge).byte(0) }
    if head.changedEdgeRanges == 0 { return 0 }
    return try changes(ChunkKey.edgeChanges, edge.rawValue)
  }

  /// The type and the ends of an edge; `nil` where it does not exist at the snapshot.
  package func edge(_ edge: EdgeID) throws -> EdgeEnds? {
    guard edge.rawValue < edgeLimit else { return nil }
    if head.endedEdges > 0, try isEnded(try flags(of: edge), edge) { return nil }
    let ends: EdgeEnds
    if isSealed(edge) {
      let chunk = try heads(ChunkKey.edgeHeads, edge.rawValue)
      ends = try EdgeHeads(chunk, head.layout)
        .ends(edge, head.layout.place(of: edge.rawValue), chunk)
    } else {
      let row = try EdgeRow(try row(of: edge))
      ends = EdgeEnds(edge: edge, type: row.type, from: row.from, to: row.to)
    }
    guard ends.from.rawValue < nodeLimit, ends.to.rawValue < nodeLimit else {
      throw StemmaError.damaged("edges", "an edge leads to a node that is not there")
    }
    return ends
  }

  /// The transaction that created an edge; `nil` where it does not exist at the snapshot.
  package func creation(of edge: EdgeID) throws -> TransactionNumber? {
    guard edge.rawValue < edgeLimit else { return nil }
    if try isEnded(try flags(of: edge), edge) { return nil }
    guard isSealed(edge) else { return try EdgeRow(try row(of: edge)).creation }
    let chunk = try heads(ChunkKey.edgeHeads, edge.rawValue)
    return try EdgeHeads(chunk, head.layout)
      .creation(head.layout.place(of: edge.rawValue), chunk)
  }

  /// Appends to `edges` up to `limit` edges of `type` (any edge where it is `nil`) in the order of
  /// their identities, and moves `position`.
  package func scanEdges(
    type: Symbol?, after position: inout ScanPosition, into edges: inout [EdgeEnds], limit: Int
  ) throws {
    if let type {
      return try scanMembers(
        MemberBitmap.edgeType, type, edgeLimit, after: &position, limit: limit
      ) { identity, _ in
        guard let ends = try edge(EdgeID(identity)) else { return false }
        edges.append(ends)
        return true
      }
    }
    var taken = 0
    while taken < limit, position.next < edgeLimit {
      if let ends = try edge(EdgeID(position.next)) {
        edges.append(ends)
        taken += 1
      }
      position.next += 1
    }
    if position.next >= edgeLimit { position.isExhausted = true }
  }
}
