// The labels that a store knows, from its schema and its nodes, so that a misspelt one is an error
// and not an empty answer.

import Base
import Stemma

enum KnownLabels {
  /// - Throws: `query.semantics` for a label that neither the schema nor a node has.
  static func check(_ label: String, in database: Database) throws {
    let known = try all(in: database)
    guard !known.contains(label) else { return }
    let nearest = Suggestion.nearest(to: label, among: known)
    throw StemmaError(
      .querySemantics, "there is no label \(label) in this store",
      advice: nearest.map { "did you mean \($0)?" }
        ?? "`stemma query 'CALL db.labels()'` lists them")
  }

  private static func all(in database: Database) throws -> [String] {
    let declared = try database.schema()?.nodeTypes.map(\.label.string) ?? []
    let used = try database.query("CALL db.labels()").rows.compactMap { row -> String? in
      if case .string(let name)? = row.first { return name.string }
      return nil
    }
    return Array(Set(declared + used)).sorted()
  }
}
