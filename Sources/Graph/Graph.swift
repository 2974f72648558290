// The graph over a store: snapshots to read, transactions to append. The log is the truth; all
// else here is a projection of it. It must never change a projection without a log record.

package import Base

/// A graph: the log and its projections in one store.
package final class Graph: Sendable {
  private let surroundings: Surroundings

  /// A new graph in memory.
  package static func inMemory(schema: GraphType?, surroundings: Surroundings) throws -> Graph {
    Graph(surroundings: surroundings)
  }

  private init(surroundings: Surroundings) { self.surroundings = surroundings }

  // MARK: Reading

  /// Lends the graph as it was after `transaction` (now for `nil`) to `body`.
  package func read<Result>(
    at transaction: TransactionNumber? = nil, _ body: (borrowing GraphView) throws -> Result
  ) throws -> Result { throw notBuilt }

  /// The last durable transaction.
  package func lastTransaction() throws -> TransactionNumber { throw notBuilt }

  /// The last transaction committed at or before a moment; `.zero` where there is none.
  package func transaction(at time: Timestamp) throws -> TransactionNumber { throw notBuilt }

  // MARK: Writing

  /// Appends one transaction; it is durable when this returns. A repeated request identifier
  /// returns the first receipt and changes nothing. `precondition` is evaluated in the write
  /// transaction, before anything is written; when it throws, nothing is written.
  package func append(
    _ request: TransactionRequest,
    when precondition: ((borrowing GraphView) throws -> Void)? = nil
  ) throws -> TransactionReceipt { throw notBuilt }

  /// Appends several transactions with one durable commit. Each is all or nothing by itself: one
  /// that is rejected leaves the others standing.
  package func append(
    group requests: [TransactionRequest]
  ) throws -> [Result<TransactionReceipt, StemmaError>] { throw notBuilt }

  /// Runs a transaction whose operations are applied as they come, so that reads in `body` see
  /// them. Where `body` or a check at the end throws, nothing remains. `request` says who and why;
  /// its operations come first. There is no receipt where nothing was changed.
  package func write<Result>(
    _ request: TransactionRequest, _ body: (inout GraphTransaction) throws -> Result
  ) throws -> (result: Result, receipt: TransactionReceipt?) { throw notBuilt }
}
