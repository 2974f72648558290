// The façade: open, query, append. One path for reads and one for writes, whoever asks.
// It must never offer a way to the graph that bypasses the log.

public import Base
public import Graph

/// An open store.
public final class Database: Sendable {
  /// The folder of the store, or `nil` for a store in memory.
  public let path: String?

  private init(path: String?) { self.path = path }

  /// What a new store is to be.
  public struct Creation: Sendable {
    /// The parsed text of a schema file; `nil` for a graph without schema.
    public var schemaText: String?
    public init(schemaText: String?) { self.schemaText = schemaText }
  }

  /// Creates a store in `path` (a folder that does not hold one yet) and opens it.
  public static func create(
    at path: String, _ creation: Creation, surroundings: Surroundings
  ) throws -> Database { throw notBuilt }

  /// Opens the store in the folder `path`.
  public static func open(
    at path: String, readOnly: Bool = false, surroundings: Surroundings
  ) throws -> Database { throw notBuilt }

  /// A store in memory, for tests and the TCK.
  public static func inMemory(
    _ creation: Creation = Creation(schemaText: nil), surroundings: Surroundings,
    procedures: [Procedure] = []
  ) throws -> Database { throw notBuilt }

  /// The number of the last durable transaction.
  public func lastTransaction() throws -> TransactionNumber { throw notBuilt }

  /// Runs a Cypher query in one snapshot and collects its rows.
  public func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = QueryOptions()
  ) throws -> QueryResult { throw notBuilt }

  /// Runs a Cypher query and hands out rows in batches as they come; the result's `rows` is empty.
  /// The closure returns `false` to stop.
  public func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = QueryOptions(),
    onBatch: (_ columns: [String], _ rows: [[Value]], _ entities: EntityTable) throws -> Bool
  ) throws -> QueryResult { throw notBuilt }

  /// The plan of a query, without running it.
  public func explain(_ text: String, parameters: [String: Value] = [:]) throws -> String {
    throw notBuilt
  }

  /// Appends one transaction; it is durable when this returns. A repeated request identifier
  /// returns the first receipt.
  @discardableResult
  public func append(_ request: TransactionRequest) throws -> TransactionReceipt {
    throw notBuilt
  }

  /// Stores bytes under their SHA-256 (hex) and returns it; durable when this returns. Kept once
  /// however often they are stored.
  public func storeObject(_ bytes: [UInt8]) throws -> ObjectHash { throw notBuilt }

  /// The bytes of an object, checked against their hash.
  public func object(_ hash: ObjectHash) throws -> [UInt8] { throw notBuilt }

  /// The schema in force, if there is one.
  public func schema() throws -> GraphType? { throw notBuilt }

  /// Recomputes every projection from the log and compares.
  public func verify(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws
    -> VerificationReport
  { throw notBuilt }
}

private let notBuilt = StemmaError(.queryNotSupported, "this part of Stemma is not built yet")
