// A schema made ready for checking every write: kinds by label, edges by type. The rules that it
// checks are in CompiledSchema+Nodes.swift and CompiledSchema+Edges.swift.

import Base

/// A graph type with its kinds in dictionaries.
final class CompiledSchema: Sendable {
  /// The properties of one kind, by name.
  final class Kind: Sendable {
    let properties: TextTable<Declaration>
    let required: [PropertyType]
    let line: Int

    init(_ list: [PropertyType], line: Int) {
      var table = TextTable<Declaration>()
      for property in list where table[property.name] == nil {
        table.set(property.name, Declaration(property))
      }
      properties = table
      required = list.filter(\.isRequired)
      self.line = line
    }
  }

  /// A declared property, not copied for each value that is checked.
  final class Declaration: Sendable {
    let type: PropertyType
    init(_ type: PropertyType) { self.type = type }
  }

  /// One pair of kinds that an edge type may join; not copied for each edge that is checked.
  final class EdgeKind: Sendable {
    let from: Text
    let to: Text
    let isManyToOne: Bool
    let kind: Kind

    init(_ edge: EdgeType) {
      from = edge.from
      to = edge.to
      isManyToOne = edge.isManyToOne
      kind = Kind(edge.properties, line: edge.line)
    }
  }

  let type: GraphType
  /// SHA-256 of the schema's text, for the header of every record.
  let sourceHash: Digest
  let nodeKinds: TextTable<Kind>
  let keyPrefixes: TextTable<Text>
  let edgeKinds: TextTable<[EdgeKind]>

  init(_ type: GraphType) {
    self.type = type
    sourceHash = SHA256.hash(type.source)
    var kinds = TextTable<Kind>()
    var prefixes = TextTable<Text>()
    for node in type.nodeTypes {
      kinds.set(node.label, Kind(node.properties, line: node.line))
      if let prefix = node.keyPrefix { prefixes.set(node.label, prefix) }
    }
    var edges = TextTable<[EdgeKind]>()
    for edge in type.edgeTypes {
      edges.set(edge.type, (edges[edge.type] ?? []) + [EdgeKind(edge)])
    }
    nodeKinds = kinds
    keyPrefixes = prefixes
    edgeKinds = edges
  }

  /// A violation that names a line of the schema (0 for none).
  func violation(_ message: String, line: Int, advice: String? = nil) -> StemmaError {
    var place: StemmaError.Place?
    if line > 0 {
      let lines = type.source.string.split(separator: "\n", omittingEmptySubsequences: false)
      let source = line <= lines.count ? String(lines[line - 1]) : ""
      let indent = source.utf8.prefix { $0 == 32 }.count
      let length = max(1, source.unicodeScalars.count - indent)
      place = .text(
        name: "schema \(type.name)", line: line, column: indent + 1, length: length,
        sourceLine: source)
    }
    return StemmaError(.schemaViolation, message, at: place, advice: advice)
  }

  /// Advice that names the nearest of the possible names, or lists them.
  func advice(for name: Text, among names: some Collection<Text>, what: String) -> String {
    let sorted = names.sorted()
    if let nearest = Suggestion.nearest(to: name, among: sorted) {
      return "did you mean `\(nearest)`?"
    }
    if sorted.isEmpty { return "the schema has no \(what) here" }
    let shown = sorted.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    return "the \(what) are \(shown)" + (sorted.count > 12 ? ", ..." : "")
  }
}
