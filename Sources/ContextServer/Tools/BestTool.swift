// `best`: what is believed to be best now, with its evidence.

import Base
import Stemma

struct BestTool: ContextTool {
  let name = "best"
  let title = "The best confirmed results"
  let description = """
    The confirmed proposals of a campaign, best first, with the mean over their runs and the \
    confirmed effect with its interval. A result that was only screened is not here: it is no \
    evidence.
    """
  let input: StaticString = """
    {"type": "object", "additionalProperties": false, "properties": {
      "campaign": {"type": "string", "description": "its key or name; all campaigns without it"},
      "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
      "cursor": {"type": "string"}}}
    """
  let output = RowSchema.text

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    let campaign = try arguments.string("campaign")
    if let campaign { try Self.require(campaign, database) }
    return ToolAnswer(
      try RowPage.run(
        Self.query, ["campaign": campaign.map { .text($0) } ?? .null], database,
        limit: try arguments.integer("limit", default: 10, in: 1...100),
        cursor: try arguments.string("cursor")))
  }

  /// A campaign that is not there has no results, which reads as if nothing had been confirmed.
  private static func require(_ campaign: String, _ database: Database) throws {
    let found = try database.query("MATCH (c:Campaign) RETURN c.key, c.name ORDER BY id(c)")
    let names = found.rows.map { row in
      row.compactMap { value in
        if case .string(let text) = value { text.string } else { nil }
      }
    }
    guard !names.contains(where: { $0.contains(campaign) }) else { return }
    let known = names.suffix(10).map { $0.joined(separator: " ") }.joined(separator: ", ")
    throw StemmaError(
      .keyNotFound, "there is no campaign \(campaign)",
      advice: known.isEmpty ? "this store has none" : "the newest are: \(known)")
  }

  private static let query = """
    MATCH (p:Proposal {status: 'confirmed'})-[:IN*1..3]->(c:Campaign)
    WHERE $campaign IS NULL OR c.key = $campaign OR c.name = $campaign
    OPTIONAL MATCH (p)<-[:EXECUTES]-(:Run)<-[:EVALUATES]-(e:Eval)
    WHERE e.metric = c.metric AND e.split = 'validation' AND e.status = 'valid'
    WITH c, p, avg(e.value) AS mean, count(e) AS runs
    OPTIONAL MATCH (cp:Comparison {stage: 'confirm', verdict: 'better'})-[:COMPARES]->(p)
    WITH c, p, mean, runs, collect(cp)[-1] AS cp
    RETURN c.key AS campaign, p.key AS proposal, p.title AS title, c.metric AS metric,
           c.direction AS direction, mean, runs, cp.key AS comparison, cp.effect AS effect,
           cp.lower AS lower, cp.upper AS upper, cp.shrunkEffect AS shrunkEffect
    ORDER BY id(c), CASE c.direction WHEN 'minimise' THEN mean ELSE -mean END, id(p)
    """
}
