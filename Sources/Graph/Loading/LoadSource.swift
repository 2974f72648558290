// What a bulk load asks of whoever reads the files, and what it says when it is done.

public import Base

/// Rows to be loaded, which were read and checked before. Parts of them are read on any thread, in
/// any order, and more than once.
package protocol LoadSource: Sendable {
  var nodeCount: Int { get }
  var edgeCount: Int { get }
  /// Whether nodes come with keys.
  var hasKeys: Bool { get }

  /// About how many bytes some rows of nodes, or of edges, take.
  func byteCount(ofNodes rows: Range<Int>) -> Int
  func byteCount(ofEdges rows: Range<Int>) -> Int

  /// Appends rows of nodes.
  func readNodes(_ rows: Range<Int>, into part: inout LoadRows) throws

  /// Appends rows of edges; the node with the number n among the load's has the identity
  /// `first` + n.
  func readEdges(_ rows: Range<Int>, first: NodeID, into part: inout LoadRows) throws

  /// Where a row of nodes, or of edges, came from, or one of its properties.
  func place(ofNode row: Int, property: Text?) throws -> StemmaError.Place?
  func place(ofEdge row: Int, property: Text?) throws -> StemmaError.Place?
}

extension LoadSource {
  package func place(ofNode row: Int, property: Text?) throws -> StemmaError.Place? { nil }
  package func place(ofEdge row: Int, property: Text?) throws -> StemmaError.Place? { nil }

  /// Appends the rows of a part.
  func read(_ part: LoadPart, _ firstNode: NodeID, into rows: inout LoadRows) throws {
    switch part.kind {
    case .nodes: try readNodes(part.rows, into: &rows)
    case .edges: try readEdges(part.rows, first: firstNode, into: &rows)
    }
  }
}

/// What a load did.
public struct LoadReceipt: Sendable, Hashable {
  /// Its first and its last transaction.
  public var first: TransactionNumber
  public var last: TransactionNumber
  public var committedAt: Timestamp
  public var nodeCount: Int
  public var edgeCount: Int
  /// Whether it had been done before, and nothing was done now; then `first` is what it was, and
  /// `last` the same.
  public var wasRepeated = false

  /// How many transactions of the log it is.
  public var transactionCount: Int { Int(last.rawValue - first.rawValue) + 1 }
}
