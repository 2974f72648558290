// Whether a store can hold a campaign at all: its schema must know what the loop writes. Looked at
// before anything is stored, so that a store made for something else stays as it was.

import Base
import Lineage
import Stemma

enum LineageCheck {
  /// Throws `loop.state` where the store's schema lacks kinds of the shipped lineage schema; a
  /// schema that adds to it is fine.
  static func require(_ database: Database) throws {
    guard let schema = try database.schema() else {
      throw refusal("this store has no schema, so it cannot hold a campaign's lineage")
    }
    let labels = Set(schema.nodeTypes.map(\.label))
    let types = Set(schema.edgeTypes.map(\.type))
    let missing =
      RecordKind.allCases.map(\.label).filter { !labels.contains($0) }
      + Relation.allCases.map(\.type).filter { !types.contains($0) }
    guard let first = missing.first else { return }
    let others = missing.count > 1 ? " and \(missing.count - 1) more kinds" : ""
    throw refusal(
      "the schema '\(schema.name)' of this store lacks \(first)\(others) of the lineage")
  }

  private static func refusal(_ message: String) -> StemmaError {
    StemmaError(
      .loopState, message,
      advice: "Make a store with the shipped schema for campaigns: `stemma init FOLDER`, then "
        + "`--store FOLDER`.")
  }
}
