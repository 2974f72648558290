// The tables of a store: a few ordered maps from bytes to bytes, fixed for a format.
// Their order is part of the format (LMDB hands out its handles in this order). What the keys and
// values mean belongs to the layers above; docs/store-format.md has the bytes.

/// One of the ordered tables of a store.
@frozen
public enum Table: UInt8, CaseIterable, Sendable {
  /// Format, counters, and small facts about the whole store.
  case meta
  /// Transaction number to log record; the truth from which everything else can be rebuilt.
  case log
  /// Names to symbols and symbols to names.
  case symbols
  /// Node rows: creation, labels, end.
  case nodes
  /// Edge rows: type, ends, creation, end.
  case edges
  /// Neighbours of nodes by direction and type, in packed segments.
  case adjacency
  /// Newest values of properties, by row.
  case properties
  /// Earlier versions of properties and labels.
  case versions
  /// Sealed column chunks.
  case chunks
  /// Keys that people see (`P42`) to nodes.
  case keys
  /// Label members.
  case labels
  /// Ordered index entries.
  case indexes
  /// Request identifiers to transaction numbers.
  case requests
  /// Counts, degrees, distinct values.
  case statistics
  /// The Merkle tree over the log.
  case merkle
  /// Schemas and index definitions by transaction.
  case schema
  /// Small contents by their SHA-256, from format 4 on. Not computed from the log.
  case objects

  /// Those that the log determines, itself among them.
  package static let ofLog = allCases.filter { $0 != .objects }

  /// The name of the table inside the LMDB file and in error messages.
  public var name: String {
    switch self {
    case .meta: "meta"
    case .log: "log"
    case .symbols: "symbols"
    case .nodes: "nodes"
    case .edges: "edges"
    case .adjacency: "adjacency"
    case .properties: "properties"
    case .versions: "versions"
    case .chunks: "chunks"
    case .keys: "keys"
    case .labels: "labels"
    case .indexes: "indexes"
    case .requests: "requests"
    case .statistics: "statistics"
    case .merkle: "merkle"
    case .schema: "schema"
    case .objects: "objects"
    }
  }

  /// LMDB's handle: its two own tables come first, ours follow in order (checked when opening).
  @inlinable
  var handle: UInt32 { UInt32(rawValue) + 2 }
}
