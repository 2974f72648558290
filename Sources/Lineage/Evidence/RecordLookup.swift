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
    // A key with a known prefix names its kind, which lets the search go through its index.
    let parsed = RecordKey(key)
    let label = parsed.map { ":" + $0.kind.rawValue } ?? ""
    let result = try database.query(
      "MATCH (n\(label) {key: $key}) RETURN n LIMIT 1",
      parameters: ["key": .text(parsed?.description ?? key)], options: options)
    guard case .node(let id)? = result.rows.first?.first, let record = result.entities.nodes[id]
    else {
      let known = parsed.map { "It would be a \($0.kind.rawValue)." }
      throw StemmaError(
        .keyNotFound, "there is no record \(key)",
        advice: known ?? "Keys look like P42; `stemma query @recent` shows some.")
    }
    return (RecordSummary(record), result.snapshot)
  }
}
