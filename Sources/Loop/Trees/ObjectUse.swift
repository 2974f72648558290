// Which objects are still named by records, so that what a campaign does not keep can be removed
// without taking away anything else. Every hash in any text of any record counts, whoever wrote it,
// and every hash inside of trees and lists that records name; outputs of runs count while they are
// kept. The log is read as it grows.

import Base
import Stemma

/// The objects that a store needs.
struct ObjectUse {
  /// An output of a run.
  private struct Output {
    var hash: String
    var isRemoved: Bool
  }

  private static let portion: UInt64 = 1_000
  private static let digits = 64

  private let database: Database
  private var seen: UInt64 = 0
  private var names: Set<String> = []
  /// What manifests name, by their own hash.
  private var files: [String: Set<String>] = [:]
  private var done: Set<String> = []

  init(of database: Database) { self.database = database }

  /// Removes the files of outputs that a record says are removed, but for those that anything else
  /// names; the lists of files stay. Nobody may store outputs meanwhile.
  mutating func removeDropped() throws {
    let last = try database.lastTransaction().rawValue
    let outputs = try self.outputs()
    try catchUp(to: last, without: outputs)
    var needed = names
    for output in outputs.values where !output.isRemoved {
      needed.formUnion(try inside(output.hash))
    }
    var dropped: [Digest] = []
    for output in outputs.values where output.isRemoved && done.insert(output.hash).inserted {
      for file in try inside(output.hash) where !needed.contains(file) {
        if let digest = Digest(hex: file) { dropped.append(digest) }
      }
    }
    if !dropped.isEmpty { try database.removeObjects(dropped) }
  }

  private func outputs() throws -> [Int64: Output] {
    let rows = try database.query(
      "MATCH (:Run)-[:PRODUCED]->(a:Artifact) "
        + "RETURN id(a), a.contentHash, a.removedAt IS NOT NULL"
    ).rows
    var outputs: [Int64: Output] = [:]
    for row in rows {
      guard case .integer(let id) = row[0], case .string(let hash) = row[1] else { continue }
      outputs[id] = Output(hash: hash.string, isRemoved: row[2] == .boolean(true))
    }
    return outputs
  }

  private mutating func catchUp(to last: UInt64, without outputs: [Int64: Output]) throws {
    while seen < last {
      let next = min(last, seen + Self.portion)
      let rows = try database.query(
        "CALL stemma.changes($from, $to) YIELD node, name, value RETURN node, name, value",
        parameters: ["from": .integer(Int64(seen)), "to": .integer(Int64(next))]
      ).rows
      for row in rows {
        guard case .string(let value) = row[2] else { continue }
        if case .integer(let node) = row[0], let output = outputs[node],
          output.hash == value.string
        {
          names.insert(output.hash)
          continue
        }
        let found = Self.hashes(in: Array(value.string.utf8))
        names.formUnion(found)
        guard case .string(let name) = row[1], ContentNames.listing.contains(name) else { continue }
        for hash in found { names.formUnion(try inside(hash)) }
      }
      seen = next
    }
  }

  /// What an object names; nothing where it is not there.
  private mutating func inside(_ hash: String) throws -> Set<String> {
    if let known = files[hash] { return known }
    guard let digest = Digest(hex: hash), try database.holdsObject(digest) else { return [] }
    let found = Self.hashes(in: try database.object(digest))
    files[hash] = found
    return found
  }

  /// Every run of sixty-four hexadecimal digits.
  static func hashes(in bytes: [UInt8]) -> Set<String> {
    var found: Set<String> = []
    var start = 0
    for place in 0...bytes.count {
      if place < bytes.count, isDigit(bytes[place]) { continue }
      if place - start == digits {
        found.insert(String(decoding: bytes[start..<place], as: UTF8.self))
      }
      start = place + 1
    }
    return found
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}
