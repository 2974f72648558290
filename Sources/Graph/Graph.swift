// The graph over a store: snapshots to read, transactions to append. The log is the truth; all
// else here is a projection of it. It must never change a projection without a log record.

package import Base
package import Store
import Synchronization

/// A graph: the log and its projections in one store.
package final class Graph: Sendable {
  package let store: Store
  let surroundings: Surroundings
  /// What a store without transactions gets; others have theirs in the head.
  let layout: GraphLayout
  /// What is asked of writes beyond the schema.
  let rule: WriteRule?
  /// The newest catalogue that a reader met; only committed ones get here.
  private let cachedCatalogue = Mutex(Catalogue.empty)
  /// The last snapshot of the present that a reader met and checked.
  private let cachedSnapshot = Mutex<KnownSnapshot?>(nil)
  /// What the last transaction that was written here has left for the next.
  private let keptProjection = Mutex<KeptProjection?>(nil)

  /// The graph in a store that was opened or created.
  package init(
    _ store: Store, surroundings: Surroundings, layout: GraphLayout = .standard,
    rule: WriteRule? = nil
  ) {
    self.store = store
    self.surroundings = surroundings
    self.layout = layout
    self.rule = rule
  }

  // MARK: Reading

  /// Lends the graph as it was after `transaction` (now for `nil`) to `body`. A transaction that
  /// lies in the future is an error.
  package func read<Result>(
    at transaction: TransactionNumber? = nil, _ body: (borrowing GraphView) throws -> Result
  ) throws -> Result {
    try store.read { reading in
      let known = try knownSnapshot(reading)
      let head = known.head
      if let transaction, transaction > head.transaction {
        let last = head.transaction.rawValue
        throw StemmaError(
          .queryParameter,
          "there is no transaction \(transaction.rawValue): the last is \(last)",
          advice: "ask for an earlier one")
      }
      let view = try GraphView(reading, head, known.catalogue, at: transaction)
      return try body(view)
    }
  }

  /// The head and the catalogue of a snapshot: where it is the one that was read last, they need
  /// not be looked up and checked again.
  private func knownSnapshot(_ reading: Reading) throws -> KnownSnapshot {
    let number = reading.snapshotNumber
    if number != nil, let known = cachedSnapshot.withLock({ $0 }), known.number == number {
      return known
    }
    let head = try Head(reading)
    let found = KnownSnapshot(number: number, head: head, catalogue: try catalogue(reading, head))
    cachedSnapshot.withLock { $0 = found }
    return found
  }

  /// The names, schema and indexes of a head, from memory where they are known.
  func catalogue(_ reading: Reading, _ head: Head) throws -> Catalogue {
    let known = cachedCatalogue.withLock { $0 }
    if known.isCurrent(for: head) { return known }
    let loaded = try Catalogue.load(reading, head, older: known)
    remember(loaded)
    return loaded
  }

  /// Keeps the catalogue of a committed head.
  func remember(_ catalogue: Catalogue) {
    cachedCatalogue.withLock { cached in
      if catalogue.names.count >= cached.names.count { cached = catalogue }
    }
  }

  /// The newest catalogue known, for a writer to start from.
  var knownCatalogue: Catalogue { cachedCatalogue.withLock { $0 } }

  /// What the last transaction has left, which the caller has alone from here on.
  func takeKeptProjection() -> KeptProjection? {
    keptProjection.withLock { kept in
      defer { kept = nil }
      return kept
    }
  }

  /// Leaves something for the next transaction.
  func keep(_ kept: KeptProjection?) { keptProjection.withLock { $0 = kept } }

  /// What is the same for all readers of one snapshot.
  private final class KnownSnapshot: Sendable {
    /// As in `Reading`.
    let number: UInt64?
    let head: Head
    let catalogue: Catalogue

    init(number: UInt64?, head: Head, catalogue: Catalogue) {
      self.number = number
      self.head = head
      self.catalogue = catalogue
    }
  }

  /// The last durable transaction.
  package func lastTransaction() throws -> TransactionNumber {
    try store.read { reading in try Head(reading).transaction }
  }

  /// The last transaction committed at or before a moment; `.zero` where there is none. O(log n).
  package func transaction(at time: Timestamp) throws -> TransactionNumber {
    try store.read { reading in
      var low: UInt64 = 0
      var high = try Head(reading).transaction.rawValue
      while low < high {
        let middle = low + (high - low + 1) / 2
        let bounds = try TransactionBounds(reading, TransactionNumber(middle))
        if bounds.committedAt <= time { low = middle } else { high = middle - 1 }
      }
      return TransactionNumber(low)
    }
  }

  // MARK: Writing

  /// Appends one transaction; it is durable when this returns. A repeated request identifier
  /// returns the first receipt and changes nothing. `precondition` is evaluated in the write
  /// transaction, before anything is written; when it throws, nothing is written.
  package func append(
    _ request: TransactionRequest,
    when precondition: (@Sendable (borrowing GraphView) throws -> Void)? = nil
  ) throws -> TransactionReceipt {
    try store.writeGrouped { [self] transaction in
      let session =
        try transaction.companion as? WriteSession ?? WriteSession(transaction.reading, self)
      transaction.companion = session
      try session.makeReadable(for: request, &transaction)
      return try session.append(request, when: precondition, &transaction)
    }
  }

  /// Appends several transactions with one durable commit. Each is all or nothing by itself: one
  /// that is refused leaves the others standing.
  package func append(
    group requests: [TransactionRequest]
  ) throws -> [Result<TransactionReceipt, StemmaError>] {
    try store.write { transaction in
      let session = try WriteSession(transaction.reading, self)
      var results: [Result<TransactionReceipt, StemmaError>] = []
      for request in requests {
        try session.makeReadable(for: request, &transaction)
        let before = transaction.writeCount
        do {
          results.append(.success(try session.append(request, when: nil, &transaction)))
        } catch let error as StemmaError where transaction.writeCount == before {
          results.append(.failure(error))
        }
      }
      try session.finish(&transaction)
      return results
    }
  }

  /// Appends several transactions with one durable commit, all of them or nothing: what `body`
  /// appends is not seen by readers before it returns, and where it throws, nothing remains. Each
  /// is a record of its own. For loads of any size: indexes are put in order at the end. What
  /// `contents` returns after that, objects that the transactions name, is durable with them.
  package func load<Result>(
    contents: () throws -> [[UInt8]] = { [] },
    _ body: (_ append: (TransactionRequest) throws -> TransactionReceipt) throws -> Result
  ) throws -> Result {
    try store.write { transaction in
      let session = try WriteSession(transaction.reading, self)
      session.projector.holdEntries()
      let result = try body { request in
        try session.makeReadable(for: request, &transaction)
        let receipt = try session.append(request, when: nil, &transaction)
        if receipt.wasRepeated {
          let number = receipt.transaction.rawValue
          throw StemmaError(
            .writeRejected, "this was loaded before, as transaction \(number)",
            advice: "nothing is to be done")
        }
        return receipt
      }
      try store.objects.put(all: contents(), in: &transaction)
      try session.finish(&transaction)
      return result
    }
  }

  /// Runs a transaction whose operations are applied as they come, so that reads in `body` see
  /// them. Where `body` or a check at the end throws, nothing remains. `request` says who and why;
  /// its operations come first. There is no receipt where nothing was changed.
  package func write<Result>(
    _ request: TransactionRequest, _ body: (inout GraphTransaction) throws -> Result
  ) throws -> (result: Result, receipt: TransactionReceipt?) {
    var unchanged: Result?
    do {
      return try store.write { store in
        let session = try WriteSession(store.reading, self)
        let (result, receipt) = try session.run(request, &store, body)
        guard let receipt else {
          unchanged = result
          throw NothingChanged()
        }
        return (result, receipt)
      }
    } catch is NothingChanged {
      return (unchanged!, nil)
    }
  }

  /// Ends a write transaction of the store in which nothing was changed.
  private struct NothingChanged: Error {}
}
