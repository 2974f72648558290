// Brings the index from the transaction it has seen to the present: from the records of the log, or
// by a scan of the graph where there is nothing yet or too much. Both give the same index.

import Base
import Graph
import Stemma

/// One catch-up inside one transaction of the file.
struct CatchUp {
  let identity: Int64

  /// Properties that the index is made from; a later version of one means to make it anew, which
  /// is rare, since a proposal is stored with all of them.
  static let indexed: Set<Text> = [
    "title", "hypothesis", "assignments", "parameters", "patchName", "differenceHash", "note",
    "text",
  ]

  static func about(_ name: String, _ file: SideFile) throws -> Int64? {
    try file.number("SELECT value FROM about WHERE name = ?", [.text(name)])
  }

  private static func set(_ name: String, _ value: Int64, _ file: SideFile) throws {
    try file.run("INSERT OR REPLACE INTO about VALUES (?, ?)", [.text(name), .integer(value)])
  }

  /// Transactions that a catch-up reads one by one at most; beyond, nodes are scanned.
  private static let recordLimit: UInt64 = 20_000

  func run(_ graph: borrowing GraphView, _ file: SideFile, _ database: Database) throws {
    let isThere = try file.number("SELECT count(*) FROM sqlite_schema WHERE name = 'about'") == 1
    let isOurs =
      try isThere && Self.about("version", file) == RecallIndex.version
      && Self.about("store", file) == identity
    let seen = isOurs ? UInt64(clamping: try Self.about("transaction", file) ?? 0) : 0
    // Another process may have been quicker, or the snapshot is of the past.
    if seen > 0, seen >= graph.snapshot.rawValue { return }
    if seen > 0, try !mustBegin(after: seen, graph) {
      let first = UInt64(clamping: try Self.about("nodes", file) ?? 0)
      try add(from: first, graph, file, database)
    } else {
      try begin(file)
      try add(from: 0, graph, file, database)
    }
    try Self.set("transaction", Int64(clamping: graph.snapshot.rawValue), file)
    try Self.set("nodes", Int64(clamping: graph.nodeLimit), file)
  }

  /// Whether what is indexed was changed or withheld since.
  private func mustBegin(after seen: UInt64, _ graph: borrowing GraphView) throws -> Bool {
    let last = graph.snapshot.rawValue
    guard last - seen <= Self.recordLimit else { return true }
    for number in (seen + 1)...last {
      guard let record = try graph.record(of: TransactionNumber(number)) else { continue }
      for operation in record.operations {
        switch operation {
        case .setNodeProperty(let node, let property) where Self.indexed.contains(property.name):
          if try graph.labels(of: node).contains(where: { try isIndexed($0, graph) }) {
            return true
          }
        case .addLabel(_, let label) where label == "Proposal" || label == "Source": return true
        case .trail(let entry) where entry.kind == .withheld:
          // Dropped tables leave their bytes in the file, so it is the file that goes.
          throw SideFileFault(code: SideFileFault.outdated, message: "a value was withheld")
        default: break
        }
      }
    }
    return false
  }

  private func isIndexed(_ label: Symbol, _ graph: borrowing GraphView) throws -> Bool {
    let name = try graph.name(of: label)
    return name == "Proposal" || name == "Source"
  }

  /// Everything that is there goes.
  private func begin(_ file: SideFile) throws {
    var names: [String] = []
    try file.query(
      """
      SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
      ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC
      """
    ) { row in
      names.append(row.text(0))
      return true
    }
    for name in names { try file.execute("DROP TABLE IF EXISTS \"\(name)\"") }
    try file.execute(RecallIndex.schema)
    try Self.set("version", RecallIndex.version, file)
    try Self.set("store", identity, file)
    try Self.set("records", 0, file)
  }

  private func add(
    from first: UInt64, _ graph: borrowing GraphView, _ file: SideFile, _ database: Database
  ) throws {
    var words = try TermIndex.Writer(.words, file)
    var lines = try TermIndex.Writer(.lines, file)
    var literature = try TermIndex.Writer(.literature, file)
    var grid = ParameterGrid.Writer()
    var records: Int64 = 0
    try scan("Proposal", from: first, graph) { node, graph in
      records += 1
      let proposal = try ProposalTexts(node, graph, database)
      try words.add(node, proposal.terms, to: file)
      try grid.add(node, proposal.parameters, to: file)
      guard let shape = proposal.shape(database), !shape.isEmpty else { return }
      try lines.add(node, shape.terms, to: file)
      try file.run(
        "INSERT OR REPLACE INTO patches VALUES (?, ?)",
        [.integer(Int64(node.rawValue)), .bytes(shape.packed)])
    }
    try scan("Source", from: first, graph) { node, graph in
      records += 1
      let parts = try ["title", "note"].map { try graph.text(Text($0), of: node) ?? "" }
      try literature.add(node, WordSplitter.terms(in: parts.joined(separator: " ")), to: file)
    }
    try words.flush(to: file)
    try lines.flush(to: file)
    try literature.flush(to: file)
    try grid.flush(to: file)
    try Self.set("records", (try Self.about("records", file) ?? 0) + records, file)
  }

  private func scan(
    _ label: Text, from first: UInt64, _ graph: borrowing GraphView,
    _ body: (NodeID, borrowing GraphView) throws -> Void
  ) throws {
    guard let symbol = try graph.symbol(for: label) else { return }
    var position = ScanPosition()
    position.next = first
    var nodes: [NodeID] = []
    while !position.isExhausted {
      nodes.removeAll(keepingCapacity: true)
      try graph.scanNodes(label: symbol, after: &position, into: &nodes, limit: 4_096)
      if nodes.isEmpty { break }
      for node in nodes { try body(node, graph) }
    }
  }
}
