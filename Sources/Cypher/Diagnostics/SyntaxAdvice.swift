// What to say beside "expected X, but found Y": the habits of other languages, and misspelt words.

import Base

/// Looks at the tokens around a syntax error for something that people commonly mean.
struct SyntaxAdvice {
  let parser: Parser

  func advice() -> String? {
    operatorAdvice() ?? wordAdvice() ?? placeAdvice() ?? misspelling()
  }

  private func operatorAdvice() -> String? {
    let previous = parser.index > 0 ? parser.tokens[parser.index - 1].kind : .endOfText
    switch parser.kind {
    case .doubleEqual: return "Write = to compare."
    case .exclamationEqual: return "Write <> for 'not equal'."
    case .exclamation: return "Write NOT for negation and <> for 'not equal'."
    case .ampersand: return "Write AND."
    case .doubleBar: return "Write + to join strings, and OR between conditions."
    case .doubleColon: return "Write toInteger(x), toFloat(x), toString(x) to convert."
    case .arrow: return "Arrows are --> and -[:TYPE]->; 'at least' is >=."
    case .plusEqual: return "+= adds properties: SET n += {name: 'x'}."
    case .equal where previous == .less: return "Write <= without a space."
    case .equal where previous == .greater: return "Write >= without a space."
    case .rightParenthesis, .rightBracket, .rightBrace:
      return previous == .comma ? "Remove the comma before it." : nil
    case .semicolon: return "Only one statement can be run at a time, and ';' ends it."
    default: return nil
    }
  }

  /// The habits of SQL and of other dialects, by the word found (in lower case).
  private static let habits: [[UInt8]: String] = {
    let words: [(String, String)] = [
      ("select", "Cypher reads with MATCH (n:Label) WHERE ... RETURN n.property."),
      ("insert", "Cypher creates with CREATE (n:Label {property: value})."),
      ("update", "Cypher changes with MATCH (n) SET n.property = value."),
      ("from", "Cypher says where data comes from with MATCH (n:Label)."),
      ("group", "There is no GROUP BY: what is returned beside an aggregate is the group."),
      ("having", "Filter groups with WITH x, count(*) AS c WHERE c > 1."),
      ("like", "Use CONTAINS, STARTS WITH, ENDS WITH, or =~ 'regular expression'."),
      ("ilike", "Use toLower(x) CONTAINS 'text', or =~ '(?i).*text.*'."),
      ("between", "Write low <= x AND x <= high, or low <= x <= high."),
      ("join", "Follow relationships in the pattern: MATCH (a)-[:TYPE]->(b)."),
      ("inner", "Follow relationships in the pattern: MATCH (a)-[:TYPE]->(b)."),
      ("left", "Write OPTIONAL MATCH for an outer join."),
      ("values", "Write the properties as a map: CREATE (n:Label {property: value})."),
      ("into", "Write CREATE (n:Label {property: value})."),
      ("table", "There are no tables: nodes have labels, (n:Label)."),
      ("isnull", "Write IS NULL."),
      ("notnull", "Write IS NOT NULL."),
      ("elseif", "Write another WHEN ... THEN."),
      ("elsif", "Write another WHEN ... THEN."),
      ("let", "Write WITH expression AS name."),
      ("filter", "Write WITH * WHERE condition."),
      ("finish", "Leave the last clause out: a query may end with a write."),
      ("top", "Write LIMIT n at the end."),
      ("fetch", "Write LIMIT n."),
      ("load", "Import files with the programs' own commands and hand rows in as $rows."),
      ("using", "There are no hints: the planner chooses indexes itself."),
      ("use", "A store holds one graph."),
      ("begin", "Each query is a transaction of its own."),
      ("commit", "Each query is a transaction of its own."),
      ("typed", "Write valueType(x) to learn a type."),
      ("normalized", "Write normalize(x) = x."),
      ("labeled", "Write n:Label."),
      ("constraint", "What must hold stands in the schema file."),
    ]
    var table: [[UInt8]: String] = [:]
    for (word, advice) in words { table[Array(word.utf8)] = advice }
    return table
  }()

  private func wordAdvice() -> String? {
    if let advice = habit(of: parser.token) { return advice }
    // Two words on, as in INSERT INTO or GROUP BY, where the first was taken for a name.
    guard parser.index > 0, parser.kind != .endOfText else { return nil }
    let previous = parser.tokens[parser.index - 1]
    if parser.keyword == .by || parser.kind == .integer || parser.keyword == .none {
      if let advice = habit(of: previous) { return advice }
    }
    return commentAdvice()
  }

  /// SQL's comments look like a relationship, or like two minus signs.
  private func commentAdvice() -> String? {
    var index = parser.index - 1
    let first = max(1, parser.index - 4)
    while index >= first {
      let (left, right) = (parser.tokens[index - 1], parser.tokens[index])
      if left.kind == .minus, right.kind == .minus, left.end == right.start {
        return "Comments start with //, not with --."
      }
      index -= 1
    }
    return nil
  }

  private func habit(of token: Token) -> String? {
    guard token.kind == .identifier else { return nil }
    return Self.habits[lowerCase(token)]
  }

  private func lowerCase(_ token: Token) -> [UInt8] {
    parser.source.bytes[Int(token.start)..<Int(token.end)].map {
      $0 >= 65 && $0 <= 90 ? $0 + 32 : $0
    }
  }

  private func placeAdvice() -> String? {
    guard parser.index > 0 else { return nil }
    let previous = parser.tokens[parser.index - 1]
    switch (previous.kind, parser.kind) {
    case (.greater, .leftParenthesis), (.greater, .leftBracket):
      return "Arrows are --> and -[:TYPE]->."
    case (.comma, _) where parser.keyword.opensClause || parser.kind == .endOfText:
      return "Remove the comma before it, or add what should follow."
    case (_, .leftBracket) where parser.index > 1 && previous.kind == .rightParenthesis:
      return "A relationship has a dash on both sides: (a)-[:TYPE]->(b)."
    default:
      break
    }
    if parser.keyword.isReserved, !parser.keyword.opensClause {
      return "A name that is also a keyword stands in backticks: `\(written)`."
    }
    return nil
  }

  private var written: String { parser.source.slice(parser.token.range).string }

  /// Words that may follow where a word was found that means nothing there.
  private static let words: [String] = [
    "MATCH", "OPTIONAL", "WHERE", "RETURN", "WITH", "UNWIND", "CREATE", "MERGE", "SET", "REMOVE",
    "DELETE", "DETACH", "CALL", "YIELD", "UNION", "ORDER BY", "SKIP", "LIMIT", "DISTINCT", "AND",
    "OR", "XOR", "NOT", "IN", "STARTS WITH", "ENDS WITH", "CONTAINS", "IS NULL", "AS", "ON",
    "WHEN", "THEN", "ELSE", "END", "EXPLAIN", "PROFILE", "FOREACH", "DESC", "ASC",
  ]

  private func misspelling() -> String? {
    guard parser.kind == .identifier, parser.keyword == .none else { return nil }
    let written = parser.source.slice(parser.token.range).string
    guard let near = Suggestion.nearest(to: written, among: Self.words) else { return nil }
    return "Did you mean \(near)?"
  }
}
