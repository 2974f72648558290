// The contents that go along, and the list of what does not: an auditor must know what is missing
// as surely as what is there.

import Base
import Graph
import Stemma

/// What is not in a bundle, and why.
struct BundleAbsence {
  /// Runs of records without their contents, first and last.
  private(set) var records: [(first: UInt64, last: UInt64)] = []
  /// Values that are withheld.
  var values: [(record: UInt64, position: ValuePosition, name: Text)] = []
  var objects: [(hash: Digest, why: String)] = []
  /// What did not come to its end, by key: crashed, killed, cancelled, not settled, sealed.
  var unfinished: [(name: String, why: String)] = []

  mutating func add(record: UInt64) {
    if let last = records.last, last.last + 1 == record {
      records[records.count - 1].last = record
    } else {
      records.append((record, record))
    }
  }

  var json: [UInt8] {
    var json = PlainJSON()
    json.raw("{\n\"records\": [")
    json.raw(records.map { "[\($0.first), \($0.last)]" }.joined(separator: ", "))
    json.raw("],\n\"values\": [")
    for (index, value) in values.enumerated() {
      json.raw(index > 0 ? ",\n" : "\n")
      json.raw("[\(value.record), \(value.position.operation), \(value.position.property), ")
      json.string(value.name)
      json.raw("]")
    }
    json.raw("],\n\"objects\": [")
    for (index, object) in objects.enumerated() {
      json.raw(index > 0 ? ",\n" : "\n")
      json.raw("[\"\(object.hash.hex)\", \"\(object.why)\"]")
    }
    json.raw("],\n\"unfinished\": [")
    for (index, entry) in unfinished.enumerated() {
      json.raw(index > 0 ? ",\n" : "\n")
      json.raw("[")
      json.string(entry.name)
      json.raw(", ")
      json.string(entry.why)
      json.raw("]")
    }
    json.raw("]\n}\n")
    return json.bytes
  }

  /// Notes a node that did not come to its end.
  mutating func note(_ node: BundleNode) {
    guard let status = node.text("status") else {
      if case .boolean(true) = node["sealed"] { unfinished.append((node.name, "sealed value")) }
      return
    }
    let isOpen = ["planned", "running", "waiting", "proposed", "paused"].contains(status)
    let isBroken = ["failed", "killed", "cancelled", "invalid", "lost", "stopped", "terminated"]
      .contains(status)
    guard isOpen || isBroken else { return }
    let cause = node.text("killedBy").map { ": \($0)" } ?? node.text("failure").map { ": \($0)" }
    unfinished.append((node.name, (isOpen ? "not settled, " : "") + status + (cause ?? "")))
  }
}

extension BundleExport {
  /// Writes the contents that the records lead to, trees with the files in them.
  mutating func writeObjects() throws {
    let database = trail.database
    var waiting = references.sorted()
    var seen = references
    var isPresent: Set<Digest> = []
    while let digest = waiting.popLast() {
      guard options.includesObjects, database.holdsObject(digest) else { continue }
      let bytes = try database.object(digest)
      isPresent.insert(digest)
      let hex = digest.hex
      try folder.file("objects/\(hex.prefix(2))/\(hex.dropFirst(2))", bytes)
      for file in TreeText.files(in: bytes) where seen.insert(file).inserted {
        waiting.append(file)
      }
    }
    summary.objects = isPresent.count
    for digest in seen.sorted() where !isPresent.contains(digest) {
      let why = database.holdsObject(digest) ? "withheld" : "no contents under this hash"
      absent.objects.append((digest, why))
    }
  }
}

/// The files that a stored tree names.
enum TreeText {
  private static let heading = Array("stemma tree 1\n".utf8)

  /// The second word of each line of a tree, where it is a hash; nothing for other contents.
  static func files(in bytes: [UInt8]) -> [Digest] {
    guard bytes.starts(with: heading) else { return [] }
    return bytes.split(separator: 10).compactMap { line in
      let words = line.split(separator: 32, maxSplits: 2, omittingEmptySubsequences: false)
      guard words.count > 1, !words[0].isEmpty, words[1].count == 64 else { return nil }
      return Digest(hex: String(decoding: words[1], as: UTF8.self))
    }
  }
}
