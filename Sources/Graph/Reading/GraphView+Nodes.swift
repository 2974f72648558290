// Reading nodes: existence, labels, keys and scans.

package import Base
import Store

extension GraphView {
  /// Whether the node exists at the snapshot. One look-up.
  package func exists(_ node: NodeID) throws -> Bool {
    guard node.rawValue < nodeLimit else { return false }
    if head.endedNodes == 0 { return true }
    return try !isEnded(try flags(of: node), node)
  }

  /// Whether a node is in the columns of a sealed range; it has a row otherwise.
  @inline(__always)
  func isSealed(_ node: NodeID) -> Bool { node.rawValue < head.sealedNodes }

  /// The flags of a node, as RowFlags has them.
  @inline(__always)
  func flags(of node: NodeID) throws -> UInt8 {
    guard isSealed(node) else { return try row(of: node).byte(0) }
    if head.changedNodeRanges == 0 { return 0 }
    return try changes(ChunkKey.nodeChanges, node.rawValue)
  }

  /// The flags of a node or an edge of a sealed range.
  func changes(_ kind: UInt8, _ identity: UInt64) throws -> UInt8 {
    let key = ChunkKey.key(kind, head.layout.range(of: identity))
    guard let row = try reading.get(.chunks, key.bytes) else { return 0 }
    return try ChangeRow.flags(head.layout.place(of: identity), row, head.layout)
  }

  /// The heads of the sealed range of a node or an edge.
  @_lifetime(copy self)
  func heads(_ kind: UInt8, _ identity: UInt64) throws -> RawSpan {
    let key = ChunkKey.key(kind, head.layout.range(of: identity))
    guard let chunk = try reading.get(.chunks, key.bytes) else {
      throw StemmaError.damaged("chunks", "a sealed range has no heads")
    }
    return chunk
  }

  /// The labels that a node was created with.
  private func firstLabels(of node: NodeID) throws -> [Symbol] {
    if isSealed(node) {
      let chunk = try heads(ChunkKey.nodeHeads, node.rawValue)
      return try NodeHeads(chunk, head.layout)
        .labels(head.layout.place(of: node.rawValue), chunk)
    }
    let row = try row(of: node)
    return try NodeRow(row).labels(in: row)
  }

  /// The row of a node below the limit that is in no sealed range.
  @_lifetime(copy self)
  func row(of node: NodeID) throws -> RawSpan {
    guard let row = try reading.row(.nodes, node.rawValue), row.byteCount > 0 else {
      throw StemmaError.damaged("nodes", "node \(node.rawValue) has no row")
    }
    return row
  }

  /// Whether a node with these flags had ended at the snapshot.
  @inline(__always)
  func isEnded(_ flags: UInt8, _ node: NodeID) throws -> Bool {
    if flags & RowFlags.ended == 0 { return false }
    return try hasEnded(VersionKind.nodeEnd, node.rawValue)
  }

  /// The labels of a node in the order of their symbols; empty where it does not exist.
  package func labels(of node: NodeID) throws -> [Symbol] {
    guard node.rawValue < nodeLimit else { return [] }
    let flags = try flags(of: node)
    if try isEnded(flags, node) { return [] }
    var labels = try firstLabels(of: node)
    if flags & RowFlags.labels == 0 { return labels }
    try applyLabelVersions(of: node, to: &labels)
    return labels
  }

  /// Adds and removes what came and went up to the snapshot.
  private func applyLabelVersions(of node: NodeID, to labels: inout [Symbol]) throws {
    let prefix = VersionKind.key(VersionKind.nodeLabel, node.rawValue)
    var cursor = try reading.cursor(.versions)
    var isThere = try cursor.seek(prefix.bytes)
    var settled: Symbol?
    while isThere, cursor.keyStarts(with: prefix.bytes) {
      guard cursor.key.byteCount == 18, cursor.value.byteCount == 1 else {
        throw StemmaError.damaged("versions", "a label's version has the wrong length")
      }
      let label = Symbol(cursor.key.big32(6))
      if settled != label, ~cursor.key.big64(10) <= snapshot.rawValue {
        settled = label
        labels.removeAll { $0 == label }
        if cursor.value.byte(0) != 0 { labels.append(label) }
      }
      isThere = try cursor.next()
    }
    labels.sort()
  }

  /// Whether a node has a label at the snapshot.
  package func hasLabel(_ label: Symbol, _ node: NodeID) throws -> Bool {
    guard node.rawValue < nodeLimit else { return false }
    let flags = try flags(of: node)
    if try isEnded(flags, node) { return false }
    if flags & RowFlags.labels != 0 {
      var isSet = false
      let isVersioned = try withVersion(VersionKind.nodeLabel, node.rawValue, label) { value in
        isSet = value.byteCount == 1 && value.byte(0) != 0
      }
      if isVersioned { return isSet }
    }
    if isSealed(node) { return try firstLabels(of: node).contains(label) }
    let row = try row(of: node)
    return try NodeRow(row).hasLabel(label, in: row)
  }

  /// Appends the indexes of those of `nodes` that have a label at the snapshot; `indexes` says
  /// which are asked for, all for `nil`. One look-up for nodes that follow each other in a part of
  /// the label's bitmap.
  package func filter(
    _ nodes: Span<NodeID>, label: Symbol, among indexes: [Int32]?, into kept: inout [Int32]
  ) throws {
    if let indexes {
      try filter(nodes, label: label, indexes.count, into: &kept) { Int(indexes[$0]) }
    } else {
      try filter(nodes, label: label, nodes.count, into: &kept) { $0 }
    }
  }

  @inline(__always)
  private func filter(
    _ nodes: Span<NodeID>, label: Symbol, _ count: Int, into kept: inout [Int32],
    _ index: (Int) -> Int
  ) throws {
    var place = 0
    while place < count {
      let part = nodes[index(place)].rawValue >> MemberBitmap.rangeShift
      let key = MemberBitmap.key(MemberBitmap.label, label, range: part)
      let bitmap = try reading.get(.labels, key.bytes)
      if let bitmap { try MemberBitmap.check(bitmap) }
      repeat {
        let row = index(place)
        place += 1
        guard let bitmap, nodes[row].rawValue < nodeLimit else { continue }
        let bit = Int(nodes[row].rawValue & MemberBitmap.rangeMask)
        guard MemberBitmap.isSet(bitmap, bit) else { continue }
        if bitmap.byteCount > MemberBitmap.bytes, MemberBitmap.isSet(bitmap, bit, closer: true),
          try !hasLabel(label, nodes[row])
        {
          continue
        }
        kept.append(Int32(truncatingIfNeeded: row))
      } while place < count
        && nodes[index(place)].rawValue >> MemberBitmap.rangeShift == part
    }
  }

  /// The node with a key such as `P42`, where it exists at the snapshot. One look-up.
  package func node(key: Text) throws -> NodeID? {
    guard key.utf8Count <= NodeKey.maximumBytes else { return nil }
    guard let row = try reading.get(.keys, NodeKey.bytes(key)) else { return nil }
    guard row.byteCount == 5 else {
      throw StemmaError.damaged("keys", "a key leads to no identity")
    }
    let node = NodeID(row.identity(0))
    return try exists(node) ? node : nil
  }

  /// The key of a node such as `P42`; `nil` where it has none or does not exist at the snapshot.
  package func key(of node: NodeID) throws -> Text? {
    guard let name = try symbol(for: Names.key),
      case .string(let key) = try property(name, of: node),
      key.utf8Count <= NodeKey.maximumBytes,
      let row = try reading.get(.keys, NodeKey.bytes(key)), row.byteCount == 5,
      row.identity(0) == node.rawValue
    else { return nil }
    return key
  }

  /// The transaction that created a node; `nil` where it does not exist at the snapshot.
  package func creation(of node: NodeID) throws -> TransactionNumber? {
    guard node.rawValue < nodeLimit else { return nil }
    if try isEnded(try flags(of: node), node) { return nil }
    guard isSealed(node) else { return try NodeRow(try row(of: node)).creation }
    let chunk = try heads(ChunkKey.nodeHeads, node.rawValue)
    return try NodeHeads(chunk, head.layout)
      .creation(head.layout.place(of: node.rawValue), chunk)
  }

  // MARK: Scans

  /// Appends to `nodes` up to `limit` nodes with `label` (any node where it is `nil`), in the order
  /// of their identities, and moves `position`, which says when the scan has met its end.
  package func scanNodes(
    label: Symbol?, after position: inout ScanPosition, into nodes: inout [NodeID], limit: Int
  ) throws {
    guard let label else {
      return try scanAllNodes(after: &position, into: &nodes, limit: limit)
    }
    try scanMembers(MemberBitmap.label, label, nodeLimit, after: &position, limit: limit) {
      identity, isClose in
      let node = NodeID(identity)
      if isClose, try !hasLabel(label, node) { return false }
      nodes.append(node)
      return true
    }
  }

  private func scanAllNodes(
    after position: inout ScanPosition, into nodes: inout [NodeID], limit: Int
  ) throws {
    var taken = 0
    while taken < limit, position.next < nodeLimit {
      let range = position.next >> MemberBitmap.rangeShift
      let end = min(nodeLimit, (range + 1) << MemberBitmap.rangeShift)
      let key = MemberBitmap.key(MemberBitmap.endedNodes, Symbol(0), range: range)
      let ended = head.endedNodes == 0 ? nil : try reading.get(.labels, key.bytes)
      if let ended { try MemberBitmap.check(ended) }
      while taken < limit, position.next < end {
        let node = NodeID(position.next)
        position.next += 1
        if let ended, MemberBitmap.isSet(ended, Int(node.rawValue & MemberBitmap.rangeMask)),
          try !exists(node)
        {
          continue
        }
        nodes.append(node)
        taken += 1
      }
    }
    if position.next >= nodeLimit { position.isExhausted = true }
  }

  /// Calls `body` for each member below `identityLimit` from `position` on, saying whether to look
  /// closer, until it returned true `limit` times.
  func scanMembers(
    _ what: UInt8, _ symbol: Symbol, _ identityLimit: UInt64, after position: inout ScanPosition,
    limit: Int, _ body: (UInt64, Bool) throws -> Bool
  ) throws {
    guard limit > 0, !position.isExhausted else { return }
    var taken = 0
    var cursor = try reading.cursor(.labels)
    let first = MemberBitmap.key(what, symbol, range: position.next >> MemberBitmap.rangeShift)
    var isThere = try cursor.seek(first.bytes)
    while isThere, cursor.keyStarts(with: first.prefix(MemberBitmap.prefixBytes)) {
      let bitmap = cursor.value
      try MemberBitmap.check(bitmap)
      let base = UInt64(cursor.key.big32(5)) << MemberBitmap.rangeShift
      if base >= identityLimit { break }
      let hasClose = bitmap.byteCount > MemberBitmap.bytes
      var bit = position.next > base ? Int(position.next - base) : 0
      while bit < Int(MemberBitmap.rangeSize) {
        let word = bitmap.little64((bit >> 6) << 3) >> UInt64(bit & 63)
        if word == 0 {
          bit = ((bit >> 6) + 1) << 6
          continue
        }
        bit += word.trailingZeroBitCount
        if base + UInt64(bit) >= identityLimit { break }
        let isClose = hasClose && MemberBitmap.isSet(bitmap, bit, closer: true)
        if try body(base + UInt64(bit), isClose) { taken += 1 }
        bit += 1
        if taken == limit {
          position.next = base + UInt64(bit)
          return
        }
      }
      position.next = base + MemberBitmap.rangeSize
      isThere = try cursor.next()
    }
    position.isExhausted = true
  }
}

extension GraphView {
  /// Whether a key was ever given to a node.
  func isKeyTaken(_ key: Text) throws -> Bool {
    try reading.get(.keys, NodeKey.bytes(key)) != nil
  }

  /// The last number given to a key with a prefix.
  func lastKeyNumber(prefix: Text) throws -> UInt64 {
    try NodeKey.lastNumber(prefix: prefix, reading)
  }
}
