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
    let reference = reference
    return Procedure(
      name: "stemma.triedBefore",
      inputs: [.init(name: "key", type: "STRING"), .init(name: "limit", type: "INTEGER")],
      outputs: [
        .init(name: "proposal", type: "STRING"), .init(name: "score", type: "FLOAT"),
        .init(name: "duplicate", type: "STRING?"), .init(name: "record", type: "MAP"),
      ],
      reading: { arguments, snapshot in
        guard case .string(let key) = arguments[0], case .integer(let limit) = arguments[1] else {
          return []
        }
        let found = try reference.index().triedBefore(
          .proposal(key.string), limit: Int(clamping: max(0, limit)), at: snapshot)
        return found.entries.map { entry in
          [
            .string(entry.key), .float(entry.score),
            entry.isExact ? .text("exact") : entry.isNear ? .text("near") : .null, entry.value,
          ]
        }
      })
  }

  private var brief: Procedure {
    let reference = reference
    return Procedure(
      name: "stemma.brief",
      inputs: [.init(name: "key", type: "STRING"), .init(name: "tokens", type: "INTEGER")],
      outputs: [
        .init(name: "text", type: "STRING"), .init(name: "tokens", type: "INTEGER"),
        .init(name: "cites", type: "LIST OF STRING"),
      ],
      reading: { arguments, snapshot in
        guard case .string(let key) = arguments[0], case .integer(let tokens) = arguments[1] else {
          return []
        }
        let brief = try reference.index().brief(
          BriefRequest(
            .proposal(key.string), budgetTokens: Int(clamping: tokens),
            asOf: .transaction(snapshot)))
        return [
          [
            .text(brief.text), .integer(Int64(brief.tokens)),
            .list(brief.cites.map { .string($0) }),
          ]
        ]
      })
  }
}
