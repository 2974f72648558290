// A brief as a record: its bytes as an object, a node that names them and the transaction they were
// made from, and an edge to each record that it shows. What a critic saw is then there for ever.

package import Base
package import Graph
package import Stemma

extension Brief {
  /// The properties of the `Brief` node whose bytes lie under `contentHash`.
  package func properties(contentHash: String, at time: Value) -> [(Text, Value)] {
    [
      ("contentHash", .text(contentHash)),
      ("transaction", .integer(Int64(clamping: snapshot.rawValue))),
      ("tokens", .integer(Int64(tokens))), ("budgetTokens", .integer(Int64(budgetTokens))),
      ("shown", .integer(Int64(parts.reduce(0) { $0 + $1.shown }))),
      ("available", .integer(Int64(parts.reduce(0) { $0 + $1.available }))),
      ("format", .text(format.rawValue + " " + estimator)), ("at", time),
    ]
  }

  /// Kinds that a brief may cite, by the prefixes of their keys.
  private static let citable: Set<String> = [
    "C", "RD", "P", "CR", "D", "R", "E", "CP", "N", "F", "RP", "S",
  ]

  /// The records to cite: those that exist and are of a kind that can be cited.
  package var citations: [Text] {
    cites.filter { key in
      Self.citable.contains(String(key.string.prefix { $0.isLetter }))
    }
  }

  /// Stores the brief by itself. Returns the key of its node.
  package func store(
    in database: Database, actor: Text, reason: Text, at time: Value, requestID: RequestID
  ) throws -> Text {
    let hash = try database.storeObject(Array(text.utf8))
    var operations: [Operation] = [
      .createNode(
        labels: ["Brief"], key: nil,
        properties: properties(contentHash: hash.hex, at: time).map { Property($0.0, $0.1) })
    ]
    for (index, key) in citations.enumerated() {
      operations.append(
        .createEdge(
          type: "CITES", from: .new(0), to: .key(key),
          properties: [Property("item", .integer(Int64(index)))]))
    }
    let receipt = try database.append(
      TransactionRequest(
        requestID: requestID, actor: actor, reason: reason, operations: operations))
    return receipt.keys.compactMap { $0 }.first ?? ""
  }
}
