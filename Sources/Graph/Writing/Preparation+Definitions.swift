// Preparing schemas and indexes, and the values that an index wants unique.

import Base

extension Preparation {
  func defineSchema(_ type: GraphType) throws {
    let next = CompiledSchema(type)
    try Self.checkNames(type)
    if let schema {
      if schema.type == type { return }
      try schema.checkSuccessor(next)
    } else if nodes.first > 0 {
      throw StemmaError(
        .writeRejected, "the graph has nodes already and no schema: they may not fit one",
        advice: "define the schema in an empty store, and import into it")
    }
    for definition in type.indexes where !indexNames.contains(definition.name) {
      try check(definition)
      indexNames.insert(definition.name)
    }
    schema = next
    changes.append(.defineSchema(type))
  }

  private static func checkNames(_ type: GraphType) throws {
    for node in type.nodeTypes {
      try check(name: node.label, what: "label")
      for property in node.properties { try check(name: property.name, what: "property name") }
      guard let prefix = node.keyPrefix else { continue }
      guard (1...WriteLimits.keyPrefixBytes).contains(prefix.utf8Count) else {
        throw StemmaError(
          .writeRejected, "a key prefix has 1 to \(WriteLimits.keyPrefixBytes) bytes")
      }
    }
    for edge in type.edgeTypes {
      try check(name: edge.type, what: "edge type")
      for property in edge.properties { try check(name: property.name, what: "property name") }
    }
  }

  func createIndex(_ definition: IndexDefinition) throws {
    try check(definition)
    guard !indexNames.contains(definition.name) else {
      throw StemmaError(
        .writeRejected, "there is an index `\(definition.name)` already",
        advice: "choose another name, or drop the old one first")
    }
    guard !definition.isUnique || nodes.first == 0 else {
      throw StemmaError(
        .writeRejected, "a unique index cannot be made once there are nodes",
        advice: "declare it in the schema of a new store")
    }
    indexNames.insert(definition.name)
    changes.append(.createIndex(definition))
  }

  func dropIndex(_ name: Text) throws {
    guard indexNames.contains(name) else {
      throw StemmaError(
        .writeRejected, "there is no index `\(name)`",
        advice: Suggestion.nearest(to: name, among: indexNames.sorted()).map {
          "did you mean `\($0)`?"
        })
    }
    indexNames.remove(name)
    indexes.removeAll { $0.definition.name == name }
    changes.append(.dropIndex(name: name))
  }

  private func check(_ definition: IndexDefinition) throws {
    try Self.check(name: definition.name, what: "index name")
    try Self.check(name: definition.label, what: "label")
    guard (1...WriteLimits.indexProperties).contains(definition.properties.count),
      Set(definition.properties).count == definition.properties.count
    else {
      throw StemmaError(
        .writeRejected, "an index covers 1 to \(WriteLimits.indexProperties) different properties")
    }
    for name in definition.properties { try Self.check(name: name, what: "property name") }
  }

  // MARK: Unique values

  /// Throws where two nodes would have equal values in a unique index.
  func checkUnique(_ view: borrowing GraphView) throws {
    for index in indexes where index.definition.isUnique {
      var taken: [EquivalenceKey: NodeID] = [:]
      for (offset, pending) in nodes.created.enumerated() {
        let node = NodeID(nodes.first + UInt64(offset))
        try check(pending, node, index, &taken, view)
      }
      for (node, pending) in nodes.touched.sorted(by: { $0.key < $1.key }) {
        try check(pending, node, index, &taken, view)
      }
    }
  }

  private func check(
    _ pending: PendingNode, _ node: NodeID, _ index: IndexRecord,
    _ taken: inout [EquivalenceKey: NodeID], _ view: borrowing GraphView
  ) throws {
    guard !pending.isEnded, pending.labels.contains(index.definition.label) else { return }
    var properties: [(name: Symbol, value: Value)] = []
    for (symbol, name) in zip(index.properties, index.definition.properties) {
      properties.append((symbol, try pending.property(name) ?? storedValue(name, node, view)))
    }
    guard properties.allSatisfy({ !$0.value.isNull }) else { return }
    subject = Subject(node: node, property: index.definition.properties.first)
    let values = EquivalenceKey(properties.map(\.value))
    let other = try taken[values] ?? holder(of: values.values, index, node, view)
    if let other, other != node {
      let what = index.definition.properties.map(\.string).joined(separator: ", ")
      throw StemmaError(
        .schemaViolation,
        "another \(index.definition.label) has the same \(what), which must be unique",
        advice: "look for it, and use that one")
    }
    taken[values] = node
  }

  /// Another node that holds the values now and is not about to give them up.
  private func holder(
    of values: [Value], _ record: IndexRecord, _ node: NodeID, _ view: borrowing GraphView
  ) throws -> NodeID? {
    let index = GraphIndex(
      number: record.number, definition: record.definition, label: record.label,
      properties: record.properties, entryCount: 0, distinctFirstValues: 0)
    var position = IndexPosition()
    var found: [NodeID] = []
    while !position.isExhausted {
      found.removeAll()
      try view.seek(
        index, prefix: values, range: nil, isDescending: false, after: &position, into: &found,
        limit: 16)
      for other in found where other != node && nodes[other] == nil { return other }
    }
    return nil
  }
}

extension LoggedOperation {
  /// Whether it defines something rather than changing data.
  var isDefinition: Bool {
    switch self {
    case .defineSchema, .createIndex, .dropIndex: true
    default: false
    }
  }
}
