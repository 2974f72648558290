// Names against the schema in force, where there is one. A label that no node can have is surely
// misspelt: answering with no rows would be a wrong answer to what was meant.

import Base
import Cypher

extension Binder {
  /// Throws `query.semantics` for a label that the schema does not know. In an expression `x:NAME`
  /// may ask for the type of a relationship, too.
  func checkLabels(_ labels: [Name], orTypes: Bool = false) throws {
    guard let schema = environment.schema else { return }
    for label in labels where !schema.nodeTypes.contains(where: { $0.label == label.text }) {
      if orTypes, schema.edgeTypes.contains(where: { $0.type == label.text }) { continue }
      throw unknown(label, "label", ":", among: schema.nodeTypes.map(\.label), of: schema)
    }
  }

  /// Throws `query.semantics` for a relationship type that the schema does not know.
  func checkTypes(_ types: [Name]) throws {
    guard let schema = environment.schema else { return }
    for type in types
    where !schema.edgeTypes.indices.contains(where: { schema.edgeTypes[$0].type == type.text }) {
      throw unknown(type, "relationship type", ":", among: schema.edgeTypes.map(\.type), of: schema)
    }
  }

  /// Throws `query.semantics` for a property that nothing in the schema has, read from something
  /// that can only be a node or a relationship.
  func checkProperty(_ name: Name, of type: StaticType) throws {
    guard let schema = environment.schema, type.isOnly([.node, .edge]), type != .null else {
      return
    }
    if name.text == "key" { return }
    let mayBeNode = type.kinds.contains(.node)
    let mayBeEdge = type.kinds.contains(.edge)
    // By index: copying each kind and property out of its array would cost more than comparing.
    for kind in schema.nodeTypes.indices where mayBeNode {
      if schema.nodeTypes[kind].properties.hasProperty(name.text) { return }
    }
    for kind in schema.edgeTypes.indices where mayBeEdge {
      if schema.edgeTypes[kind].properties.hasProperty(name.text) { return }
    }
    let nodes = mayBeNode ? schema.nodeTypes.flatMap(\.properties) : []
    let edges = mayBeEdge ? schema.edgeTypes.flatMap(\.properties) : []
    let known = (nodes + edges).map(\.name)
    throw unknown(name, "property", ".", among: known, of: schema)
  }

  private func unknown(
    _ name: Name, _ word: String, _ sign: String, among known: [Text], of schema: GraphType
  ) -> StemmaError {
    let near = Suggestion.nearest(to: name.text.string, among: known.lazy.map(\.string))
    let detail = ["label": "UnknownLabel", "property": "UnknownProperty"][word]
    return semanticError(
      detail ?? "UnknownRelationshipType",
      "the schema \(schema.name) has no \(word) \(name.text)", at: name.range,
      advice: near.map { "Did you mean \(sign)\($0)?" } ?? "`stemma schema` shows all.")
  }
}

extension [PropertyType] {
  fileprivate func hasProperty(_ name: Text) -> Bool {
    for index in indices where self[index].name == name { return true }
    return false
  }
}

extension LabelExpression {
  /// Every label that is named.
  var names: [Name] {
    switch self {
    case .label(let name): [name]
    case .and(let parts), .or(let parts): parts.flatMap(\.names)
    case .not(let inner): inner.names
    case .any: []
    }
  }
}
