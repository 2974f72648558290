// `tried_before`: the earlier proposals that are most like a change, failures first among equals.

import Base
import Lineage
import Stemma

struct TriedBeforeTool: ContextTool {
  let name = "tried_before"
  let title = "Was this tried before?"
  let description = """
    The earlier proposals most like a change, with what became of them and why. Give the key of a \
    proposal, or assignments such as ["order=4"], or words of the idea, or both. Ask this before \
    every proposal; likeness 1 is the same change.
    """
  let input: StaticString = """
    {"type": "object", "additionalProperties": false, "properties": {
      "key": {"type": "string", "description": "a proposal, such as P42"},
      "assignments": {"type": "array", "items": {"type": "string"}, "description": "name=value"},
      "words": {"type": "string", "description": "what the idea is about"},
      "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
      "cursor": {"type": "string"}}}
    """
  let output = RowSchema.text

  /// Words shorter than this say nothing.
  private static let shortestWord = 3

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    ToolAnswer(
      try Self.rows(
        like: try Change(arguments, database), database,
        limit: try arguments.integer("limit", default: 10, in: 1...100),
        cursor: try arguments.string("cursor")))
  }

  /// What earlier proposals are held against.
  struct Change {
    var key = ""
    var hash: Value = .null
    var assignments: Value = .list([])
    var words: [String] = []

    init(_ arguments: ToolArguments, _ database: Database) throws {
      words = Self.words(in: try arguments.string("words") ?? "")
      assignments = JSON.list(try arguments.strings("assignments"))
      if let key = try arguments.string("key") { try take(key, database) }
      guard !key.isEmpty || assignments != .list([]) || !words.isEmpty else {
        throw StemmaError(
          .argumentInvalid, "tried_before needs a key, assignments or words",
          advice: "for example {\"assignments\": [\"order=4\"]}")
      }
    }

    init(proposal key: String, _ database: Database) throws { try take(key, database) }

    /// The whole change of a proposal that is there.
    private mutating func take(_ key: String, _ database: Database) throws {
      let spelled = RecordKey(key)?.description ?? key
      let result = try database.query(
        "MATCH (p:Proposal {key: $key}) RETURN coalesce(p.assignments, []), p.changeHash",
        parameters: ["key": .text(spelled)])
      guard let row = result.rows.first else {
        throw StemmaError(
          .keyNotFound, "there is no proposal \(key)", advice: "keys look like P42")
      }
      self.key = spelled
      (assignments, hash) = (row[0], row[1])
    }

    private static func words(in text: String) -> [String] {
      text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        .filter { $0.count >= TriedBeforeTool.shortestWord }
    }
  }

  static func rows(
    like change: Change, _ database: Database, limit: Int, cursor: String? = nil,
    asOf: SnapshotTime? = nil
  ) throws -> Value {
    try RowPage.run(
      query,
      [
        "key": .text(change.key), "hash": change.hash, "assignments": change.assignments,
        "words": JSON.list(change.words),
      ], database, limit: limit, cursor: cursor, asOf: asOf)
  }

  /// A whole change is compared by the share that both have (Jaccard), a part by the share of it
  /// that is found. Words count as much as assignments where both are given.
  private static let query = """
    MATCH (other:Proposal)
    WHERE other.key <> $key AND other.kind <> 'baseline'
    WITH other, coalesce(other.assignments, []) AS theirs,
         toLower(other.title + ' ' + other.hypothesis) AS text
    WITH other, [a IN theirs WHERE NOT a IN $assignments] AS differing, size(theirs) AS all,
         size([a IN theirs WHERE a IN $assignments]) AS shared,
         size([word IN $words WHERE text CONTAINS word]) AS hits
    WITH other, differing,
         CASE
           WHEN other.changeHash = $hash THEN 1.0
           WHEN size($assignments) = 0 THEN null
           WHEN $key = '' THEN toFloat(shared) / size($assignments)
           ELSE toFloat(shared) / (size($assignments) + all - shared)
         END AS alike,
         CASE WHEN size($words) = 0 THEN null ELSE toFloat(hits) / size($words) END AS told
    WITH other, differing,
         CASE WHEN alike IS NULL THEN told WHEN told IS NULL THEN alike
              ELSE (alike + told) / 2 END AS likeness
    WHERE likeness > 0
    WITH other, differing, likeness,
         CASE WHEN other.status = 'confirmed' THEN 1 ELSE 0 END AS isConfirmed
    ORDER BY likeness DESC, isConfirmed, id(other) LIMIT 200
    OPTIONAL MATCH (c:Comparison)-[:COMPARES]->(other) WHERE c.stage = 'confirm'
    WITH other, differing, likeness, isConfirmed, collect(c)[-1] AS c
    OPTIONAL MATCH (run:Run)-[:EXECUTES]->(other) WHERE run.status IN ['failed', 'killed']
    WITH other, differing, likeness, isConfirmed, c,
         min(coalesce(run.failure, 'killed: ' + run.killedBy)) AS failure
    OPTIONAL MATCH (critique:Critique {verdict: 'reject'})-[:CRITIQUES]->(other)
    WITH other, differing, likeness, isConfirmed, c, failure, min(critique.summary) AS criticism
    RETURN other.key AS proposal, other.title AS title, round(likeness * 1000) / 1000 AS likeness,
           other.status AS status, differing, other.hypothesis AS hypothesis,
           c.key AS comparison, c.verdict AS verdict, c.effect AS effect, c.lower AS lower,
           c.upper AS upper, coalesce(failure, criticism, c.reason) AS reason
    ORDER BY likeness DESC, isConfirmed, id(other)
    """
}
