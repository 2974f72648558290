// `brief`: what a critic should know of a proposal, in one page under a budget of tokens. The page
// is made by `Recall`; the same for the command line.

import Base
import Lineage
import Recall
import Stemma

struct BriefTool: ContextTool {
  let index: RecallIndex

  let name = "brief"
  let title = "A history brief for one proposal"
  let description = """
    One page about a proposal for who must judge it: what was tried like it, failures first, with \
    effects against the noise, critiques and decisions; its line of descent, findings in doubt, \
    noise floor, budget left, literature. Cut to `tokens`, whole records only; a part that has \
    more says with which cursor.
    """
  let input: StaticString = """
    {"type": "object", "required": ["key"], "additionalProperties": false, "properties": {
      "key": {"type": "string", "description": "a proposal, such as P42"},
      "tokens": {"type": "integer", "minimum": 200, "maximum": 20000, "default": 4000},
      "cursor": {"type": "string", "description": "more of one part, as an earlier brief says"},
      "asOf": {"type": "integer", "description": "a transaction: the brief as it was then"}}}
    """
  let output: StaticString = """
    {"type": "object", "required": ["key", "tokens", "estimator", "parts", "snapshot"],
     "properties": {
      "key": {"type": "string"}, "tokens": {"type": "integer"}, "estimator": {"type": "string"},
      "snapshot": {"type": "integer"}, "duplicate": {"type": "object"},
      "parts": {"type": "array", "items": {"type": "object",
        "properties": {"name": {"type": "string"}, "shown": {"type": "integer"},
          "available": {"type": "integer"}, "cursor": {"type": "string"},
          "keys": {"type": "array", "items": {"type": "string"}}}}}}}
    """

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    let key = try arguments.required("key")
    let brief = try index.brief(
      BriefRequest(
        .proposal(key),
        budgetTokens: try arguments.integer("tokens", default: 4_000, in: 200...20_000),
        asOf: try TreeSchema.options(arguments).asOf, cursor: try arguments.string("cursor")))
    return ToolAnswer(
      structure: Value.object([
        ("key", .text(RecordKey(key)?.description ?? key)), ("tokens", JSON.integer(brief.tokens)),
        ("estimator", .text(brief.estimator)), ("parts", .list(brief.parts.map(Self.account))),
        ("duplicate", brief.duplicate.map(TriedBeforeTool.duplicate)),
        ("snapshot", .integer(Int64(clamping: brief.snapshot.rawValue))),
      ]), text: brief.text)
  }

  private static func account(_ part: Brief.Part) -> Value {
    Value.object([
      ("name", .text(part.name)), ("shown", JSON.integer(part.shown)),
      ("available", JSON.integer(part.available)), ("cursor", part.cursor.map { .text($0) }),
      ("keys", .list(part.keys.map { .string($0) })),
    ])
  }
}
