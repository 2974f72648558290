// Stores of the laboratory: small, with ranges of 64 identities, so that a few transactions seal
// some; the same requests give the same bytes, so that logs can be compared.

import Base
import Foundation
import Graph
import Store
import Synchronization

/// Makes and judges stores.
enum LabStore {
  static let layout = GraphLayout(rangeShift: 6)

  /// Time and chance from counters.
  static func surroundings(_ seed: UInt64) -> Surroundings {
    let source = Source(seed)
    return Surroundings(
      now: { Timestamp(microsecondsSinceEpoch: 1_700_000_000_000_000) },
      random: { source.next() })
  }

  private final class Source: Sendable {
    private let state: Mutex<SplitMix64>
    init(_ seed: UInt64) { state = Mutex(SplitMix64(seed: seed)) }
    func next() -> UInt64 { state.withLock { $0.next() } }
  }

  /// A row, or every other time a file.
  static func object(_ number: UInt64) -> [UInt8] {
    let bytes = Array("object \(number)\n".utf8)
    return number % 2 == 0
      ? bytes + [UInt8](repeating: 0x20, count: ObjectRows.largestBytes) : bytes
  }

  static func text(_ node: Int) -> Text {
    Text("the long text of node \(node) that lies in the log only")
  }

  /// A new node of everything that columns distinguish, and an edge to an earlier one.
  static func growth(_ node: Int) -> [GraphOperation] {
    [
      .createNode(
        labels: node % 2 == 0 ? ["A"] : ["A", "B"], key: Text("N\(node)"),
        properties: [
          Property("x", .integer(Int64(node % 7))), Property("half", .float(Double(node) / 2)),
          Property("text", .string(text(node))),
          Property("tag", .string(node == 6 ? "the tag of six" : Text("tag \(node % 3)"))),
        ]),
      .createEdge(
        type: node % 3 == 0 ? "R" : "S", from: .key(Text("N\(node)")),
        to: .id(NodeID(UInt64(node % 5 == 0 ? 0 : node / 2))),
        properties: [Property("w", .integer(Int64(node)))]),
    ]
  }

  static func request(_ number: UInt64, _ operations: [GraphOperation]) -> TransactionRequest {
    TransactionRequest(
      requestID: RequestID(high: 3, low: number), actor: "lab", reason: "a test",
      operations: operations)
  }

  /// Transaction `number`: the first makes indexes; later ones grow the graph by `count` nodes,
  /// from `first` on, and change and end what is there, sealed or not.
  static func step(_ number: UInt64, from first: Int, count: Int) -> TransactionRequest {
    if number == 1 {
      return request(
        1,
        [
          .createIndex(IndexDefinition(name: "x", label: "A", properties: ["x"])),
          .createIndex(IndexDefinition(name: "tag", label: "A", properties: ["tag", "half"])),
        ])
    }
    var operations = (first..<first + count).flatMap(growth)
    if number == 2 { return request(number, operations) }
    let old = NodeReference.id(NodeID(number % 8 + 1))
    operations += [
      .setProperty(of: .node(old), Property("x", .integer(Int64(number)))),
      .setProperty(of: .node(.key("N0")), Property("note", .string(Text("secret \(number)")))),
      number % 2 == 0 ? .addLabel(old, "C") : .removeLabel(old, "A"),
    ]
    if number % 3 == 0 { operations.append(.deleteEdge(.id(EdgeID(number)))) }
    return request(number, operations)
  }

  /// A store of `count` transactions, each with an object, growing by `nodes` nodes each.
  static func make(_ path: String, transactions: UInt64, nodes: Int) throws {
    let graph = try Graph.create(
      at: path, schema: nil, surroundings: surroundings(1), layout: layout)
    for number in 1...transactions { try append(number, nodes, to: graph) }
  }

  static func append(_ number: UInt64, _ nodes: Int, to graph: Graph) throws {
    _ = try graph.store.objects.put(object(number))
    _ = try graph.append(step(number, from: (Int(number) - 2) * nodes, count: nodes))
  }

  static func open(_ path: String, seed: UInt64 = 2) throws -> Graph {
    try Graph.open(at: path, surroundings: surroundings(seed))
  }

  // MARK: Judging

  struct Wrong: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
  }

  static func require(_ isSo: Bool, _ words: @autoclosure () -> String) throws {
    if !isSo { throw Wrong(words()) }
  }

  /// The records of a store's log.
  static func log(_ path: String) throws -> [[UInt8]] {
    try Store.open(at: path, options: StoreOptions(isReadOnly: true)).read { reading in
      var rows: [[UInt8]] = []
      var cursor = try reading.cursor(.log)
      while try cursor.next() { rows.append([UInt8](copying: cursor.value)) }
      return rows
    }
  }

  /// Verifies a store and its objects up to a transaction; returns its last one.
  @discardableResult
  static func requireSound(_ path: String, objects: Bool = true) throws -> UInt64 {
    let report = try Graph.verify(at: path, surroundings: surroundings(3))
    try require(report.faults.isEmpty, "not sound: \(report.faults.prefix(3))")
    let last = UInt64(report.transactions)
    if objects { try requireObjects(path, upTo: last) }
    return last
  }

  static func requireObjects(_ path: String, upTo last: UInt64) throws {
    let store = try Store.open(at: path, options: StoreOptions(isReadOnly: true))
    for number in 0..<last {
      let bytes = object(number + 1)
      try require(
        try store.objects.get(SHA256.hash(bytes)) == bytes, "object \(number + 1) is not whole")
    }
  }

  /// The log of a store must be the first records of another's; returns how many.
  @discardableResult
  static func requirePrefix(_ path: String, of reference: String) throws -> UInt64 {
    let (mine, all) = (try log(path), try log(reference))
    try require(mine.count <= all.count && mine == Array(all[..<mine.count]), "another log")
    return UInt64(mine.count)
  }

  /// Whether some file below a folder has these bytes in it.
  static func holds(_ folder: String, _ words: String) throws -> String? {
    let all = FileManager.default.enumerator(atPath: folder)
    while let name = all?.nextObject() as? String {
      guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
      if data.range(of: Data(words.utf8)) != nil { return name }
    }
    return nil
  }
}
