// `tried_before`: the earlier proposals that are most like a change, found by `Recall`.

import Base
import Recall
import Stemma

struct TriedBeforeTool: ContextTool {
  let index: RecallIndex

  let name = "tried_before"
  let title = "Was this tried before?"
  let description = """
    The earlier proposals most like a change, with what became of them and why. Give the key of a \
    proposal, or assignments such as ["order=4"], a unified difference, words of the idea, or \
    several of these. Ask this before every proposal. A near duplicate needs a stated difference.
    """
  let input: StaticString = """
    {"type": "object", "additionalProperties": false, "properties": {
      "key": {"type": "string", "description": "a proposal, such as P42"},
      "base": {"type": "string", "description": "the proposal that the change is made to"},
      "assignments": {"type": "array", "items": {"type": "string"}, "description": "name=value"},
      "difference": {"type": "string", "description": "a unified difference"},
      "words": {"type": "string", "description": "what the idea is about"},
      "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
      "cursor": {"type": "string"}}}
    """
  let output: StaticString = """
    {"type": "object", "required": ["rows", "shown", "available", "complete", "snapshot"],
     "properties": {
      "rows": {"type": "array", "items": {"type": "object"}}, "shown": {"type": "integer"},
      "available": {"type": "integer"}, "complete": {"type": "boolean"},
      "duplicate": {"type": "object", "description": "what it repeats, exactly or nearly"},
      "snapshot": {"type": "integer"}, "cursor": {"type": "string"}}}
    """

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    let limit = try arguments.integer("limit", default: 10, in: 1...100)
    let cursor = try arguments.string("cursor").map { try RowCursor($0) }
    let found = try index.triedBefore(
      try subject(arguments), limit: limit, offset: cursor?.offset ?? 0, at: cursor?.snapshot)
    let page = RowPage.fitting(found.entries.map(\.value))
    let end = (cursor?.offset ?? 0) + page.count
    return ToolAnswer(
      Value.object([
        ("rows", .list(page)), ("shown", JSON.integer(page.count)),
        ("available", JSON.integer(found.available)),
        ("complete", .boolean(end >= found.available)),
        ("duplicate", found.duplicate.map(Self.duplicate)),
        ("snapshot", .integer(Int64(clamping: found.snapshot.rawValue))),
        (
          "cursor",
          end < found.available
            ? .text(RowCursor(snapshot: found.snapshot, offset: end).text) : nil
        ),
      ]))
  }

  static func duplicate(_ finding: DuplicateFinding) -> Value {
    Value.object([
      ("kind", .text(finding.kind.rawValue)), ("key", .string(finding.key)),
      ("score", .float(finding.score)),
      ("differing", .list(finding.differing.map { .string($0) })),
    ])
  }

  private func subject(_ arguments: ToolArguments) throws -> BriefRequest.Subject {
    var change = ProposedChange()
    change.title = try arguments.string("words") ?? ""
    change.assignments = try arguments.strings("assignments").map { Text($0) }
    change.difference = Array((try arguments.string("difference") ?? "").utf8)
    change.base = try arguments.string("base")
    if let key = try arguments.string("key") {
      guard change == ProposedChange() else {
        throw StemmaError(
          .argumentInvalid, "a key says all of a change",
          advice: "give the key alone, or assignments, difference and words without it")
      }
      return .proposal(key)
    }
    guard change != ProposedChange() else {
      throw StemmaError(
        .argumentInvalid, "tried_before needs a key, assignments, a difference or words",
        advice: "for example {\"assignments\": [\"order=4\"]}")
    }
    return .change(change)
  }
}
