// The content-addressed store as the loop sees it: bytes in, hash out. The loop takes code from
// here and from nowhere else.

import Base
import Stemma

/// Stores and returns objects by SHA-256.
package protocol ObjectStore: Sendable {
  /// Durable when it returns; kept once however often it is stored. Returns the hash in
  /// hexadecimal.
  func store(_ bytes: [UInt8]) throws -> String
  /// What a run left, whose hashes come back in their order: durable before, or with, the records
  /// that name it.
  func store(all contents: [[UInt8]]) throws -> [String]
  /// Stores what comes in pieces, of which the empty one is the end; durable when it returns.
  func store(pieces next: () throws -> [UInt8]) throws -> String
  /// The bytes, checked against their hash.
  func load(_ hash: String) throws -> [UInt8]
  /// Gives them in pieces; throws after the last where they do not have their hash.
  func load(_ hash: String, _ take: ([UInt8]) throws -> Void) throws
}

extension ObjectStore {
  package func store(all contents: [[UInt8]]) throws -> [String] {
    try contents.map { try store($0) }
  }

  package func store(pieces next: () throws -> [UInt8]) throws -> String {
    var bytes: [UInt8] = []
    while true {
      let piece = try next()
      if piece.isEmpty { return try store(bytes) }
      bytes += piece
    }
  }

  package func load(_ hash: String, _ take: ([UInt8]) throws -> Void) throws {
    try take(load(hash))
  }
}

/// The object store of a database.
package struct DatabaseObjects: ObjectStore {
  let database: Database

  package func store(_ bytes: [UInt8]) throws -> String { try database.storeObject(bytes).hex }

  /// Whether contents can become durable with the transaction that names them.
  func isStoredWithTransaction(_ bytes: [UInt8]) -> Bool {
    database.storesWithTransaction(bytes: bytes.count)
  }

  package func store(pieces next: () throws -> [UInt8]) throws -> String {
    try database.storeObject(pieces: next).hex
  }

  package func load(_ hash: String) throws -> [UInt8] {
    try loading(hash) { try database.object($0) }
  }

  package func load(_ hash: String, _ take: ([UInt8]) throws -> Void) throws {
    try loading(hash) { try database.object($0, take) }
  }

  private func loading<Result>(
    _ hash: String, _ load: (ObjectHash) throws -> Result
  ) throws -> Result {
    guard let parsed = ObjectHash(hex: hash) else {
      throw StemmaError(.storeDamaged, "'\(hash)' is not the hash of an object")
    }
    do {
      return try load(parsed)
    } catch let error as StemmaError where error.code == .keyNotFound {
      // Whatever the loop asks for was there when a record named it.
      throw StemmaError(
        .storeDamaged, "the object \(hash) is missing from the store",
        at: .record(table: "objects", key: hash),
        advice: "`stemma verify` lists all that are missing: bring them back from a backup")
    }
  }
}
