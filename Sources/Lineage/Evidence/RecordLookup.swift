// Finds the record that a user's key names, and says something useful where there is none.

package import Base
package import Stemma

package enum RecordLookup {
  /// The record with a key, and the snapshot it was read from.
  ///
  /// - Throws: `key.not-found`.
  package static func find(
    _ key: String, in database: Database, options: QueryOptions = QueryOptions()
  ) throws -> (record: RecordSummary, snapshot: TransactionNumber) {
    // Small letters are forgiven where the prefix is known; a graph without schema may spell keys
    // as it likes.
    let parsed = RecordKey(key)
    for spelling in Set([key, parsed?.description ?? key]) {
      let result = try database.query(
        "MATCH (n {key: $key}) RETURN n LIMIT 1", parameters: ["key": .text(spelling)],
        options: options)
      if case .node(let id)? = result.rows.first?.first, let record = result.entities.nodes[id] {
        return (RecordSummary(record), result.snapshot)
      }
    }
    throw StemmaError(
      .keyNotFound, "there is no record \(key)", advice: try advice(parsed, database))
  }

  private static func advice(_ key: RecordKey?, _ database: Database) throws -> String {
    guard try database.schema() != nil else {
      return "Keys are the values of the property `key`; this store has no schema that makes them."
    }
    guard let kind = key?.kind.rawValue else {
      return "Keys look like P42; `stemma query @recent` shows some."
    }
    let article = "AEIO".contains(kind.prefix(1)) ? "an" : "a"
    return "It would be \(article) \(kind); `stemma query 'MATCH (n:\(kind)) RETURN n.key'` "
      + "lists those that are there."
  }
}
