// The door to a store: reading and writing happen inside closures, so that no transaction outlives
// its use. Everything thrown from here is a `StemmaError`, or what the caller's closure threw.
//
// It knows tables, keys and bytes only; what they mean belongs to `Graph`.

internal import Base
internal import Glibc

/// An open store, on disk or in memory.
package final class Store: Sendable {
  /// The longest key of a table in bytes.
  package static let maximumKeyBytes = 511

  enum Engine: Sendable {
    case disk(Environment, EnvironmentRegistry.Identity)
    case memory(MemoryEngine, WriterTurn)
  }

  let engine: Engine
  /// The folder; `nil` for a store in memory.
  package let path: String?
  package let isReadOnly: Bool
  /// Format, identity and first writer of the store.
  package let header: FormatHeader
  /// Contents by their hash.
  package var objects: ObjectStore { ObjectStore(self) }

  /// The folder that errors speak of: that of the store to be, while it is made elsewhere.
  private let namedPath: String?

  init(
    engine: Engine, path: String?, namedPath: String? = nil, isReadOnly: Bool, header: FormatHeader
  ) {
    self.engine = engine
    self.path = path
    self.namedPath = namedPath ?? path
    self.isReadOnly = isReadOnly
    self.header = header
  }

  deinit {
    if case .disk(_, let identity) = engine { EnvironmentRegistry.shared.release(identity) }
  }

  // MARK: Opening

  /// Opens the store in `path`. A store that this process has open already is shared.
  package static func open(
    at path: String, options: StoreOptions = StoreOptions()
  ) throws -> Store {
    try atEdge(path) { () throws(StoreError) in
      try StoreFiles.requireStore(path)
      return try openFolder(path, options: options)
    }
  }

  /// Whether a folder holds a store, sound or not.
  package static func isStore(at path: String) -> Bool { StoreFiles.holdsStore(path) }

  /// Throws where there is no store in `path` to open, saying why as far as it can be known.
  package static func requireStore(at path: String) throws {
    try atEdge(path) { () throws(StoreError) in try StoreFiles.requireStore(path) }
  }

  /// A new store in memory.
  package static func inMemory(header: FormatHeader) throws -> Store {
    let store = Store(
      engine: .memory(MemoryEngine(), WriterTurn()), path: nil, isReadOnly: false, header: header)
    try store.write { transaction in
      try transaction.put(.meta, FormatHeader.key, header.bytes)
    }
    return store
  }

  static func openFolder(
    _ path: String, named namedPath: String? = nil, options: StoreOptions
  ) throws(StoreError) -> Store {
    let identity = try EnvironmentRegistry.Identity(folder: path)
    let environment = try EnvironmentRegistry.shared.acquire(identity, options: options) {
      () throws(StoreError) in
      try Environment.open(folder: path, options: options, creating: nil)
    }
    if !options.isReadOnly { ObjectFolder(ofStoreAt: path).removeAbandoned() }
    return Store(
      engine: .disk(environment, identity), path: path, namedPath: namedPath,
      isReadOnly: options.isReadOnly, header: environment.header)
  }

  // MARK: Reading

  /// Runs `body` over one snapshot: what was committed when it began, and nothing later. Readers
  /// never wait for writers. Do not keep it open for long: a snapshot in use keeps old pages alive.
  package func read<Result: ~Copyable>(
    _ body: (Reading) throws -> Result
  ) throws -> Result {
    switch engine {
    case .disk(let environment, _):
      let reader = try atEdge { () throws(StoreError) in try environment.beginRead() }
      defer { environment.endRead(reader) }
      return try atEdge { () throws in
        do {
          let result = try body(
            unsafe Reading(
              transaction: reader.transaction, memory: nil, recent: reader.recent, owner: self))
          try environment.requireWhole(reader)
          return result
        } catch {
          // Damage that was met in a snapshot which was written over is none.
          try environment.requireWhole(reader)
          throw error
        }
      }
    case .memory(let memory, _):
      let snapshot = memory.current()
      return try atEdge { () throws in
        try withExtendedLifetime(snapshot) {
          unsafe try body(Reading(transaction: nil, memory: snapshot, owner: self))
        }
      }
    }
  }

  /// What goes wrong in a test from here on: see `FaultPlan`.
  package func inject(_ faults: FaultPlan) {
    switch engine {
    case .disk(let environment, _): environment.faults.set(faults)
    case .memory(let memory, _): memory.inject(faults)
    }
  }

  /// In memory: what a loss of power leaves, see `FaultPlan.losesSync`.
  package func losePower() {
    if case .memory(let memory, _) = engine { memory.losePower() }
  }

  /// Frees the slots of readers whose processes died; returns how many. Opening does it as well.
  @discardableResult
  package func clearDeadReaders() throws -> Int {
    guard case .disk(let environment, _) = engine else { return 0 }
    return environment.clearDeadReaders()
  }

  // MARK: The edge

  /// Turns store errors into `StemmaError`s that name this store.
  func atEdge<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as StoreError {
      throw StemmaError(error, path: namedPath)
    }
  }

  static func atEdge<Result>(
    _ path: String, _ body: () throws(StoreError) -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch {
      throw StemmaError(error, path: path)
    }
  }
}
