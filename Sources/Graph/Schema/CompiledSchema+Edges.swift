// What the schema demands of edges: a known type between kinds that it joins, known properties, and
// at most one edge of a many-to-one type per start node. And what it demands of its own successor.

import Base

extension CompiledSchema {
  /// The pair of kinds that an edge joins; throws where the type does not join such nodes.
  func edgeKind(_ name: Text, from: [Text], to: [Text]) throws -> EdgeKind {
    guard let kinds = edgeKinds[name] else {
      throw violation(
        "there is no edge type `\(name)` in the schema `\(type.name)`", line: 0,
        advice: advice(for: name, among: edgeKinds.names, what: "edge types"))
    }
    if let kind = kinds.first(where: { from.contains($0.from) && to.contains($0.to) }) {
      return kind
    }
    let pairs = kinds.prefix(12).map { "\($0.from) to \($0.to)" }.joined(separator: ", ")
    throw violation(
      "\(name) does not lead from \(described(from)) to \(described(to))",
      line: kinds.first?.kind.line ?? 0,
      advice: "it leads from \(pairs)" + (kinds.count > 12 ? ", ..." : ""))
  }

  private func described(_ labels: [Text]) -> String {
    labels.isEmpty ? "a node without label" : labels.map(\.string).joined(separator: ":")
  }

  /// The value as the schema wants it; throws where such an edge may not have it.
  func check(_ property: Property, ofEdge name: Text, _ kind: EdgeKind) throws -> Value {
    guard let declared = kind.kind.properties[property.name] else {
      throw violation(
        "\(name) has no property `\(property.name)`", line: kind.kind.line,
        advice: advice(
          for: property.name, among: kind.kind.properties.names, what: "properties"))
    }
    return try check(property.value, declared.type, of: name)
  }

  /// Throws where a required property of an edge is missing.
  func checkRequired(
    ofEdge name: Text, _ kind: EdgeKind, has: (Text) throws -> Bool
  ) throws {
    for property in kind.kind.required where try !has(property.name) {
      throw violation(
        "\(name) needs a value for its property `\(property.name)`", line: property.line,
        advice: "give it a value of type \(property.valueType.gqlName)")
    }
  }

  /// The error for a second edge where there may be one.
  func secondEdge(_ name: Text, _ kind: EdgeKind) -> StemmaError {
    violation(
      "the \(kind.from) has an edge \(name) already, and may have one only",
      line: kind.kind.line, advice: "delete the other one first, or start from another node")
  }

  // MARK: Successors

  /// Throws unless `next` only adds: no kind, property or allowed value goes, no type changes, and
  /// kinds that exist get no new required property.
  func checkSuccessor(_ next: CompiledSchema) throws {
    for node in type.nodeTypes {
      guard let kind = next.nodeKinds[node.label] else {
        throw next.violation(
          "the new schema has no kind `\(node.label)`", line: 0, advice: Self.onlyAdds)
      }
      if let prefix = node.keyPrefix, next.keyPrefixes[node.label] != prefix {
        throw next.violation(
          "the new schema changes the key prefix of `\(node.label)`", line: kind.line,
          advice: Self.onlyAdds)
      }
      try next.check(kind, succeeds: node.properties, of: node.label)
    }
    for edge in type.edgeTypes {
      let pair = { (kind: EdgeKind) in kind.from == edge.from && kind.to == edge.to }
      guard let kind = next.edgeKinds[edge.type]?.first(where: pair) else {
        throw next.violation(
          "the new schema has no edge `\(edge.type)` from \(edge.from) to \(edge.to)", line: 0,
          advice: Self.onlyAdds)
      }
      if kind.isManyToOne, !edge.isManyToOne {
        throw next.violation(
          "the new schema restricts `\(edge.type)` to one edge", line: kind.kind.line,
          advice: Self.onlyAdds)
      }
      try next.check(kind.kind, succeeds: edge.properties, of: edge.type)
    }
  }

  private static let onlyAdds = "a schema may add kinds and properties, and take nothing away"

  private func check(_ kind: Kind, succeeds old: [PropertyType], of name: Text) throws {
    for property in old {
      guard let new = kind.properties[property.name]?.type else {
        throw violation(
          "the new schema has no property \(name).\(property.name)", line: kind.line,
          advice: Self.onlyAdds)
      }
      let isWider = new.valueType == property.valueType || new.valueType == .any
      let keeps =
        new.allowed.isEmpty
        || (!property.allowed.isEmpty && property.allowed.allSatisfy(new.allowed.contains))
      guard isWider, keeps, property.isRequired || !new.isRequired else {
        throw violation(
          "the new schema narrows \(name).\(property.name)", line: new.line,
          advice: Self.onlyAdds)
      }
    }
    let known = Set(old.map(\.name))
    for property in kind.required where !known.contains(property.name) {
      throw violation(
        "the new schema demands \(name).\(property.name) of nodes and edges that lack it",
        line: property.line, advice: "declare it without NOT NULL")
    }
  }
}
