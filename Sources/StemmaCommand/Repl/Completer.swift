// What Tab offers, by what stands before the word: labels and edge types after a colon, properties
// after a dot, named queries after @, commands after a colon at the start, keywords elsewhere.

import Base
import Lineage
import Stemma

/// Completion candidates from the schema, the store and the language.
struct Completer {
  private let labels: [String]
  private let edgeTypes: [String]
  private let properties: [String]
  private let queries: [String]

  init(database: Database) {
    let schema = try? database.schema()
    labels = Self.column("CALL db.labels()", database)
      .union((schema?.nodeTypes ?? []).map(\.label.string)).sorted()
    edgeTypes = Self.column("CALL db.relationshipTypes()", database)
      .union((schema?.edgeTypes ?? []).map(\.type.string)).sorted()
    properties = Self.column("CALL db.propertyKeys()", database)
      .union((schema?.nodeTypes ?? []).flatMap { $0.properties.map(\.name.string) }).sorted()
    queries = NamedQueries.shipped.all.map(\.name)
  }

  private static func column(_ query: String, _ database: Database) -> Set<String> {
    guard let result = try? database.query(query) else { return [] }
    return Set(
      result.rows.compactMap { row in
        if case .string(let text)? = row.first { return text.string }
        return nil
      })
  }

  /// Whole words that could stand in the place of `word`.
  func candidates(context: String, word: String) -> [String] {
    let before = context.last
    switch before {
    case ":" where context == ":": return matching(Repl.commandNames, word)
    case ":" where isInsideEdge(context): return matching(edgeTypes, word)
    case ":": return matching(labels, word)
    case "|": return matching(edgeTypes, word)
    case ".": return matching(properties, word)
    case "@": return matching(queries, word)
    default: return keywords(word)
    }
  }

  private func matching(_ names: [String], _ word: String) -> [String] {
    names.filter { $0.lowercased().hasPrefix(word.lowercased()) }
  }

  /// Keywords in the case that the user types.
  private func keywords(_ word: String) -> [String] {
    guard let first = word.first else { return [] }
    let found = matching(Self.words, word)
    return first.isLowercase ? found.map { $0.lowercased() } : found
  }

  /// Whether the last bracket that is still open is a square one.
  private func isInsideEdge(_ context: String) -> Bool {
    for character in context.reversed() {
      if character == "[" { return true }
      if character == "(" || character == ")" || character == "]" { return false }
    }
    return false
  }

  private static let words = [
    "ALL SHORTEST", "AND", "ANY SHORTEST", "AS", "AS OF", "ASC", "ASCENDING", "BY", "CALL", "CASE",
    "CONTAINS", "COUNT", "CREATE", "DELETE", "DESC", "DESCENDING", "DETACH DELETE", "DISTINCT",
    "ELSE", "END", "ENDS WITH", "EXISTS", "EXPLAIN", "FALSE", "IN", "IS NOT NULL", "IS NULL",
    "LIMIT", "MATCH", "MERGE", "NOT", "NULL", "ON CREATE SET", "ON MATCH SET", "OPTIONAL MATCH",
    "OR", "ORDER BY", "PROFILE", "REMOVE", "RETURN", "SET", "SHOW", "SKIP", "STARTS WITH", "THEN",
    "TRUE", "UNION", "UNION ALL", "UNWIND", "WHEN", "WHERE", "WITH", "XOR", "YIELD",
  ]
}
