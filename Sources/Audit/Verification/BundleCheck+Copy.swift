// The SQLite copy is the graph that the records make, row by row, in bounded memory: both have
// their nodes and edges in the order of the numbers. Evals that say they are attested are checked
// on the way.

import Base
import Glibc
import Signing

extension BundleCheck {
  /// `standing` in JSON.
  private static let attested = Array("\"attested\"".utf8)

  mutating func checkCopy() throws {
    let copy = try TemporaryCopy(of: "graph.sqlite", in: files)
    let reader = try SQLiteReader(path: copy.path)
    let isSound = try reader.rows("PRAGMA integrity_check").next() == [.text(Array("ok".utf8))]
    report.expect(isSound, "graph.sqlite", "its pages or indexes are damaged")
    var nodes = RowComparison(
      "nodes", try reader.rows("SELECT id, key, label, labels, created, properties FROM nodes"))
    var edges = RowComparison(
      "edges", try reader.rows("SELECT id, type, source, target, created, properties FROM edges"))
    var records = RowComparison(
      "records",
      try reader.rows(
        "SELECT record, committed_at, actor, on_behalf_of, reason, operations, leaf FROM records"))
    var attested: [CheckedEntity] = []
    var runs: [UInt64: UInt64] = [:]
    var stream = RecordStream(try files.open("records.cbor"))
    while let record = try stream.next() {
      let header = record.header
      try records.expect(header.transaction, header.row, &report)
      for operation in record.operations where operation.code < 3 {
        guard let entity = changes.apply(to: try record.created(by: operation)) else { continue }
        if entity.ends == nil {
          try nodes.expect(entity.id, entity.row, &report)
          if entity["standing"] == Self.attested { attested.append(entity) }
        } else {
          try edges.expect(entity.id, entity.row, &report)
          if let ends = entity.ends, ends.type == "EVALUATES" { runs[ends.from] = ends.to }
        }
      }
    }
    try records.finish(&report)
    try nodes.finish(&report)
    try edges.finish(&report)
    for entity in attested {
      let name = entity.key?.string ?? "n\(entity.id)"
      let run = try runs[entity.id].flatMap { try Self.key(of: $0, reader) }
      attempt(name) { try $0.check(attestation: entity, name: name, run: run) }
    }
  }

  /// The key of a node; the rows were compared with the records before.
  private static func key(of node: UInt64, _ reader: SQLiteReader) throws -> Text? {
    let row = try reader.rows("SELECT key FROM nodes WHERE id = \(Int64(clamping: node))").next()
    guard case .text(let bytes)? = row?.first else { return nil }
    return Text(validatingUTF8: bytes)
  }

  private mutating func check(
    attestation entity: CheckedEntity, name: String, run: Text?
  ) throws {
    guard !entity.isSilent else {
      report.unchecked.append("the attestation of \(name): something of it is withheld")
      return
    }
    guard let statement = entity.text("statement"), let signature = entity.text("signature") else {
      report.fault(name, "it is said to be attested, and has no statement and signature")
      return
    }
    let runners = keys([.runner], at: entity.created - 1)
    guard EvalStatement.isSigned(statement, signature, byAnyOf: runners) else {
      report.fault(name, "it is said to be attested, and no trusted runner signed that")
      return
    }
    let said = try EvalStatement.measured(statement)
    var facts = entity.properties.filter { EvalStatement.measuredNames.contains($0.name) }
    var json = PlainJSON()
    json.string(report.origin)
    facts.append(("log", json.bytes))
    json.clear()
    if let run { json.string(run) } else { json.value(said["run"] ?? .null) }
    facts.append(("run", json.bytes))
    var expected = CheckedEntity(id: 0, created: 0)
    expected.properties = facts
    json.clear()
    json.value(.map(said))
    report.expect(json.bytes == expected.json, name, "its runner attested other facts")
    report.attested += 1
  }
}

/// Rows that must come in the order of their numbers.
struct RowComparison {
  private let table: String
  private let rows: SQLiteReader.Rows
  private var row: [SQLiteReader.Cell]?
  private var isStarted = false
  private var last: UInt64?

  init(_ table: String, _ rows: SQLiteReader.Rows) {
    self.table = table
    self.rows = rows
  }

  /// Compares the next row with what the records say.
  mutating func expect(
    _ number: UInt64, _ cells: [SQLiteReader.Cell], _ report: inout BundleReport
  ) throws {
    if !isStarted { row = try rows.next() }
    isStarted = true
    if let last, number <= last {
      report.fault("records.cbor", "\(number) of \(table) is made twice or out of order")
    }
    last = number
    let wanted = Int64(clamping: number)
    while let there = row, case .integer(let found)? = there.first, found < wanted {
      report.fault("graph.sqlite", "row \(found) of \(table) is not what the records say")
      row = try rows.next()
    }
    guard let there = row, case .integer(wanted)? = there.first else {
      report.fault("graph.sqlite", "rows of \(table) are missing: \(number)")
      return
    }
    if !there.dropFirst().elementsEqual(cells) {
      report.fault("graph.sqlite", "row \(number) of \(table) is not what the records say")
    }
    row = try rows.next()
  }

  /// No row is left.
  mutating func finish(_ report: inout BundleReport) throws {
    if !isStarted { row = try rows.next() }
    isStarted = true
    while let there = row {
      var number = "?"
      if case .integer(let found)? = there.first { number = "\(found)" }
      report.fault("graph.sqlite", "row \(number) of \(table) is not what the records say")
      row = try rows.next()
    }
  }
}

extension PlainHeader {
  fileprivate var row: [SQLiteReader.Cell] {
    [
      .integer(committedAt), .text(actor.utf8Bytes),
      onBehalfOf.map { .text($0.utf8Bytes) } ?? .null, .text(reason.utf8Bytes),
      .integer(Int64(clamping: operationCount)), .text(Array(leaf.hex.utf8)),
    ]
  }
}

extension CheckedEntity {
  fileprivate var row: [SQLiteReader.Cell] {
    if let ends {
      return [
        .text(ends.type.utf8Bytes), .integer(Int64(clamping: ends.from)),
        .integer(Int64(clamping: ends.to)), .integer(Int64(clamping: created)), .text(json),
      ]
    }
    var list = PlainJSON()
    list.list(labels)
    return [
      key.map { .text($0.utf8Bytes) } ?? .null, labels.first.map { .text($0.utf8Bytes) } ?? .null,
      .text(list.bytes), .integer(Int64(clamping: created)), .text(json),
    ]
  }
}

extension Text {
  fileprivate var utf8Bytes: [UInt8] { Array(string.utf8) }
}

/// A file of a bundle that something else must open by a path: itself in a folder, a copy that goes
/// away with its owner where the bundle is a .zip.
final class TemporaryCopy {
  let path: String
  private let isOwn: Bool

  init(of name: String, in files: BundleFiles) throws {
    let file = try files.open(name)
    if let path = files.path(of: name) {
      self.path = path
      isOwn = false
      return
    }
    var template = Array("/tmp/stemma-verify-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw BundleFiles.unreadable("/tmp", errno) }
    defer { close(descriptor) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    isOwn = true
    try file.forEachPiece { piece in
      guard write(descriptor, piece, piece.count) == piece.count else {
        throw BundleFiles.unreadable(path, errno)
      }
    }
  }

  deinit { if isOwn { unlink(path) } }
}
