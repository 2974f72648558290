// The façade: open, query, append. One path for reads and one for writes, whoever asks.
// It must never offer a way to the graph that bypasses the log.

public import Base
import Cypher
public import Graph
import Store

/// An open store.
public final class Database: Sendable {
  /// The folder of the store, or `nil` for a store in memory.
  public let path: String?

  let graph: Graph
  let surroundings: Surroundings
  let procedures: ProcedureSet
  let statements = StatementCache()
  let histograms = HistogramCache()

  init(path: String?, graph: Graph, surroundings: Surroundings, procedures: [Procedure]) {
    self.path = path
    self.graph = graph
    self.surroundings = surroundings
    self.procedures = ProcedureSet(procedures)
  }

  /// What a new store is to be.
  public struct Creation: Sendable {
    /// The parsed text of a schema file; `nil` for a graph without schema.
    public var schemaText: String?
    public init(schemaText: String?) { self.schemaText = schemaText }

    /// The schema that the text defines.
    func graphType() throws -> GraphType? {
      try schemaText.map { try GraphTypeParser.parse($0) }
    }
  }

  /// Creates a store in `path` (a folder that does not hold one yet) and opens it.
  public static func create(
    at path: String, _ creation: Creation, surroundings: Surroundings,
    procedures: [Procedure] = []
  ) throws -> Database {
    let graph = try Graph.create(
      at: path, schema: try creation.graphType(), surroundings: surroundings)
    return Database(
      path: path, graph: graph, surroundings: surroundings, procedures: procedures)
  }

  /// Opens the store in the folder `path`. `rule` is asked about every write.
  public static func open(
    at path: String, readOnly: Bool = false, surroundings: Surroundings,
    procedures: [Procedure] = [], rule: WriteRule? = nil
  ) throws -> Database {
    let graph = try Graph.open(
      at: path, surroundings: surroundings, options: StoreOptions(isReadOnly: readOnly),
      rule: rule)
    return Database(
      path: path, graph: graph, surroundings: surroundings, procedures: procedures)
  }

  /// A store in memory, for tests and the TCK.
  public static func inMemory(
    _ creation: Creation = Creation(schemaText: nil), surroundings: Surroundings,
    procedures: [Procedure] = [], rule: WriteRule? = nil
  ) throws -> Database {
    let graph = try Graph.inMemory(
      schema: try creation.graphType(), surroundings: surroundings, rule: rule)
    return Database(
      path: nil, graph: graph, surroundings: surroundings, procedures: procedures)
  }

  /// The number of the last durable transaction.
  public func lastTransaction() throws -> TransactionNumber { try graph.lastTransaction() }

  /// Appends one transaction; it is durable when this returns. A repeated request identifier
  /// returns the first receipt.
  @discardableResult
  public func append(_ request: TransactionRequest) throws -> TransactionReceipt {
    try graph.append(request)
  }

  /// Appends several transactions with one durable commit. Each is all or nothing by itself: one
  /// that is refused leaves the others standing.
  public func append(
    group requests: [TransactionRequest]
  ) throws -> [Result<TransactionReceipt, StemmaError>] {
    try graph.append(group: requests)
  }

  /// Appends many transactions with one durable commit, all of them or nothing: readers see none
  /// before `body` returns, and where it throws, nothing remains. What `contents` returns after
  /// that, objects that the transactions name, becomes durable with them.
  public func load<Result>(
    contents: () throws -> [[UInt8]] = { [] },
    _ body: (_ append: (TransactionRequest) throws -> TransactionReceipt) throws -> Result
  ) throws -> Result {
    try graph.load(contents: contents, body)
  }

  /// Loads rows that were read and checked before, with one durable commit, all of them or nothing
  /// to readers.
  package func load(
    _ source: any LoadSource, _ request: TransactionRequest,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> LoadReceipt {
    try graph.load(source, request, progress: progress)
  }

  /// Stores bytes under their SHA-256 (hex) and returns it; durable when this returns. Kept once
  /// however often they are stored.
  public func storeObject(_ bytes: [UInt8]) throws -> ObjectHash {
    ObjectHash(try graph.store.objects.put(bytes))
  }

  /// The same of what comes in pieces, of which the empty one is the end: never all in memory.
  package func storeObject(pieces next: () throws -> [UInt8]) throws -> ObjectHash {
    ObjectHash(try graph.store.objects.put(pieces: next).digest)
  }

  /// The bytes of an object, checked against their hash.
  public func object(_ hash: ObjectHash) throws -> [UInt8] {
    try graph.store.objects.get(hash.digest)
  }

  /// Gives them in pieces; throws after the last where they do not have their hash.
  package func object(_ hash: ObjectHash, _ take: ([UInt8]) throws -> Void) throws {
    try graph.store.objects.get(hash.digest, take)
  }

  /// The schema that a text defines, to compare with or to append.
  package static func graphType(of schemaText: String) throws -> GraphType {
    try GraphTypeParser.parse(schemaText)
  }

  /// The schema in force, if there is one.
  public func schema() throws -> GraphType? { try graph.read { try $0.schema() } }
}
