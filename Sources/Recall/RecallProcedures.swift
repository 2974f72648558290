// The index as procedures of the language: `CALL stemma.triedBefore(...)` and
// `CALL stemma.brief(...)`. They read at the snapshot of the query that calls them.

import Base
package import Stemma
import Synchronization

/// Procedures for a store that is about to be opened. They come before the store does, so it is
/// attached afterwards; it is not kept alive by them.
package final class RecallProcedures: Sendable {
  private final class Reference: Sendable {
    private let database = Mutex<WeakDatabase>(WeakDatabase())

    private struct WeakDatabase { weak var database: Database? }

    func set(_ database: Database) { self.database.withLock { $0.database = database } }

    func index() throws -> RecallIndex {
      guard let database = database.withLock({ $0.database }) else {
        throw StemmaError(.queryRuntime, "the procedure has no store")
      }
      return RecallIndex(database: database)
    }
  }

  private let reference = Reference()

  package init() {}

  package func attach(_ database: Database) { reference.set(database) }

  package var all: [Procedure] { [triedBefore, brief] }

  private var triedBefore: Procedure {
    procedure(
      "stemma.triedBefore", number: "limit",
      outputs: [
        .init(name: "proposal", type: "STRING"), .init(name: "score", type: "FLOAT"),
        .init(name: "duplicate", type: "STRING?"), .init(name: "record", type: "MAP"),
      ]
    ) { index, key, limit, snapshot in
      let found = try index.triedBefore(.proposal(key), limit: max(0, limit), at: snapshot)
      return found.entries.map { entry in
        [
          .string(entry.key), .float(entry.score),
          entry.isExact ? .text("exact") : entry.isNear ? .text("near") : .null, entry.value,
        ]
      }
    }
  }

  private var brief: Procedure {
    procedure(
      "stemma.brief", number: "tokens",
      outputs: [
        .init(name: "text", type: "STRING"), .init(name: "tokens", type: "INTEGER"),
        .init(name: "cites", type: "LIST OF STRING"),
      ]
    ) { index, key, tokens, snapshot in
      let brief = try index.brief(
        BriefRequest(.proposal(key), budgetTokens: tokens, asOf: .transaction(snapshot)))
      return [
        [
          .text(brief.text), .integer(Int64(brief.tokens)),
          .list(brief.cites.map { .string($0) }),
        ]
      ]
    }
  }

  /// A procedure of a proposal's key and a number.
  private func procedure(
    _ name: Text, number: Text, outputs: [Procedure.Field],
    rows: @escaping @Sendable (RecallIndex, String, Int, TransactionNumber) throws -> [[Value]]
  ) -> Procedure {
    let reference = reference
    return Procedure(
      name: name,
      inputs: [.init(name: "key", type: "STRING"), .init(name: number, type: "INTEGER")],
      outputs: outputs,
      reading: { arguments, snapshot in
        guard case .string(let key) = arguments[0], case .integer(let number) = arguments[1] else {
          return []
        }
        return try rows(reference.index(), key.string, Int(clamping: number), snapshot)
      })
  }
}
