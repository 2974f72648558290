// Reads the JSON lines form of a small graph back into a store, as one transaction of the log.

public import Base
public import Graph
public import Stemma

/// Reads graphs.
public enum GraphImport {
  /// Longer texts are refused: one transaction holds them whole. `JSONLinesImport` takes any.
  public static let maximumTextBytes = 256 << 20

  /// Appends the nodes and edges of a JSON lines text in one transaction.
  ///
  /// Nodes with keys keep them; the others are known by their numbers inside the text only. A text
  /// without its tail, or whose tail counts otherwise, is refused.
  /// - Throws: `file.unreadable` with the line; errors of `append`.
  public static func jsonLines(
    _ text: String, into database: Database, requestID: RequestID, actor: Text, reason: Text
  ) throws -> TransactionReceipt {
    guard text.utf8.count <= maximumTextBytes else {
      throw StemmaError(
        .fileUnreadable, "the text is longer than \(maximumTextBytes) bytes",
        advice: "Import it in parts.")
    }
    let lines = try JSONLinesImport(Array(text.utf8), path: "JSON lines")
    var (nodes, edges) = (LoadRows(), LoadRows())
    try lines.readNodes(0..<lines.nodeCount, into: &nodes)
    try lines.readEdges(0..<lines.edgeCount, first: NodeID(0), into: &edges)
    return try database.append(
      TransactionRequest(
        requestID: requestID, actor: actor, reason: reason,
        operations: try nodes.requests() + edges.requests(ofNewNodes: true)))
  }
}
