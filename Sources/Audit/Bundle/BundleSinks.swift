// The files of a bundle that grow with the log, written side by side. Each hashes what it is given,
// so a thread for each is worth its while.

import Base
import Graph
import Stemma

/// Where the yields of an export go, in the order of the log.
final class BundleSinks {
  private let folder: BundleFolder
  private let exact: BundleFolder.File
  private let readable: BundleFolder.File
  private let notation: BundleFolder.File
  private let provenance: BundleFolder.File
  private let copy: SQLiteCopy
  /// PROV-JSON wants its records by class and relation: the first class goes where it belongs, the
  /// others are put aside until the end.
  private let aside: [BundleFolder.File]
  private var isBegun: [Bool]

  private static let groups =
    ProvenanceClass.allCases.map(\.rawValue) + ProvenanceRelation.allCases.map(\.rawValue)

  init(_ folder: BundleFolder, origin: String) throws {
    self.folder = folder
    exact = try BundleFolder.File(try folder.place("records.cbor"))
    readable = try BundleFolder.File(try folder.place("records.jsonl"))
    notation = try BundleFolder.File(try folder.place("prov.provn"))
    provenance = try BundleFolder.File(try folder.place("prov.json"))
    copy = try SQLiteCopy(path: try folder.place("graph.sqlite"))
    aside = try Self.groups.dropFirst().map { try folder.aside($0) }
    isBegun = Self.groups.map { _ in false }
    var prefix = PlainJSON()
    prefix.string("https://\(origin)/")
    try notation.write("document\nprefix s <https://\(origin)/>\n")
    try provenance.write("{\"prefix\": {\"s\": ")
    try provenance.write(prefix.bytes)
    try provenance.write("}")
  }

  /// Writes to all files at once; returns when all is written.
  func write(_ yield: BundleYield) throws {
    var work: [(BundleFolder.File, [UInt8])] = [
      (exact, yield.exact), (readable, yield.readable.bytes), (notation, yield.notation.bytes),
    ]
    for (group, json) in (yield.classes + yield.relations).enumerated() where !json.bytes.isEmpty {
      work.append((group == 0 ? provenance : aside[group - 1], entries(json.bytes, group)))
    }
    let (copy, rows, files) = (copy, yield.rows, work)
    let outcomes = LoadWork.map(files.count + 1) { index in
      Result {
        if index == 0 { return try copy.insert(rows) }
        try files[index - 1].0.write(files[index - 1].1)
      }
    }
    for outcome in outcomes { try outcome.get() }
  }

  /// Entries of a group, which its first ones begin.
  private func entries(_ json: [UInt8], _ group: Int) -> [UInt8] {
    if isBegun[group] { return json }
    isBegun[group] = true
    // The first comma and the end of its line separate nothing.
    return Array(",\n\"\(Self.groups[group])\": {\n".utf8) + json.dropFirst(2)
  }

  /// Ends all files. `columns` are the properties of nodes by their first label.
  func finish(_ columns: [Text: Set<Text>]) throws {
    let names = ["about", "records", "nodes", "edges"]
    let views = columns.keys.sorted().filter { !names.contains($0.string.lowercased()) }
    let labels = views.map { ($0, columns[$0]!.subtracting(["id", "key"]).sorted()) }
    let copy = copy
    let (_, ended) = try LoadWork.both({ Result { try copy.finish(labels: labels) } }) {
      try folder.settle(exact, as: "records.cbor")
      try folder.settle(readable, as: "records.jsonl")
      try notation.write("endDocument\n")
      try folder.settle(notation, as: "prov.provn")
      if isBegun[0] { try provenance.write("\n}") }
      for (index, file) in aside.enumerated() {
        try folder.append(file, to: provenance)
        if isBegun[index + 1] { try provenance.write("\n}") }
      }
      try provenance.write("\n}\n")
      try folder.settle(provenance, as: "prov.json")
    }
    try ended.get()
    try folder.adopt("graph.sqlite")
  }
}
