// Projecting nodes: rows, keys, labels, and the versions of what changes later.

import Base
import Store

extension Projector {
  func createNode(
    _ node: NodeID, _ labels: [Text], _ key: Text?, _ properties: [Property],
    _ store: inout WriteTransaction
  ) throws {
    var labelSymbols: [Symbol] = []
    for label in labels { labelSymbols.append(try symbol(label, &store)) }
    labelSymbols.sort()
    var resolved = try resolve(properties, &store)
    if let key { resolved.append((try symbol(Names.key, &store), .string(key))) }
    resolved.sort { $0.name < $1.name }

    let start = nodeRows.bytes.count
    NodeRow.encode(
      creation: head.transaction, labels: labelSymbols, properties: resolved,
      into: &nodeRows.bytes)
    try noteValues(resolved.count, StatisticKind.nodeValues, labelSymbols, &nodeRows, start, store)
    nodeRows.close(node.rawValue)
    head.nodeLimit = node.rawValue + 1
    if let key { try setKey(key, node, labels, &store) }
    for label in labelSymbols {
      try mark(MemberBitmap.label, label, node.rawValue, store)
      count(.label, label.rawValue, 1)
    }
    for index in indexes where index.isInForce && labelSymbols.contains(index.label) {
      if let values = try IndexKey.values(index, resolved) {
        try addEntry(index, values, node, isNew: true, &store)
      }
    }
  }

  /// Enters a key, and keeps the numbers that are made for its prefix above it.
  private func setKey(
    _ key: Text, _ node: NodeID, _ labels: [Text], _ store: inout WriteTransaction
  ) throws {
    var identity: [UInt8] = []
    identity.appendIdentity(node.rawValue)
    try store.put(.keys, NodeKey.bytes(key), identity)
    guard let prefixes = schema?.keyPrefixes,
      let prefix = labels.lazy.compactMap({ prefixes[$0] }).first,
      let number = NodeKey.number(of: key, prefix: prefix)
    else { return }
    let last = try keyCounters[prefix] ?? NodeKey.lastNumber(prefix: prefix, store.reading)
    keyCounters[prefix] = max(last, number)
    changedCounters.insert(prefix)
  }

  func setProperty(
    _ property: Property, of node: NodeID, _ store: inout WriteTransaction
  ) throws {
    let name = try symbol(property.name, &store)
    let affected = try affectedIndexes(of: node, store) { $0.properties.contains(name) }
    let labels = try read(store) { view in try view.labels(of: node) }
    try note(property.value, of: name, StatisticKind.nodeValues, labels, store)
    try putVersion(VersionKind.nodeProperty, node.rawValue, name, property.value, &store)
    try setFlag(RowFlags.properties, ofNode: true, node.rawValue, &store)
    try updateEntries(affected, node, &store)
  }

  func setLabel(
    _ label: Text, _ isSet: Bool, of node: NodeID, _ store: inout WriteTransaction
  ) throws {
    let name = try symbol(label, &store)
    let affected = try affectedIndexes(of: node, store, evenWithout: name) { $0.label == name }
    let key = VersionKind.key(VersionKind.nodeLabel, node.rawValue, name, head.transaction)
    let value: [UInt8] = [isSet ? 1 : 0]
    try store.put(.versions, key, value)
    try setFlag(RowFlags.labels, ofNode: true, node.rawValue, &store)
    try mark(MemberBitmap.label, name, node.rawValue, closer: true, store)
    count(.label, name.rawValue, isSet ? 1 : -1)
    if isSet {
      for property in try read(store, { view in try view.properties(of: node) }) {
        try note(property.value, of: property.name, StatisticKind.nodeValues, [name], store)
      }
    }
    try updateEntries(affected, node, &store)
  }

  func endNode(_ node: NodeID, _ store: inout WriteTransaction) throws {
    let affected = try affectedIndexes(of: node, store) { _ in true }
    let labels = try read(store) { view in try view.labels(of: node) }
    for label in labels {
      count(.label, label.rawValue, -1)
      try mark(MemberBitmap.label, label, node.rawValue, closer: true, store)
    }
    try putEnd(VersionKind.nodeEnd, node.rawValue, &store)
    try setFlag(RowFlags.ended, ofNode: true, node.rawValue, &store)
    try mark(MemberBitmap.endedNodes, Symbol(0), node.rawValue, store)
    head.endedNodes += 1
    try updateEntries(affected, node, &store)
  }

  // MARK: Versions

  func putVersion(
    _ kind: UInt8, _ identity: UInt64, _ name: Symbol, _ value: Value,
    _ store: inout WriteTransaction
  ) throws {
    row.removeAll(keepingCapacity: true)
    PropertyCodec.encode(value, into: &row)
    let key = VersionKind.key(kind, identity, name, head.transaction)
    try store.put(.versions, key, row)
  }

  func putEnd(_ kind: UInt8, _ identity: UInt64, _ store: inout WriteTransaction) throws {
    var value: [UInt8] = []
    value.appendBig64(head.transaction.rawValue)
    try store.put(.versions, VersionKind.key(kind, identity), value)
  }

  /// Sets a flag of a node or an edge, where it is not set yet.
  func setFlag(
    _ flag: UInt8, ofNode: Bool, _ identity: UInt64, _ store: inout WriteTransaction
  ) throws {
    if identity < (ofNode ? head.sealedNodes : head.sealedEdges) {
      return try noteChange(flag, ofNode: ofNode, identity, &store)
    }
    let table = ofNode ? Table.nodes : Table.edges
    var key = RowBlock.key(identity)
    guard var copy = try copy(table, key, store) else {
      throw StemmaError.damaged(table.name, "a block is missing")
    }
    var place = try RowBlock.range(copy.span.bytes, identity)
    if place.isEmpty {
      key = RowBlock.longKey(identity)
      copy = try self.copy(table, key, store) ?? []
      place = 0..<copy.count
    }
    guard !place.isEmpty else { throw StemmaError.damaged(table.name, "a row is missing") }
    if copy[place.lowerBound] & flag != 0 { return }
    copy[place.lowerBound] |= flag
    try store.put(table, key, copy)
  }
}
