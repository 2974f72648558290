// A whole Stemma transaction before it is in the log: all or nothing.

public import Base

/// Who asks for a change, why, and the changes.
public struct TransactionRequest: Sendable {
  /// Unique for ever: a repeated request returns the first one's receipt and changes nothing.
  public var requestID: RequestID
  /// Who acts, for example `loop`, `reviewer:ada`, `cli:root`.
  public var actor: Text
  /// For whom, where it is somebody else.
  public var onBehalfOf: Text?
  /// Why, in the caller's words.
  public var reason: Text
  public var operations: [Operation]
  /// SHA-256 of the query text and of its parameters, for writes made by Cypher.
  public var queryHash: [UInt8]?
  public var parametersHash: [UInt8]?

  public init(
    requestID: RequestID, actor: Text, onBehalfOf: Text? = nil, reason: Text,
    operations: [Operation] = []
  ) {
    self.requestID = requestID
    self.actor = actor
    self.onBehalfOf = onBehalfOf
    self.reason = reason
    self.operations = operations
  }
}

/// Sixteen bytes chosen by the caller, derived (by hashing) or random.
public struct RequestID: Sendable, Hashable {
  public var high: UInt64
  public var low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

/// What the log says of a transaction once it is durable.
public struct TransactionReceipt: Sendable, Hashable {
  public var transaction: TransactionNumber
  public var committedAt: Timestamp
  /// The nodes and edges it created, in the order of their operations.
  public var nodes: [NodeID]
  public var edges: [EdgeID]
  /// The key of each created node; `nil` for labels without a prefix.
  public var keys: [Text?]
  /// Whether the request had been carried out before and this is the first receipt again.
  public var wasRepeated: Bool

  public init(
    transaction: TransactionNumber, committedAt: Timestamp, nodes: [NodeID], edges: [EdgeID],
    keys: [Text?], wasRepeated: Bool
  ) {
    self.transaction = transaction
    self.committedAt = committedAt
    self.nodes = nodes
    self.edges = edges
    self.keys = keys
    self.wasRepeated = wasRepeated
  }
}
