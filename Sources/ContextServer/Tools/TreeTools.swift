// `why` and `lineage`: the trees that people see, as text and as nested objects.

import Base
import Lineage
import Rendering
import Stemma

struct WhyTool: ContextTool {
  let name = "why"
  let title = "Why is it believed?"
  let description = """
    Walks from a record (a finding, proposal, comparison, eval) down to the runs, seeds and files \
    that it stands on. Use it before you rely on a claim.
    """
  let input: StaticString = """
    {"type": "object", "required": ["key"], "additionalProperties": false, "properties": {
      "key": {"type": "string", "description": "a record, such as F3 or P42"},
      "depth": {"type": "integer", "minimum": 1, "maximum": 20, "default": 4},
      "asOf": {"type": "integer", "description": "a transaction: what it stood on then"}}}
    """
  let output = TreeSchema.text

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    let key = try arguments.required("key")
    let options = try TreeSchema.options(arguments)
    // A tree that is too large is drawn again with fewer records to a step, never cut in a line.
    var breadth = 12
    while true {
      let evidence = try Evidence.of(
        key, in: database, options: options,
        limits: EvidenceLimits(
          depth: try arguments.integer("depth", default: 4, in: 1...20), breadth: breadth))
      var json = JSONText()
      EvidenceText.write(evidence.root, to: &json)
      let text = EvidenceText.tree(evidence.root, quotes: true).render()
      if json.text.utf8.count + text.utf8.count <= 2 * RowPage.maximumBytes || breadth == 1 {
        return try TreeSchema.answer(
          json.text, text, shown: evidence.records, complete: evidence.complete,
          evidence.snapshot)
      }
      breadth /= 2
    }
  }
}

struct LineageTool: ContextTool {
  let name = "lineage"
  let title = "Family tree of a proposal"
  let description = """
    The ancestors of a proposal back to the baseline, or its descendants, or the whole tree of a \
    campaign, each with its outcome and confirmed effect.
    """
  let input: StaticString = """
    {"type": "object", "required": ["key"], "additionalProperties": false, "properties": {
      "key": {"type": "string", "description": "a proposal, run, eval or campaign"},
      "direction": {"type": "string", "enum": ["ancestors", "descendants"]},
      "limit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
      "asOf": {"type": "integer", "description": "a transaction: the tree as it was"}}}
    """
  let output = TreeSchema.text

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    let key = try arguments.required("key")
    let startsATree = [.campaign, .round].contains(RecordKey(key)?.kind)
    let word = try arguments.string("direction") ?? (startsATree ? "descendants" : "ancestors")
    guard let direction = Descent.Direction(rawValue: word) else {
      throw StemmaError(
        .argumentInvalid, "direction is ancestors or descendants, not \"\(word)\"")
    }
    var limit = try arguments.integer("limit", default: 100, in: 1...500)
    while true {
      let descent = try Descent.of(
        key, direction: direction, in: database, options: try TreeSchema.options(arguments),
        limit: limit)
      var json = JSONText()
      DescentText.write(descent.root, to: &json)
      let text = DescentText.tree(descent.root, quotes: true).render()
      if json.text.utf8.count + text.utf8.count <= 2 * RowPage.maximumBytes || limit == 1 {
        return try TreeSchema.answer(
          json.text, text, shown: descent.shown, complete: descent.complete, descent.snapshot)
      }
      limit /= 2
    }
  }
}

/// What answers with trees share.
enum TreeSchema {
  static let text: StaticString = """
    {"type": "object", "required": ["tree", "shown", "complete", "snapshot"], "properties": {
      "tree": {"type": "object"}, "shown": {"type": "integer"}, "complete": {"type": "boolean"},
      "snapshot": {"type": "integer"}}}
    """

  static func options(_ arguments: ToolArguments) throws -> QueryOptions {
    var asOf: SnapshotTime?
    if arguments.value("asOf") != nil {
      let number = try arguments.integer("asOf", default: 0, in: 0...Int.max)
      asOf = .transaction(TransactionNumber(UInt64(number)))
    }
    return QueryOptions(asOf: asOf, limits: RowPage.limits)
  }

  static func answer(
    _ tree: String, _ text: String, shown: Int, complete: Bool, _ snapshot: TransactionNumber
  ) throws -> ToolAnswer {
    let parsed = try? StrictJSON.parse(Array(tree.utf8), limits: JSON.deepLimits)
    let structure = Value.object([
      ("tree", parsed ?? .map(ValueMap())), ("shown", JSON.integer(shown)),
      ("complete", .boolean(complete)),
      ("snapshot", .integer(Int64(clamping: snapshot.rawValue))),
    ])
    let closing =
      complete ? "" : "not complete: shown \(shown) records; ask for a part of it by its key\n"
    return ToolAnswer(structure: structure, text: text + closing)
  }
}
