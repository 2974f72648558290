// The log itself, for what proves and exports it. Reading only: what is written about the log is
// written as every transaction is, by `append`.

package import Base
package import Graph
import Store

extension Database {
  /// Sixteen bytes that no other store has.
  package var storeIdentity: [UInt8] { graph.store.header.uuid }

  /// Lends one snapshot of the graph with its log and tree to `body`.
  package func readLog<Result>(
    at transaction: TransactionNumber? = nil, _ body: (borrowing GraphView) throws -> Result
  ) throws -> Result {
    try graph.read(at: transaction, body)
  }

  /// Every object of the store, in the order of the hashes.
  package func objectHashes() throws -> [Digest] { try graph.store.objects.all() }

  /// Whether an object is there.
  package func holdsObject(_ digest: Digest) -> Bool { graph.store.objects.contains(digest) }

  /// The bytes of an object, checked against their hash.
  package func object(_ digest: Digest) throws -> [UInt8] { try graph.store.objects.get(digest) }
}
