// Whether every object that the loop's records name is there. The store itself does not know which
// texts are names of objects; the records of the loop are read from the log, because what others
// write or import may name objects that were never here.
//
// Whether the bytes of an object are right is not looked at: the store's verification does that.

import Base
package import Stemma

/// The objects that records name, held against those that are there.
package struct ObjectAudit {
  /// Objects that are named, each once; with the files of trees.
  package private(set) var named = 0
  /// A line for each that is missing, with a record that needs it.
  package private(set) var faults: [String] = []

  /// Properties that name objects, in whichever kind has them.
  private static let texts: Set<Text> = [
    "specificationHash", "differenceHash", "outputHash", "errorHash", "answerHash", "requestHash",
    "responseHash", "logHash",
  ]
  private static let trees: Set<Text> = ["tree", "baseTree"]
  /// Only what is kept in the store: data sets and environments are named by content as well.
  private static let kindsWithContent: Set<Text> = ["Artifact", "Brief"]

  private static let portion: UInt64 = 1_000

  /// One named object.
  private struct Need {
    var hash: Text
    var node: Int64
    var property: Text
    var mayBeTree: Bool
  }

  private let database: Database
  private var seen: Set<Text> = []
  /// Outputs of which the campaign keeps no more than the list of their files.
  private let removed: Set<Int64>

  /// Reads the log once, in portions.
  package init(of database: Database) throws {
    self.database = database
    // A store made for something else has no outputs.
    let kinds = try database.schema().map { Set($0.nodeTypes.map(\.label)) }
    let hasOutputs = kinds?.contains("Artifact") != false
    let rows =
      hasOutputs
      ? try database.query("MATCH (a:Artifact) WHERE a.removedAt IS NOT NULL RETURN id(a)").rows
      : []
    removed = Set(
      rows.compactMap { if case .integer(let id)? = $0.first { id } else { nil } })
    let last = try database.lastTransaction().rawValue
    var from: UInt64 = 0
    while from < last {
      for need in try needs(after: from) {
        // Of the same list another output may be kept whole.
        let isNew = removed.contains(need.node) || seen.insert(need.hash).inserted
        if isNew { try check(need) }
      }
      from += Self.portion
    }
  }

  private func needs(after from: UInt64) throws -> [Need] {
    let rows = try database.query(
      """
      CALL stemma.changes($from, $to) YIELD actor, operation, node, name, value
      WITH * WHERE actor = 'loop' AND operation IN ['create node', 'set property']
      RETURN operation, node, name, value
      """,
      parameters: [
        "from": .integer(Int64(from)), "to": .integer(Int64(from + Self.portion)),
      ]
    ).rows
    var kinds: [Int64: Text] = [:]
    return rows.compactMap { row in
      guard case .string(let operation) = row[0], case .integer(let node) = row[1] else {
        return nil
      }
      if operation == "create node" {
        if case .list(let labels) = row[3], case .string(let kind)? = labels.first {
          kinds[node] = kind
        }
        return nil
      }
      guard case .string(let name) = row[2], case .string(let hash) = row[3] else { return nil }
      let isContent =
        name == "contentHash" && kinds[node].map(Self.kindsWithContent.contains) == true
      let isTree = Self.trees.contains(name)
      guard isTree || isContent || Self.texts.contains(name) else { return nil }
      return Need(hash: hash, node: node, property: name, mayBeTree: isTree || isContent)
    }
  }

  private mutating func check(_ need: Need) throws {
    named += 1
    guard let digest = Digest(hex: need.hash.string), try database.holdsObject(digest) else {
      return try miss(need.hash, need)
    }
    // Damaged bytes are the store's to report.
    guard need.mayBeTree, !removed.contains(need.node), let bytes = try? database.object(digest),
      let tree = try? Tree(manifest: bytes)
    else { return }
    for file in tree.files where seen.insert(Text(file.hash)).inserted {
      named += 1
      let isThere = try Digest(hex: file.hash).map(database.holdsObject) ?? false
      if !isThere { try miss(Text(file.hash), need, file: file.path) }
    }
  }

  private mutating func miss(_ hash: Text, _ need: Need, file: String? = nil) throws {
    let found = try database.query(
      "MATCH (n) WHERE id(n) = $id RETURN n.key", parameters: ["id": .integer(need.node)])
    var record = "node \(need.node)"
    if case .string(let key)? = found.rows.first?.first { record = key.string }
    let inside = file.map { " (its file \($0))" } ?? ""
    faults.append(
      "objects \(hash.string): missing, and \(record) needs it as \(need.property.string)\(inside)")
  }
}
