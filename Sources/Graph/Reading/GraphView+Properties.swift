// Reading the properties of nodes and edges. The row answers, unless it says that some property
// changed since the creation; then the newest version up to the snapshot does.

package import Base
import Store

extension GraphView {
  /// A property of a node, `.null` where there is none. One look-up for a node none of whose
  /// properties changed since it was created.
  package func property(_ name: Symbol, of node: NodeID) throws -> Value {
    guard node.rawValue < nodeLimit else { return .null }
    let row = try row(of: node)
    let start = try NodeRow(row)
    if try isEnded(start.flags, node) { return .null }
    return try property(
      name, VersionKind.nodeProperty, node.rawValue, start.flags, row, start.propertiesOffset)
  }

  @inline(__always)
  private func property(
    _ name: Symbol, _ kind: UInt8, _ identity: UInt64, _ flags: UInt8, _ row: RawSpan,
    _ offset: Int
  ) throws -> Value {
    if flags & RowFlags.properties != 0 {
      var value = Value.null
      let isVersioned = try withVersion(kind, identity, name) { bytes in
        value = try PropertyCodec.decode(bytes, at: 0, count: bytes.byteCount)
      }
      if isVersioned { return value }
    }
    guard let found = try PropertyBlock.find(name, in: row, at: offset) else { return .null }
    return try PropertyCodec.decode(row, at: found.offset, count: found.count)
  }

  /// Appends one value for each node, `.null` where it has none. Nodes whose rows lie together are
  /// read without going down the tree again.
  package func gather(
    _ name: Symbol, of nodes: Span<NodeID>, into values: inout [Value]
  ) throws {
    values.reserveCapacity(values.count + nodes.count)
    if nodes.count < Self.fewRows {
      for index in 0..<nodes.count { values.append(try property(name, of: nodes[index])) }
      return
    }
    var cursor = try reading.cursor(.nodes)
    for index in 0..<nodes.count {
      let node = nodes[index]
      guard node.rawValue < nodeLimit else {
        values.append(.null)
        continue
      }
      let row = try row(of: node, &cursor)
      let start = try NodeRow(row)
      if try isEnded(start.flags, node) {
        values.append(.null)
        continue
      }
      values.append(
        try property(
          name, VersionKind.nodeProperty, node.rawValue, start.flags, row, start.propertiesOffset))
    }
  }

  /// Appends to `columns[i]` one value of `names[i]` for each node: each row is read once, however
  /// many of its properties are wanted.
  package func gather(
    _ names: [Symbol], of nodes: Span<NodeID>, into columns: inout [[Value]]
  ) throws {
    precondition(columns.count == names.count, "there is one column per property")
    var cursor = try reading.cursor(.nodes)
    for index in 0..<nodes.count {
      let node = nodes[index]
      guard node.rawValue < nodeLimit else {
        for column in columns.indices { columns[column].append(.null) }
        continue
      }
      let row = try row(of: node, &cursor)
      let start = try NodeRow(row)
      let isEnded = try isEnded(start.flags, node)
      for column in columns.indices {
        columns[column].append(
          isEnded
            ? .null
            : try property(
              names[column], VersionKind.nodeProperty, node.rawValue, start.flags, row,
              start.propertiesOffset))
      }
    }
  }

  /// Below this a cursor costs more than it saves.
  private static let fewRows = 4

  /// The row of a node below the limit, sought from where the cursor stands.
  @_lifetime(copy cursor)
  private func row(of node: NodeID, _ cursor: inout Cursor) throws -> RawSpan {
    let key = KeyBuffer.node(node)
    guard try cursor.seek(key.bytes), cursor.key.byteCount == 5,
      cursor.key.identity(0) == node.rawValue, cursor.value.byteCount > 0
    else { throw StemmaError.damaged("nodes", "node \(node.rawValue) has no row") }
    return cursor.value
  }

  /// `gather` for an array of nodes.
  package func gather(
    _ name: Symbol, of nodes: [NodeID], into values: inout [Value]
  ) throws { try gather(name, of: nodes.span, into: &values) }

  /// All properties of a node in the order of their symbols.
  package func properties(of node: NodeID) throws -> [(name: Symbol, value: Value)] {
    guard node.rawValue < nodeLimit else { return [] }
    let row = try row(of: node)
    let start = try NodeRow(row)
    if try isEnded(start.flags, node) { return [] }
    var properties = try PropertyBlock.decode(row, at: start.propertiesOffset)
    if start.flags & RowFlags.properties != 0 {
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
    let row = try row(of: edge)
    let start = try EdgeRow(row)
    if try isEnded(start.flags, edge) { return [] }
    var properties = try PropertyBlock.decode(row, at: start.propertiesOffset)
    if start.flags & RowFlags.properties != 0 {
      try applyVersions(VersionKind.edgeProperty, edge.rawValue, to: &properties)
    }
    return properties
  }
}
