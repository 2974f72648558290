// Reading the properties of nodes and edges. The row or the column answers, unless some property
// changed since the creation; then the newest version up to the snapshot does.

package import Base
import Store

extension GraphView {
  /// A property of a node, `.null` where there is none. One look-up for a node none of whose
  /// properties changed since it was created.
  package func property(_ name: Symbol, of node: NodeID) throws -> Value {
    guard node.rawValue < nodeLimit else { return .null }
    if isSealed(node) {
      let flags = try flags(of: node)
      if try isEnded(flags, node) { return .null }
      return try sealedProperty(
        name, VersionKind.nodeProperty, ChunkKey.nodeColumn, node.rawValue, flags)
    }
    let row = try row(of: node)
    let start = try NodeRow(row)
    if try isEnded(start.flags, node) { return .null }
    return try property(
      name, VersionKind.nodeProperty, node.rawValue, start.flags, row, start.propertiesOffset)
  }

  /// The same, for who asks for more than one: columns of a node lie beside each other, so that the
  /// next is mostly found from where the last one was.
  package func property(
    _ name: Symbol, of node: NodeID, _ reader: inout ColumnReader
  ) throws -> Value {
    guard node.rawValue < nodeLimit, isSealed(node), try flags(of: node) == 0 else {
      return try property(name, of: node)
    }
    let range = head.layout.range(of: node.rawValue)
    guard let chunk = try reader.chunk(name, range: range) else { return .null }
    return try value(
      try ColumnChunk(chunk, head.layout), head.layout.place(of: node.rawValue), chunk)
  }

  @inline(__always)
  func property(
    _ name: Symbol, _ kind: UInt8, _ identity: UInt64, _ flags: UInt8, _ row: RawSpan,
    _ offset: Int
  ) throws -> Value {
    if flags & RowFlags.properties != 0, let value = try version(name, kind, identity) {
      return value
    }
    guard let found = try PropertyBlock.find(name, in: row, at: offset) else { return .null }
    return try PropertyCodec.decode(row, at: found.offset, count: found.count)
  }

  /// The newest version of a property up to the snapshot; `nil` where there is none.
  func version(_ name: Symbol, _ kind: UInt8, _ identity: UInt64) throws -> Value? {
    var value: Value?
    _ = try withVersion(kind, identity, name) { bytes in
      value = try PropertyCodec.decode(bytes, at: 0, count: bytes.byteCount)
    }
    return value
  }

  /// A property of a node or an edge of a sealed range, which has `flags`.
  func sealedProperty(
    _ name: Symbol, _ kind: UInt8, _ column: UInt8, _ identity: UInt64, _ flags: UInt8
  ) throws -> Value {
    if flags & RowFlags.properties != 0, let value = try version(name, kind, identity) {
      return value
    }
    let key = ChunkKey.key(column, head.layout.range(of: identity), name)
    guard let chunk = try reading.get(.chunks, key.bytes) else { return .null }
    return try value(
      try ColumnChunk(chunk, head.layout), head.layout.place(of: identity), chunk)
  }

  /// All properties of a node in the order of their symbols.
  package func properties(of node: NodeID) throws -> [(name: Symbol, value: Value)] {
    guard node.rawValue < nodeLimit else { return [] }
    let flags = try flags(of: node)
    if try isEnded(flags, node) { return [] }
    var properties: [(name: Symbol, value: Value)]
    if isSealed(node) {
      properties = try sealedProperties(ChunkKey.nodeColumn, node.rawValue)
    } else {
      let row = try row(of: node)
      properties = try PropertyBlock.decode(row, at: try NodeRow(row).propertiesOffset)
    }
    if flags & RowFlags.properties != 0 {
      try applyVersions(VersionKind.nodeProperty, node.rawValue, to: &properties)
    }
    return properties
  }

  /// Replaces what has versions up to the snapshot by the newest of them.
  private func applyVersions(
    _ kind: UInt8, _ identity: UInt64, to properties: inout [(name: Symbol, value: Value)]
  ) throws {
    let prefix = VersionKind.key(kind, identity)
    var cursor = try reading.cursor(.versions)
    var isThere = try cursor.seek(prefix.bytes)
    var settled: Symbol?
    while isThere, cursor.keyStarts(with: prefix.bytes) {
      guard cursor.key.byteCount == 18 else {
        throw StemmaError.damaged("versions", "a key has the wrong length")
      }
      let name = Symbol(cursor.key.big32(6))
      if settled != name, ~cursor.key.big64(10) <= snapshot.rawValue {
        settled = name
        properties.removeAll { $0.name == name }
        let bytes = cursor.value
        let value = try PropertyCodec.decode(bytes, at: 0, count: bytes.byteCount)
        if !value.isNull { properties.append((name, value)) }
      }
      isThere = try cursor.next()
    }
    properties.sort { $0.name < $1.name }
  }

  // MARK: Edges

  /// A property of an edge, `.null` where there is none.
  package func property(_ name: Symbol, of edge: EdgeID) throws -> Value {
    guard edge.rawValue < edgeLimit else { return .null }
    if isSealed(edge) {
      let flags = try flags(of: edge)
      if try isEnded(flags, edge) { return .null }
      return try sealedProperty(
        name, VersionKind.edgeProperty, ChunkKey.edgeColumn, edge.rawValue, flags)
    }
    let row = try row(of: edge)
    let start = try EdgeRow(row)
    if try isEnded(start.flags, edge) { return .null }
    return try property(
      name, VersionKind.edgeProperty, edge.rawValue, start.flags, row, start.propertiesOffset)
  }

  /// Appends one value for each edge, `.null` where it has none.
  package func gather(
    _ name: Symbol, of edges: Span<EdgeID>, into values: inout [Value]
  ) throws {
    values.reserveCapacity(values.count + edges.count)
    for index in 0..<edges.count { values.append(try property(name, of: edges[index])) }
  }

  /// `gather` for an array of edges.
  package func gather(
    _ name: Symbol, of edges: [EdgeID], into values: inout [Value]
  ) throws { try gather(name, of: edges.span, into: &values) }

  /// All properties of an edge in the order of their symbols.
  package func properties(of edge: EdgeID) throws -> [(name: Symbol, value: Value)] {
    guard edge.rawValue < edgeLimit else { return [] }
    let flags = try flags(of: edge)
    if try isEnded(flags, edge) { return [] }
    var properties: [(name: Symbol, value: Value)]
    if isSealed(edge) {
      properties = try sealedProperties(ChunkKey.edgeColumn, edge.rawValue)
    } else {
      let row = try row(of: edge)
      properties = try PropertyBlock.decode(row, at: try EdgeRow(row).propertiesOffset)
    }
    if flags & RowFlags.properties != 0 {
      try applyVersions(VersionKind.edgeProperty, edge.rawValue, to: &properties)
    }
    return properties
  }
}
