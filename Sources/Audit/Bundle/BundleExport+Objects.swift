// The contents that go along, and the list of what does not: an auditor must know what is missing
// as surely as what is there.

import Base
import Graph
import Stemma

/// What is not in a bundle, and why.
struct BundleAbsence: Sendable {
  /// Runs of records without their contents, first and last.
  private(set) var records: [(first: UInt64, last: UInt64)] = []
  /// Values that are withheld.
  var values: [(record: UInt64, position: ValuePosition, name: Text)] = []
  var objects: [(hash: Digest, why: String)] = []
  /// What did not come to its end, by key: crashed, killed, cancelled, not settled, sealed. These
  /// are the first ones; all of them are written already, since they can be many.
  private(set) var unfinished: [(name: String, why: String)] = []
  private(set) var unfinishedCount = 0
  private var unfinishedJSON = PlainJSON()

  /// So many of each kind are shown to people.
  static let shownLimit = 200

  mutating func add(record: UInt64) { add(records: (record, record)) }

  private mutating func add(records run: (first: UInt64, last: UInt64)) {
    if let last = records.last, last.last + 1 == run.first {
      records[records.count - 1].last = run.last
    } else {
      records.append(run)
    }
  }

  mutating func addUnfinished(_ name: String, _ why: String) {
    if unfinished.count < Self.shownLimit { unfinished.append((name, why)) }
    unfinishedJSON.raw(unfinishedCount > 0 ? ",\n[" : "\n[")
    unfinishedCount += 1
    unfinishedJSON.string(name)
    unfinishedJSON.raw(", ")
    unfinishedJSON.string(why)
    unfinishedJSON.raw("]")
  }

  /// Takes in what is absent of later records.
  mutating func join(_ other: BundleAbsence) {
    for run in other.records { add(records: run) }
    values += other.values
    unfinished += other.unfinished.prefix(Self.shownLimit - unfinished.count)
    if unfinishedCount > 0, other.unfinishedCount > 0 { unfinishedJSON.raw(",") }
    unfinishedJSON.append(encoded: other.unfinishedJSON.bytes)
    unfinishedCount += other.unfinishedCount
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
    json.append(encoded: unfinishedJSON.bytes)
    json.raw("]\n}\n")
    return json.bytes
  }

  /// What a status says of something that did not come to its end; `nil` for one that did.
  static func reason(_ status: String) -> String? {
    switch status {
    case "planned", "running", "waiting", "proposed", "paused": "not settled, " + status
    case "failed", "killed", "cancelled", "invalid", "lost", "stopped", "terminated": status
    default: nil
    }
  }
}

extension BundleExport {
  /// Writes the contents that the records lead to, trees with the files in them.
  mutating func writeObjects() throws {
    let database = trail.database
    var waiting = tally.references.sorted()
    var seen = tally.references
    var isPresent: Set<Digest> = []
    while let digest = waiting.popLast() {
      guard options.includesObjects, try database.holdsObject(digest) else { continue }
      let bytes = try database.object(digest)
      isPresent.insert(digest)
      let hex = digest.hex
      try folder.file("objects/\(hex.prefix(2))/\(hex.dropFirst(2))", bytes)
      for file in TreeText.files(in: bytes) where seen.insert(file).inserted {
        waiting.append(file)
      }
    }
    objectCount = isPresent.count
    for digest in seen.sorted() where !isPresent.contains(digest) {
      let why = try database.holdsObject(digest) ? "withheld" : "no contents under this hash"
      tally.absent.objects.append((digest, why))
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
