// Preparing what happens to nodes.

import Base

extension Preparation {
  func createNode(
    _ given: [Text], _ explicitKey: Text?, _ properties: [Property],
    _ view: borrowing GraphView, _ applied: inout AppliedOperation
  ) throws {
    subject = Subject(node: nodes.next)
    var labels: [Text] = []
    for label in given where !labels.contains(label) {
      try Self.check(name: label, what: "label")
      labels.append(label)
    }
    guard labels.count <= WriteLimits.labels, properties.count <= WriteLimits.properties else {
      throw StemmaError(.limitReached, "a node has too many labels or properties")
    }
    try schema?.check(labels: labels)
    guard nodes.next.rawValue < NodeID.limit else {
      throw StemmaError(.limitReached, "the store has no node identities left")
    }
    let prefix = labels.lazy.compactMap { [schema] in schema?.keyPrefixes[$0] }.first
    var key = explicitKey
    var kept: [Property] = []
    kept.reserveCapacity(properties.count)
    for property in properties {
      subject.property = property.name
      try Self.check(property)
      if property.name == Names.key, prefix != nil || explicitKey != nil {
        key = try Self.givenKey(property.value, explicitKey)
        continue
      }
      let value = try schema?.check(property, ofNode: labels) ?? property.value
      guard !kept.contains(where: { $0.name == property.name }) else {
        throw StemmaError(.writeRejected, "the property `\(property.name)` is given twice")
      }
      if !value.isNull { kept.append(Property(property.name, value)) }
    }
    let node = nodes.next
    subject.property = Names.key
    if let key {
      try claim(key, prefix, view)
    } else if let prefix {
      key = try makeKey(prefix, view)
    }
    if let key { keys[key] = node }
    nodes.append(
      PendingNode(isNew: true, labels: labels, properties: kept, needsCheck: true))
    changes.append(.createNode(node, labels: labels, key: key, properties: kept))
    applied.node = node
    applied.key = key
  }

  /// A key given as the property `key`.
  private static func givenKey(_ value: Value, _ explicit: Text?) throws -> Text? {
    switch value {
    case .null: return explicit
    case .string(let text) where explicit == nil || explicit == text: return text
    default:
      throw StemmaError(
        .writeRejected, "the property `key` is the node's key: one string",
        advice: "leave it out, and a key is made")
    }
  }

  /// Checks that a key given by the caller is free, and keeps our own numbers above it.
  private func claim(
    _ key: Text, _ prefix: Text?, _ view: borrowing GraphView
  ) throws {
    guard !key.isEmpty, key.utf8Count <= NodeKey.maximumBytes else {
      throw StemmaError(.writeRejected, "a key has 1 to \(NodeKey.maximumBytes) bytes")
    }
    guard keys[key] == nil, try !view.isKeyTaken(key) else {
      throw StemmaError(
        .writeRejected, "the key `\(key)` is taken", advice: "keys are never used again")
    }
    guard let prefix, let number = NodeKey.number(of: key, prefix: prefix) else { return }
    let last = try lastNumber(prefix, view)
    keyCounters[prefix] = max(last, number)
  }

  private func lastNumber(_ prefix: Text, _ view: borrowing GraphView) throws -> UInt64 {
    if let known = keyCounters[prefix] { return known }
    return try view.lastKeyNumber(prefix: prefix)
  }

  /// The next key with a prefix: dense.
  private func makeKey(_ prefix: Text, _ view: borrowing GraphView) throws -> Text {
    var number = try lastNumber(prefix, view) + 1
    // A key of a kind whose prefix begins like this one may have been given by hand.
    var key = Text("\(prefix)\(number)")
    while try keys[key] != nil || view.isKeyTaken(key) {
      number += 1
      key = Text("\(prefix)\(number)")
    }
    keyCounters[prefix] = number
    return key
  }

  // MARK: Changes

  func setProperty(
    _ property: Property, ofNode node: NodeID, _ view: borrowing GraphView
  ) throws {
    try Self.check(property)
    var pending = try pendingNode(node, view)
    if property.name == Names.key, try hasKey(node, pending, view) {
      throw StemmaError(
        .writeRejected, "the key of a node does not change", advice: "keep it as it is")
    }
    let value = try schema?.check(property, ofNode: pending.labels) ?? property.value
    let current = try pending.property(property.name) ?? storedValue(property.name, node, view)
    if PropertyCodec.isSame(value, current) { return }
    pending.set(Property(property.name, value))
    if value.isNull { pending.needsCheck = true }
    nodes[node] = pending
    changes.append(.setNodeProperty(node, Property(property.name, value)))
  }

  /// The value in the graph before this transaction's pending changes.
  func storedValue(_ name: Text, _ node: NodeID, _ view: borrowing GraphView) throws -> Value {
    guard node.rawValue < nodes.first, let symbol = try view.symbol(for: name) else {
      return .null
    }
    return try view.property(symbol, of: node)
  }

  /// Whether the node has a key of the table of keys, not only a property that is called so.
  private func hasKey(
    _ node: NodeID, _ pending: PendingNode, _ view: borrowing GraphView
  ) throws -> Bool {
    if keys.values.contains(node) { return true }
    guard !pending.isNew, case .string(let key) = try storedValue(Names.key, node, view) else {
      return false
    }
    return try view.node(key: key) == node
  }

  func setLabel(
    _ label: Text, _ isSet: Bool, of node: NodeID, _ view: borrowing GraphView
  ) throws {
    try Self.check(name: label, what: "label")
    var pending = try pendingNode(node, view)
    guard pending.labels.contains(label) != isSet else { return }
    if isSet {
      guard pending.labels.count < WriteLimits.labels else {
        throw StemmaError(.limitReached, "a node may have \(WriteLimits.labels) labels")
      }
      pending.labels.append(label)
    } else {
      pending.labels.removeAll { $0 == label }
    }
    try schema?.check(labels: pending.labels)
    pending.needsCheck = true
    nodes[node] = pending
    changes.append(isSet ? .addLabel(node, label) : .removeLabel(node, label))
  }

  func deleteNode(
    _ node: NodeID, _ detach: Bool, _ view: borrowing GraphView,
    _ applied: inout AppliedOperation
  ) throws {
    var pending = try pendingNode(node, view)
    if detach {
      for edge in try liveEdges(of: node, view) {
        try deleteEdge(edge, view)
        applied.detachedEdges.append(edge)
      }
    } else {
      deletedAlone.append(node)
    }
    pending.isEnded = true
    nodes[node] = pending
    changes.append(.deleteNode(node))
  }

  /// The edges that a node has now, pending ones included, in the order of their identities.
  func liveEdges(of node: NodeID, _ view: borrowing GraphView) throws -> [EdgeID] {
    var adjacent: [AdjacentEdge] = []
    if node.rawValue < nodes.first || view.nodeLimit > nodes.first {
      try view.expand(node, .both, types: [], into: &adjacent)
    }
    var live = Set(adjacent.map(\.edge))
    for edge in newEdges(of: node) { live.insert(edge) }
    return live.filter { edges[$0]?.isEnded != true }.sorted()
  }
}
