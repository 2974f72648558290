// The log itself, for what proves and exports it. Reading only: what is written about the log is
// written as every transaction is, by `append`.

public import Base
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

  /// Gives the pages of the store's file that were read back to the system; for whoever walks over
  /// all of them.
  package func releasePages() { graph.store.releasePages() }

  /// Every object of the store, in the order of the hashes.
  package func objectHashes() throws -> [Digest] { try graph.store.objects.all() }

  /// Whether an object is there.
  package func holdsObject(_ digest: Digest) throws -> Bool {
    try graph.store.objects.contains(digest)
  }

  /// Removes objects that no record needs; nothing happens with those that are not there. No
  /// redaction: their bytes are not overwritten.
  package func removeObjects(_ digests: [Digest]) throws {
    try graph.store.objects.remove(digests)
  }

  /// Whether contents of so many bytes can become durable with the transaction that names them;
  /// see `load(contents:_:)`.
  package func storesWithTransaction(bytes count: Int) -> Bool {
    graph.store.objects.keepsRow(ofBytes: count)
  }

  /// Stores several contents; they are durable when this returns, small ones with one commit.
  package func storeObjects(_ contents: [[UInt8]]) throws {
    try graph.store.objects.put(all: contents)
  }

  /// The bytes of an object, checked against their hash.
  package func object(_ digest: Digest) throws -> [UInt8] { try graph.store.objects.get(digest) }
}

/// What a redaction came to.
public struct RedactionReport: Sendable, Hashable {
  /// The records of which a value is withheld now.
  public var records: [TransactionNumber]
  /// The contents that went with it.
  public var erasedContents: Int
}

extension Database {
  /// Destroys every version of a property of the node with a key in the store at `path`, which
  /// nobody else may have open: value, secret and all copies in the file, and the contents that
  /// `contents` returns when it is given the store and the values (none where they were withheld
  /// before, which is refused unless there are contents to erase). That it was done is a record,
  /// which comes with it: either is there, or neither. It cannot be undone.
  public static func redact(
    _ property: Text, ofNode key: Text, at path: String, actor: Text, reason: Text,
    surroundings: Surroundings,
    erasing contents: (_ store: Database, _ values: [Value]) throws -> [Digest] = { _, _ in [] },
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> RedactionReport {
    let outcome = try Graph.withhold(
      property, ofNode: key, at: path, actor: actor, reason: reason, surroundings: surroundings,
      erasing: { graph, values in
        let database = Database(
          path: path, graph: graph, surroundings: surroundings, procedures: [])
        return try contents(database, values)
      }, progress: progress)
    return RedactionReport(records: outcome.records, erasedContents: outcome.contents.count)
  }

  /// The versions of a property that `redact` would destroy; none where they were withheld.
  package func values(of property: Text, ofNode key: Text) throws -> [Value] {
    try graph.places(of: property, ofNode: key).map(\.value)
  }
}
