// Relationships that a writing query has deleted: their types can still be asked for, since
// openCypher lets `type()` outlive its relationship.

package import Base
import Synchronization

/// The types of the edges that one statement has deleted.
package final class DeletedEdges: Sendable {
  private let types = Mutex<[EdgeID: Symbol]>([:])

  package init() {}

  /// Forgets the edges of the run before.
  func clear() { types.withLock { if !$0.isEmpty { $0 = [:] } } }

  package func note(_ edge: EdgeID, type: Symbol) { types.withLock { $0[edge] = type } }

  package func type(of edge: EdgeID) -> Symbol? { types.withLock { $0[edge] } }
}
