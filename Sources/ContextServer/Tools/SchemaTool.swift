// `schema`: kinds, properties and edges, all of them in short or one of them whole.

import Base
import Stemma

struct SchemaTool: ContextTool {
  let name = "schema"
  let title = "Kinds, properties and edges"
  let description = """
    The labels with their key prefixes and the edges between them; with a label, its properties \
    with types and meaning. Names that are not here are errors in a query.
    """
  let input: StaticString = """
    {"type": "object", "additionalProperties": false, "properties": {
      "label": {"type": "string", "description": "such as Proposal"}}}
    """
  let output: StaticString = """
    {"type": "object", "properties": {
      "name": {"type": "string"}, "labels": {"type": "array", "items": {"type": "object"}},
      "edges": {"type": "array", "items": {"type": "string"}},
      "label": {"type": "string"}, "properties": {"type": "array", "items": {"type": "object"}}}}
    """

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    guard let schema = try database.schema() else { return ToolAnswer(try used(in: database)) }
    guard let label = try arguments.string("label") else { return ToolAnswer(overview(schema)) }
    guard let kind = schema.nodeTypes.first(where: { $0.label == Text(label) }) else {
      let nearest = Suggestion.nearest(to: label, among: schema.nodeTypes.map(\.label.string))
      throw StemmaError(
        .querySemantics, "the schema has no label \(label)",
        advice: nearest.map { "did you mean \($0)?" } ?? "ask without a label for all of them")
    }
    return ToolAnswer(page(kind, schema))
  }

  private func overview(_ schema: GraphType) -> Value {
    Value.object([
      ("name", .string(schema.name)),
      (
        "labels",
        .list(
          schema.nodeTypes.map { kind in
            Value.object([
              ("label", .string(kind.label)), ("keyPrefix", kind.keyPrefix.map { .string($0) }),
              ("about", .string(kind.documentation)),
            ])
          })
      ),
      ("edges", edges(schema.edgeTypes)),
    ])
  }

  private func page(_ kind: NodeType, _ schema: GraphType) -> Value {
    Value.object([
      ("label", .string(kind.label)), ("keyPrefix", kind.keyPrefix.map { .string($0) }),
      ("about", .string(kind.documentation)),
      (
        "properties",
        .list(
          kind.properties.map { property in
            Value.object([
              ("name", .string(property.name)), ("type", .text(property.valueType.gqlName)),
              ("required", .boolean(property.isRequired)),
              ("about", .string(property.documentation)),
            ])
          })
      ),
      ("edges", edges(schema.edgeTypes.filter { $0.from == kind.label || $0.to == kind.label })),
    ])
  }

  /// One line per edge type and pair of labels, without saying one twice.
  private func edges(_ types: [EdgeType]) -> Value {
    Value.strings(types.map { "(:\($0.from))-[:\($0.type)]->(:\($0.to))" })
  }

  /// Without a schema: what there is.
  private func used(in database: Database) throws -> Value {
    func column(_ query: String) throws -> [Text] {
      try database.query(query).rows.compactMap { row in
        if case .string(let name)? = row.first { return name }
        return nil
      }
    }
    return Value.object([
      ("name", .text("none")),
      (
        "labels",
        .list(try column("CALL db.labels()").map { Value.object([("label", .string($0))]) })
      ),
      ("edges", Value.strings(try column("CALL db.relationshipTypes()").map { "[:\($0)]" })),
    ])
  }
}
