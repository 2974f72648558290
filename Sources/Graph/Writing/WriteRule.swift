// A rule over what is written, beyond the schema: a mark that nodes may bear only where somebody
// above the graph finds them entitled to it. It is asked on every way by which nodes are written.

package import Base

/// Guards one value of one property of nodes.
public struct WriteRule: Sendable {
  /// A node that would bear the mark.
  package struct Bearer: Sendable {
    package let node: NodeID
    /// Its properties after the transaction.
    package let properties: [Text: Value]
    /// All that the transaction does.
    package let changes: [LoggedOperation]
  }

  let property: Text
  let value: Value
  /// Throws where the node may not bear the mark; `store` is the identity of the store.
  let check: @Sendable (Bearer, _ store: [UInt8], borrowing GraphView) throws -> Void

  package init(
    property: Text, value: Value,
    check: @escaping @Sendable (Bearer, _ store: [UInt8], borrowing GraphView) throws -> Void
  ) {
    self.property = property
    self.value = value
    self.check = check
  }

  /// Throws where a node that is written would bear the mark without being entitled to it. What of
  /// the changes `view` has already does not matter.
  func enforce(
    _ changes: [LoggedOperation], store: [UInt8], _ view: borrowing GraphView
  ) throws {
    var bearers: [NodeID: [Text: Value]] = [:]
    let symbol = try view.symbol(for: property)
    for (index, change) in changes.enumerated() {
      switch change {
      case .createNode(let node, _, _, let properties) where properties.contains(where: isMark):
        for entry in properties { bearers[node, default: [:]][entry.name] = entry.value }
      case .setNodeProperty(let node, let entry):
        let wasMarked = try symbol.map { try view.property($0, of: node) == value } ?? false
        if bearers[node] == nil, wasMarked || isMark(entry) {
          bearers[node] = try properties(of: node, changes[..<index], view)
        }
        bearers[node]?[entry.name] = entry.value
      default: break
      }
    }
    for (node, properties) in bearers where properties[property] == value {
      try check(Bearer(node: node, properties: properties, changes: changes), store, view)
    }
  }

  private func isMark(_ entry: Property) -> Bool {
    entry.name == property && entry.value == value
  }

  /// What a node has before the changes that follow.
  private func properties(
    of node: NodeID, _ changes: ArraySlice<LoggedOperation>, _ view: borrowing GraphView
  ) throws -> [Text: Value] {
    var properties: [Text: Value] = [:]
    for (name, value) in try view.properties(of: node) {
      properties[try view.name(of: name)] = value
    }
    for change in changes {
      switch change {
      case .createNode(node, _, _, let entries):
        for entry in entries { properties[entry.name] = entry.value }
      case .setNodeProperty(node, let entry): properties[entry.name] = entry.value
      default: break
      }
    }
    return properties
  }

  /// Throws where a row of a load bears the mark: rows come from elsewhere, so nobody is entitled.
  func enforce(_ rows: LoadRows) throws {
    guard rows.shapes.contains(where: { $0.names.contains(property) }) else { return }
    for request in try rows.requests() {
      guard case .createNode(_, _, let properties) = request, properties.contains(where: isMark)
      else { continue }
      throw StemmaError(
        .writeRejected, "a row that is loaded says \(property): \(value)",
        advice: "what is loaded from elsewhere cannot say that")
    }
  }
}
