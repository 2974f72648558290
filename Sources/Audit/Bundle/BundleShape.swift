// What nodes, or edges, with the same labels and the same names of properties have in common in all
// the files of a bundle: written once, and copied for each of them.

import Base
import Graph

/// The parts that do not differ between nodes or edges of one shape.
final class BundleShape: Sendable {
  /// Its number among those of one worker.
  let number: Int
  /// Labels in the order of their bytes; the type of an edge.
  let labels: [Text]
  let names: [Text]
  /// The names in the order of their bytes, by their places.
  let order: [Int]
  let isNode: Bool
  let provenance: ProvenanceClass
  /// `"name":` of the SQLite copy and `"name",` of records.jsonl, by the places of the names.
  let members: [[UInt8]]
  let listed: [[UInt8]]
  /// `, "s:name": ` of PROV-JSON.
  let attributes: [[UInt8]]
  /// What follows the identity of a creation in records.jsonl: `,["Label"],`, or `,"TYPE",`.
  let creation: [UInt8]
  /// Labels, or the type, in PROV-JSON and PROV-N.
  let types: [UInt8]
  let notation: [UInt8]
  /// The first label and the list of labels as cells of the SQLite copy; the type of an edge.
  let cells: RowBuffer
  /// Hashes among the names, which can be those of contents.
  let references: Set<Digest>
  /// The places of properties that other parts of a bundle ask for.
  let status: Int?
  let sealed: Int?
  let isRun: Bool
  let isProposal: Bool
  let isFinding: Bool
  let isComparison: Bool

  init(_ shape: RecordShape, number: Int, _ classes: [Text: Text]) {
    self.number = number
    let (said, names): ([Text], [Text])
    switch shape {
    case .node(let all, _, let properties):
      isNode = true
      (said, names) = (all, properties)
    case .edge(let type, let properties):
      isNode = false
      (said, names) = ([type], properties)
    }
    let labels = said.sorted()
    (self.names, self.labels) = (names, labels)
    order = names.indices.sorted { names[$0] < names[$1] }
    provenance = ProvenanceClass(isNode ? labels.lazy.compactMap { classes[$0] }.first : nil)
    var json = PlainJSON()
    members = names.map { name in
      json.clear()
      json.string(name)
      return json.bytes + [0x3A]
    }
    listed = members.map { $0.dropLast() + [0x2C] }
    attributes = names.map { name in
      json.clear()
      json.raw(", \"s:")
      json.local(name)
      json.raw("\": ")
      return json.bytes
    }
    json.clear()
    json.raw(",")
    if isNode { json.list(said) } else { json.string(said[0]) }
    json.raw(",")
    creation = json.bytes
    json.clear()
    for (index, label) in labels.enumerated() {
      if index > 0 { json.raw(", ") }
      json.raw("{\"$\": \"s:")
      json.local(label)
      json.raw("\", \"type\": \"prov:QUALIFIED_NAME\"}")
    }
    types = json.bytes
    json.clear()
    for (index, label) in labels.enumerated() {
      if index > 0 { json.raw(", ") }
      json.raw("prov:type='s:")
      json.local(label)
      json.raw("'")
    }
    notation = json.bytes
    cells = Self.cells(labels, isNode)
    var found: Set<Digest> = []
    for text in said + names where text.utf8Count == 2 * Digest.byteCount {
      if let digest = Digest(hex: text.string) { found.insert(digest) }
    }
    references = found
    status = names.firstIndex(of: "status")
    sealed = names.firstIndex(of: "sealed")
    isRun = labels.contains("Run")
    isProposal = labels.contains("Proposal")
    isFinding = labels.contains("Finding")
    isComparison = labels.contains("Comparison")
  }

  private static func cells(_ labels: [Text], _ isNode: Bool) -> RowBuffer {
    var rows = RowBuffer()
    if let label = labels.first { rows.text(label) } else { rows.null() }
    guard isNode else { return rows }
    var list = PlainJSON()
    list.list(labels)
    rows.text(list.bytes[...])
    return rows
  }
}
