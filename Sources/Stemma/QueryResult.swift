// What a query gives back: rows, the entities they mention, and whether that is all.

public import Base

/// The rows of a query and everything said about them.
public struct QueryResult: Sendable {
  public var columns: [String]
  public var rows: [[Value]]
  /// The nodes and edges that the rows mention, with labels and properties as of the snapshot.
  public var entities: EntityTable
  /// False where a limit stopped the query; `stoppedBy` says which.
  public var complete: Bool
  public var stoppedBy: String?
  /// How far a stopped query got.
  public var progress: QueryProgress?
  /// The snapshot that was read.
  public var snapshot: TransactionNumber
  /// What a writing query changed: `+nodes`, `-relationships`, `+properties`, `+labels`, ...
  public var sideEffects: [String: Int]
  /// The receipt of a writing query's transaction, where it changed anything.
  public var transaction: TransactionNumber?
  /// The plan, where it was asked for.
  public var plan: PlanDescription?

  public init(columns: [String], snapshot: TransactionNumber) {
    self.columns = columns
    self.rows = []
    self.entities = EntityTable()
    self.complete = true
    self.stoppedBy = nil
    self.snapshot = snapshot
    self.sideEffects = [:]
    self.transaction = nil
  }
}

/// How far a query got before it was stopped.
public struct QueryProgress: Sendable, Hashable {
  public var rows: Int
  /// Relationships followed by variable-length patterns and path searches.
  public var pathExpansions: Int
  /// What sorting, grouping and the like held, roughly.
  public var memoryBytes: Int
  public var milliseconds: Int

  public init(rows: Int, pathExpansions: Int, memoryBytes: Int, milliseconds: Int) {
    self.rows = rows
    self.pathExpansions = pathExpansions
    self.memoryBytes = memoryBytes
    self.milliseconds = milliseconds
  }
}

/// Nodes and edges by identity.
public struct EntityTable: Sendable {
  public var nodes: [NodeID: NodeRecord] = [:]
  public var edges: [EdgeID: EdgeRecord] = [:]
  public init() {}
}

/// A node with its labels and properties at a snapshot.
public struct NodeRecord: Sendable, Hashable {
  public var id: NodeID
  public var key: Text?
  public var labels: [Text]
  public var properties: ValueMap
  public init(id: NodeID, key: Text?, labels: [Text], properties: ValueMap) {
    self.id = id
    self.key = key
    self.labels = labels
    self.properties = properties
  }
}

/// An edge with its type, ends and properties at a snapshot.
public struct EdgeRecord: Sendable, Hashable {
  public var id: EdgeID
  public var type: Text
  public var from: NodeID
  public var to: NodeID
  public var properties: ValueMap
  public init(id: EdgeID, type: Text, from: NodeID, to: NodeID, properties: ValueMap) {
    self.id = id
    self.type = type
    self.from = from
    self.to = to
    self.properties = properties
  }
}

/// What `verify` found.
public struct VerificationReport: Sendable {
  public var transactions: Int
  public var nodes: Int
  public var edges: Int
  public var entriesCompared: Int
  /// One line per difference: table, key, what is there, what the log says. Empty when sound.
  public var faults: [String]
  public init(
    transactions: Int, nodes: Int, edges: Int, entriesCompared: Int, faults: [String]
  ) {
    self.transactions = transactions
    self.nodes = nodes
    self.edges = edges
    self.entriesCompared = entriesCompared
    self.faults = faults
  }
}

/// The SHA-256 of an object, as 64 lower-case hexadecimal digits.
public struct ObjectHash: Sendable, Hashable, CustomStringConvertible {
  package let digest: Digest

  /// `nil` where it is not 64 hexadecimal digits in lower case.
  public init?(hex: String) {
    guard let digest = Digest(hex: hex) else { return nil }
    self.digest = digest
  }

  /// The same for what a user wrote.
  ///
  /// - Throws: `argument.invalid`.
  public init(argument hex: String) throws {
    guard let hash = ObjectHash(hex: hex) else {
      throw StemmaError(
        .argumentInvalid, "'\(hex)' is no SHA-256",
        advice: "give 64 hexadecimal digits in lower case")
    }
    self = hash
  }

  init(_ digest: Digest) { self.digest = digest }

  public var hex: String { digest.hex }
  public var description: String { hex }
}
