// A small store with something of everything: a schema, indexes, keys, several versions, deletions,
// a hub, long texts, free pages and objects.

import Base
import Stemma

enum TamperStore {
  static func make(in folder: String) throws {
    let database = try Database.create(
      at: folder, Database.Creation(schemaText: nil), surroundings: .system)
    var options = QueryOptions()
    options.write = WriteProvenance(actor: "tamper", reason: "something of everything")
    let statements = [
      "CREATE INDEX byNumber FOR (n:A) ON (n.number)",
      "UNWIND range(1, 30) AS n CREATE (:A {number: n, text: 'a ' + toString(n), half: n / 2.0})",
      """
      MATCH (hub:A {number: 1}), (n:A) WHERE n.number > 1
      CREATE (n)-[:R {weight: n.number}]->(hub)
      """,
      """
      UNWIND range(1, 90) AS n MATCH (hub:A {number: 1})
      CREATE (hub)-[:S]->(:B {on: date('2026-01-01')})
      """,
      "MATCH (n:A) WHERE n.number % 3 = 0 SET n.number = n.number * 10, n:C",
      "MATCH (n:A)-[r:R]->() WHERE n.number % 5 = 0 DELETE r",
      "MATCH (n:B) WITH n LIMIT 5 DETACH DELETE n",
      "CREATE (:Long {text: reduce(text = 'x', i IN range(1, 13) | text + text)})",
    ]
    for statement in statements {
      _ = try database.query(statement, options: options)
    }
    _ = try database.storeObject(Array("an object\n".utf8))
    _ = try database.storeObject((0..<40).map { UInt8($0) })
  }
}
