// Texts that were compiled before. A statement keeps its bound form for good and its plan as long
// as the statistics stay near those that the plan was made with.

import Base
import Planner
import Synchronization

/// A compiled text.
struct CachedStatement: Sendable {
  var statement: BoundStatement
  var plan: PreparedPlan?
  var catalog: GraphCatalog?
  /// Where the statistics were last looked at: nothing changes between two transactions.
  var checked: Moment?

  struct Moment: Hashable, Sendable {
    var snapshot: TransactionNumber
    var isSettled: Bool
  }
}

/// Compiled texts by their bytes.
final class StatementCache: Sendable {
  /// When this many texts are kept, all are forgotten: simple, and no query depends on it.
  private static let capacity = 512

  private let entries = Mutex<[Text: CachedStatement]>([:])

  subscript(text: Text) -> CachedStatement? {
    get { entries.withLock { $0[text] } }
    set {
      entries.withLock { entries in
        if entries.count >= Self.capacity { entries.removeAll() }
        entries[text] = newValue
      }
    }
  }
}
