// Takes a graph, or a part of it, out of a store as text. It streams: memory is bounded by a batch
// of rows (and by the limit, where one is given), and every export ends by saying whether it is
// all.

public import Base
public import Stemma

/// How a graph is written.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// One JSON object per line, `docs/interchange.md`; `GraphImport` reads it back.
  case jsonLines = "jsonl"
  /// Graphviz.
  case dot
}

/// What part of the graph is written.
public struct ExportSelection: Sendable, Hashable {
  /// Only nodes with one of these labels, and edges between them; empty for all.
  public var labels: [String]
  /// At most this many nodes, oldest first, and the edges between them.
  public var maximumNodes: Int?

  public init(labels: [String] = [], maximumNodes: Int? = nil) {
    self.labels = labels
    self.maximumNodes = maximumNodes
  }
}

/// What was written, out of how much.
public struct ExportSummary: Sendable, Hashable {
  public var nodes: Int
  public var edges: Int
  /// How many nodes of the selection there are, and edges between any nodes of these labels.
  public var availableNodes: Int
  public var availableEdges: Int
  public var snapshot: TransactionNumber

  /// Whether everything that was selected has been written.
  public var isComplete: Bool { nodes == availableNodes && edges == availableEdges }
}

/// Writes graphs.
public enum GraphExport {
  /// Writes the selected part of the graph at one snapshot, piece by piece.
  ///
  /// - Parameter sink: gets whole lines in order; what it throws stops the export.
  @discardableResult
  public static func write(
    _ database: Database, as format: ExportFormat,
    selection: ExportSelection = ExportSelection(), options: QueryOptions = QueryOptions(),
    to sink: (String) throws -> Void
  ) throws -> ExportSummary {
    switch format {
    case .jsonLines:
      return try run(database, JSONLinesWriter(), selection, options, sink)
    case .dot:
      return try run(database, DotWriter(), selection, options, sink)
    }
  }

  private static func run(
    _ database: Database, _ writer: some GraphWriter, _ selection: ExportSelection,
    _ options: QueryOptions, _ sink: (String) throws -> Void
  ) throws -> ExportSummary {
    let queries = ExportQueries(selection)
    let isPast = options.asOf != nil
    var options = options
    let counts = try database.query(
      queries.countNodes, parameters: queries.parameters, options: options)
    options.asOf = .transaction(counts.snapshot)
    let edgeCounts = try database.query(
      queries.countEdges, parameters: queries.parameters, options: options)
    var summary = ExportSummary(
      nodes: 0, edges: 0, availableNodes: counts.firstCount,
      availableEdges: edgeCounts.firstCount, snapshot: counts.snapshot)
    try sink(writer.opening(asOf: isPast ? counts.snapshot : nil))

    // With a limit, edges are written between the nodes that were; the set is as small as the
    // limit.
    var written: Set<NodeID> = []
    var names = NodeNames()
    let remembers = selection.maximumNodes.map { $0 < summary.availableNodes } ?? false
    _ = try database.query(queries.nodes, parameters: queries.parameters, options: options) {
      _, rows, entities in
      var text = ""
      for row in rows {
        guard case .node(let id) = row[0], let node = entities.nodes[id] else { continue }
        let name = names.note(node, position: summary.nodes)
        writer.append(node, named: name, to: &text)
        summary.nodes += 1
        if remembers { written.insert(id) }
      }
      try sink(text)
      return true
    }
    var sheaf = EdgeSheaf()
    _ = try database.query(queries.edges, parameters: queries.parameters, options: options) {
      _, rows, entities in
      var text = ""
      for row in rows {
        guard case .edge(let id) = row[0], let edge = entities.edges[id] else { continue }
        if remembers, !written.contains(edge.from) || !written.contains(edge.to) { continue }
        let ends = (names.name(row[1], edge.from), names.name(row[2], edge.to))
        if let done = sheaf.take(edge, ends) { Self.write(done, writer, to: &text) }
        summary.edges += 1
      }
      try sink(text)
      return true
    }
    var last = ""
    Self.write(sheaf.finish(), writer, to: &last)
    try sink(last + writer.closing(summary))
    return summary
  }

  private static func write(
    _ edges: [EdgeSheaf.Element], _ writer: some GraphWriter, to text: inout String
  ) {
    for (edge, ends) in edges { writer.append(edge, from: ends.from, to: ends.to, to: &text) }
  }
}

/// A way of writing nodes and edges.
protocol GraphWriter: Sendable {
  /// `asOf` is the snapshot where a past one was asked for.
  func opening(asOf: TransactionNumber?) -> String
  func append(_ node: NodeRecord, named name: NodeName, to text: inout String)
  func append(_ edge: EdgeRecord, from: NodeName, to: NodeName, to text: inout String)
  func closing(_ summary: ExportSummary) -> String
}

extension QueryResult {
  /// The count in the only cell.
  fileprivate var firstCount: Int {
    guard case .integer(let count)? = rows.first?.first else { return 0 }
    return Int(count)
  }
}
