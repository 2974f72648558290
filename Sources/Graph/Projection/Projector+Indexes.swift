// Ordered indexes: entries with the transactions from and until which they hold. Entries are never
// deleted, so that a seek AS OF finds what was there.

import Base
import Store

/// What a node's entry in an index was before a change.
struct AffectedIndex {
  var index: IndexRecord
  var values: IndexValues?
}

extension Projector {
  /// The entries of a node in the indexes of its labels that `isAffected`, before a change;
  /// `evenWithout` names a label that it may be about to get.
  func affectedIndexes(
    of node: NodeID, _ store: borrowing WriteTransaction, evenWithout label: Symbol? = nil,
    _ isAffected: (IndexRecord) -> Bool
  ) throws -> [AffectedIndex] {
    let candidates = indexes.filter { $0.isInForce && isAffected($0) }
    if candidates.isEmpty { return [] }
    return try read(store) { view in
      let labels = try view.labels(of: node)
      let matching = candidates.filter { labels.contains($0.label) || $0.label == label }
      if matching.isEmpty { return [] }
      return try matching.map {
        AffectedIndex(index: $0, values: try Self.values($0, node, labels, view))
      }
    }
  }

  private static func values(
    _ index: IndexRecord, _ node: NodeID, _ labels: [Symbol], _ view: borrowing GraphView
  ) throws -> IndexValues? {
    guard labels.contains(index.label) else { return nil }
    var properties: [(name: Symbol, value: Value)] = []
    for name in index.properties {
      properties.append((name, try view.property(name, of: node)))
    }
    return try IndexKey.values(index, properties)
  }

  /// Ends the entries that no longer hold and adds those that do.
  func updateEntries(
    _ affected: [AffectedIndex], _ node: NodeID, _ store: inout WriteTransaction
  ) throws {
    for before in affected {
      let now = try read(store) { view in
        try Self.values(before.index, node, try view.labels(of: node), view)
      }
      if now == before.values { continue }
      if let old = before.values { try endEntry(before.index, old, node, &store) }
      if let now { try addEntry(before.index, now, node, isNew: false, &store) }
    }
  }

  /// Adds an entry for a node, which `isNew` where it was made by this transaction.
  func addEntry(
    _ index: IndexRecord, _ values: IndexValues, _ node: NodeID, isNew: Bool,
    _ store: inout WriteTransaction
  ) throws {
    count(.indexEntries, index.number, 1)
    let key = IndexKey.entry(index.number, values, node)
    if isNew, entries != nil, !index.definition.isUnique {
      entries![index.number, default: EntryBuffer()]
        .add(key, firstCount: values.firstCount, values.isCut, from: head.transaction)
      return
    }
    if try !hasFirstValue(index, values, store) { count(.indexDistinct, index.number, 1) }
    // A node may come back to values that it had before.
    var entry = isNew ? [] : try store.reading.copy(.indexes, key) ?? []
    let transaction = head.transaction.rawValue
    entry.appendVariable(
      entry.isEmpty ? transaction << 1 | (values.isCut ? 1 : 0) : transaction)
    try store.put(.indexes, key, entry)
  }

  /// Whether the first property of the index has had this value before, on any node.
  private func hasFirstValue(
    _ index: IndexRecord, _ values: IndexValues, _ store: borrowing WriteTransaction
  ) throws -> Bool {
    let prefix = IndexKey.prefix(index.number) + values.bytes.prefix(values.firstCount)
    let reading = store.reading
    var cursor = try reading.cursor(.indexes)
    return try cursor.seek(prefix.span.bytes) && cursor.keyStarts(with: prefix.span.bytes)
  }

  private func endEntry(
    _ index: IndexRecord, _ values: IndexValues, _ node: NodeID,
    _ store: inout WriteTransaction
  ) throws {
    let key = IndexKey.entry(index.number, values, node)
    guard var entry = try store.reading.copy(.indexes, key) else {
      throw StemmaError.damaged("indexes", "an entry is missing")
    }
    entry.appendVariable(head.transaction.rawValue)
    try store.put(.indexes, key, entry)
    count(.indexEntries, index.number, -1)
  }

  // MARK: Definitions

  func defineSchema(_ type: GraphType, _ store: inout WriteTransaction) throws {
    try store.put(
      .schema, SchemaRecord.key(head.transaction), SchemaRecord.encode(type))
    schema = CompiledSchema(type)
    head.schemaTransaction = head.transaction
    forgetCatalogue()
    for definition in type.indexes
    where !indexes.contains(where: { $0.isInForce && $0.definition.name == definition.name }) {
      try createIndex(definition, &store)
    }
  }

  /// Defines an index and makes the entries of the nodes that there are, from this transaction on.
  func createIndex(_ definition: IndexDefinition, _ store: inout WriteTransaction) throws {
    var properties: [Symbol] = []
    let label = try symbol(definition.label, &store)
    for name in definition.properties { properties.append(try symbol(name, &store)) }
    let record = IndexRecord(
      number: head.indexCount, definition: definition, label: label, properties: properties,
      created: head.transaction)
    head.indexCount += 1
    head.schemaTransaction = head.transaction
    try store.put(.schema, IndexRecord.key(record.number), record.bytes)
    indexes.append(record)
    forgetCatalogue()
    try flushBitmaps(&store)
    var position = ScanPosition()
    var nodes: [NodeID] = []
    while !position.isExhausted {
      nodes.removeAll(keepingCapacity: true)
      try read(store) { view in
        try view.scanNodes(label: label, after: &position, into: &nodes, limit: 1024)
      }
      for node in nodes {
        let values = try read(store) { view in try Self.values(record, node, [label], view) }
        if let values { try addEntry(record, values, node, isNew: true, &store) }
      }
    }
  }

  func dropIndex(_ name: Text, _ store: inout WriteTransaction) throws {
    for position in indexes.indices
    where indexes[position].isInForce && indexes[position].definition.name == name {
      indexes[position].dropped = head.transaction
      let record = indexes[position]
      try store.put(.schema, IndexRecord.key(record.number), record.bytes)
      head.schemaTransaction = head.transaction
      forgetCatalogue()
    }
  }
}
