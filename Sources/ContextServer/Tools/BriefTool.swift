// `brief`: what a critic should know of a proposal, in one page under a budget of tokens. Whole
// records only; each part has its share, and says how much of it is shown.

import Base
import Lineage
import Stemma

struct BriefTool: ContextTool {
  let name = "brief"
  let title = "A history brief for one proposal"
  let description = """
    One page about a proposal for who must judge it: the change, what was tried like it, what \
    failed from the same base, its line of descent, the noise floor, findings that are in doubt, \
    the budget left. Cut to `tokens`, whole records only.
    """
  let input: StaticString = """
    {"type": "object", "required": ["key"], "additionalProperties": false, "properties": {
      "key": {"type": "string", "description": "a proposal, such as P42"},
      "tokens": {"type": "integer", "minimum": 200, "maximum": 8000, "default": 4000},
      "asOf": {"type": "integer", "description": "a transaction: the brief as it was then"}}}
    """
  let output: StaticString = """
    {"type": "object", "required": ["key", "tokens", "estimator", "parts", "snapshot"],
     "properties": {
      "key": {"type": "string"}, "tokens": {"type": "integer"}, "estimator": {"type": "string"},
      "snapshot": {"type": "integer"}, "parts": {"type": "array", "items": {"type": "object",
        "properties": {"name": {"type": "string"}, "shown": {"type": "integer"},
          "available": {"type": "integer"}, "keys": {"type": "array"}}}}}}
    """

  /// A token is about four bytes of such text.
  private static let bytesPerToken = 4

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    let wanted = try arguments.required("key")
    let tokens = try arguments.integer("tokens", default: 4_000, in: 200...8_000)
    var options = try TreeSchema.options(arguments)
    let subject = try database.query(
      """
      MATCH (p:Proposal {key: $key}) OPTIONAL MATCH (p)-[:IN*1..3]->(c:Campaign)
      RETURN p.key, p.title, p.hypothesis, p.changed, p.predictedEffect, c.key, p.status
      """, parameters: ["key": .text(RecordKey(wanted)?.description ?? wanted)], options: options)
    guard let row = subject.rows.first, let key = row[0].string else {
      throw StemmaError(
        .keyNotFound, "there is no proposal \(wanted)", advice: "keys look like P42")
    }
    options.asOf = .transaction(subject.snapshot)
    var page = BriefPage(budgetBytes: tokens * Self.bytesPerToken)
    page.open(
      "# \(key) \(row[1].string ?? "")\n\n\(row[2].string ?? "")\n"
        + "Changed: \(JSON.line(row[3])). Predicted effect: \(JSON.line(row[4])). "
        + "Status: \(row[6].string ?? "").\n")
    for part in try parts(key, campaign: row[5], database, options) { page.add(part) }
    return ToolAnswer(
      structure: JSON.object([
        ("key", .text(key)),
        ("tokens", JSON.integer((page.text.utf8.count + 3) / Self.bytesPerToken)),
        ("estimator", .text("bytes / \(Self.bytesPerToken)")), ("parts", .list(page.accounts)),
        ("snapshot", .integer(Int64(clamping: subject.snapshot.rawValue))),
      ]), text: page.text)
  }

  private func parts(
    _ key: String, campaign: Value, _ database: Database, _ options: QueryOptions
  ) throws -> [BriefPage.Part] {
    let about: [String: Value] = ["key": .text(key)]
    let where_: [String: Value] = ["campaign": campaign]
    let like = try TriedBeforeTool.rows(
      like: TriedBeforeTool.Change(proposal: key, database), database, limit: 100,
      asOf: options.asOf)
    func named(
      _ name: String, _ title: String, _ share: Double, _ given: [String: Value]
    ) throws -> BriefPage.Part {
      let query = try NamedQueries.shipped(named: name)
      let rows = try RowPage.run(
        query.text, try query.arguments(given), database, limit: 200, asOf: options.asOf)
      return BriefPage.Part(title: title, share: share, rows: rows)
    }
    return [
      BriefPage.Part(title: "Tried before, most alike first", share: 0.45, rows: like),
      try named("failed-siblings", "Failed from the same base", 0.2, about),
      try named("noise", "Noise floor", 0.05, where_),
      try named("best-lineage", "The best lineage", 0.15, where_),
      try named("contradicted", "Findings in doubt", 0.1, [:]),
      try named("budget", "Budget", 0.05, where_),
    ]
  }
}
