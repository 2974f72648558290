// `query`: any question in Cypher, read-only and under limits.

import Base
import Lineage
import Stemma

struct QueryTool: ContextTool {
  let name = "query"
  let title = "Ask in Cypher"
  let description = """
    Runs one read-only openCypher query, or a named one such as @failed-siblings (resources list \
    them). The prompt cypher-guide has the schema and examples. Put values into parameters. For \
    more rows call again with the same text and the cursor. An answer that is cut says so: limits \
    are 100,000 rows, 10 s, 256 MiB and 5,000,000 path expansions.
    """
  let input: StaticString = """
    {"type": "object", "required": ["text"], "additionalProperties": false, "properties": {
      "text": {"type": "string", "description": "Cypher, or @name"},
      "parameters": {"type": "object", "description": "values for $names"},
      "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50},
      "cursor": {"type": "string", "description": "from an answer to the same text"}}}
    """
  let output = RowSchema.text

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    var text = try arguments.required("text")
    var parameters: [String: Value] = [:]
    for entry in try arguments.map("parameters").entries {
      parameters[entry.key.string] = entry.value
    }
    if text.hasPrefix("@") {
      let named = try NamedQueries.shipped(named: text)
      (text, parameters) = (named.text, try named.arguments(parameters, in: database))
    }
    return ToolAnswer(
      try RowPage.run(
        text, parameters, database,
        limit: try arguments.integer("limit", default: 50, in: 1...1_000),
        cursor: try arguments.string("cursor")))
  }
}

/// The schema of answers that are rows.
enum RowSchema {
  static let text: StaticString = """
    {"type": "object",
     "required": ["columns", "rows", "shown", "available", "complete", "snapshot"],
     "properties": {
      "columns": {"type": "array", "items": {"type": "string"}},
      "rows": {"type": "array", "items": {"type": "object"}},
      "shown": {"type": "integer"}, "available": {"type": "integer"},
      "complete": {"type": "boolean"}, "stoppedBy": {"type": "string"}, "note": {"type": "string"},
      "snapshot": {"type": "integer"}, "cursor": {"type": "string"}}}
    """
}
