// What a model may do over the Model Context Protocol besides reading, for one named actor: what
// `Outside` does, and nothing else. No tool here decides, runs or removes anything.

package import Base
package import ContextServer
import Models
package import Stemma

package enum OutsideTools {
  /// The tools that write, in their fixed order. Throws `argument.invalid` for a name that cannot
  /// be an actor's.
  package static func all(
    by actor: String, in database: Database, surroundings: Surroundings
  ) throws -> [WritingTool] {
    _ = try Outside.actor(actor)
    return [
      WritingTool(
        name: "note", title: "Keep a note",
        description: """
          Keep what you think or found, with the records that it is about, for people and models \
          who come later. Nothing is decided by it.
          """,
        input: noteInput, output: keyOutput
      ) { arguments in
        try note(arguments, by: actor, in: database, surroundings: surroundings)
      },
      WritingTool(
        name: "critique", title: "Criticise a proposal",
        description: """
          Say what is wrong or right with a proposal. Each objection cites keys of records that \
          show it; one that cites nothing true is struck. No gate looks at it.
          """,
        input: critiqueInput, output: keyOutput
      ) { arguments in
        try critique(arguments, by: actor, in: database, surroundings: surroundings)
      },
      WritingTool(
        name: "propose", title: "Hand a proposal in",
        description: """
          Hand a change in to a campaign; ask tried_before first. It is checked at once and taken \
          by the loop in its turn, through every gate. What became of it: query \
          "MATCH (t:Control {key: 'CT5'}) OPTIONAL MATCH (t)-[:RESULTED_IN]->(p:Proposal) \
          RETURN p.key, p.status, t.failure".
          """,
        input: proposeInput, output: keyOutput
      ) { arguments in
        try propose(arguments, by: actor, in: database, surroundings: surroundings)
      },
    ]
  }

  // MARK: What they do

  private static func note(
    _ arguments: ValueMap, by actor: String, in database: Database, surroundings: Surroundings
  ) throws -> Value {
    var reader = try AnswerReader(.map(arguments), title: "the note")
    let limit = Outside.noteLimitBytes
    return kept(
      try Outside.note(
        reader.text("text", limitBytes: limit)?.string ?? "",
        title: reader.text("title")?.string ?? "",
        about: reader.texts("about", limit: 50).map(\.string),
        address: reader.text("address")?.string, by: actor, in: database,
        surroundings: surroundings))
  }

  private static func critique(
    _ arguments: ValueMap, by actor: String, in database: Database, surroundings: Surroundings
  ) throws -> Value {
    var answer = arguments
    var reader = try AnswerReader(.map(arguments), title: "the critique")
    let proposal = try reader.requiredText("proposal").string
    answer["proposal"] = nil
    let made = try Outside.critique(
      answer, of: proposal, by: actor, in: database, surroundings: surroundings)
    return kept(made.key, [("struck", .list(made.struck.map { .text($0) }))])
  }

  private static func propose(
    _ arguments: ValueMap, by actor: String, in database: Database, surroundings: Surroundings
  ) throws -> Value {
    var answer = arguments
    var reader = try AnswerReader(.map(arguments), title: "the proposal")
    let campaign = try Loop.campaign(reader.text("campaign")?.string, in: database)
    answer["campaign"] = nil
    return kept(
      try Outside.propose(
        answer, to: campaign, by: actor, in: database, surroundings: surroundings))
  }

  private static func kept(_ key: String, _ more: [(Text, Value)] = []) -> Value {
    .map(ValueMap([("key", .text(key))] + more))
  }

  // MARK: Schemas

  private static let keyOutput: StaticString = """
    {"type": "object", "required": ["key"], "properties": {
      "key": {"type": "string", "description": "of the record that was made"},
      "struck": {"type": "array", "items": {"type": "string"},
        "description": "objections that cite nothing true, with the reason"}}}
    """

  private static let noteInput: StaticString = """
    {"type": "object", "required": ["title", "text"], "additionalProperties": false,
     "properties": {
      "title": {"type": "string", "maxLength": 500},
      "text": {"type": "string", "maxLength": 16384},
      "about": {"type": "array", "maxItems": 50, "items": {"type": "string"},
        "description": "keys of records, such as P42"},
      "address": {"type": "string", "description": "where it comes from: a URL or a citation"}}}
    """

  private static let critiqueInput: StaticString = """
    {"type": "object", "required": ["proposal", "verdict", "summary"],
     "additionalProperties": false, "properties": {
      "proposal": {"type": "string", "description": "its key, such as P42"},
      "verdict": {"enum": ["approve", "revise", "reject"]},
      "summary": {"type": "string"},
      "objections": {"type": "array", "maxItems": 50, "items": {"type": "object",
        "required": ["text", "cites"], "additionalProperties": false, "properties": {
          "kind": {"enum": ["exact-duplicate", "near-duplicate", "failed-neighbour",
            "below-noise", "over-budget", "gaming", "other"]},
          "text": {"type": "string"},
          "cites": {"type": "array", "maxItems": 50, "items": {"type": "string"}}}}},
      "scores": {"type": "object"},
      "prediction": {"type": "object", "additionalProperties": false, "properties": {
        "outcome": {"enum": ["better", "worse", "indistinguishable", "invalid", "failed"]},
        "probability": {"type": "number", "minimum": 0, "maximum": 1}}}}}
    """

  private static let proposeInput: StaticString = """
    {"type": "object", "required": ["title", "hypothesis"], "additionalProperties": false,
     "properties": {
      "campaign": {"type": "string", "description": "needed where there are several"},
      "title": {"type": "string"}, "hypothesis": {"type": "string"},
      "base": {"type": "string", "description": "the proposal that is changed; else the best"},
      "parameters": {"type": "object", "description": "only what is to differ from the base"},
      "patches": {"type": "array", "items": {"type": "string"}},
      "files": {"type": "array", "maxItems": 200, "items": {"type": "object",
        "required": ["path"], "additionalProperties": false, "properties": {
          "path": {"type": "string"}, "content": {"type": "string"},
          "base64": {"type": "string"}, "removed": {"type": "boolean"}}}},
      "prediction": {"type": "object", "additionalProperties": false, "properties": {
        "metric": {"type": "string"}, "effect": {"type": "number"},
        "probability": {"type": "number", "minimum": 0, "maximum": 1}}},
      "statedDifference": {"type": "string", "description": "needed for a near duplicate"},
      "inspirations": {"type": "array", "maxItems": 20, "items": {"type": "string"}},
      "kind": {"type": "string"}, "costSeconds": {"type": "number"},
      "killCriterion": {"type": "string"}}}
    """
}
