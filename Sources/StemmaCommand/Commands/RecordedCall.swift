// A question that was asked once, with everything that was kept of it.

import ArgumentParser
import Base
import Models
import Stemma

/// A recorded call to a proposer, critic or judge.
struct RecordedCall {
  enum Part: String, ExpressibleByArgument, CaseIterable {
    case request, answer, brief, exchanges, prompt
  }

  let key: String
  let role: ProviderRole
  private let database: Database
  private let hashes: [Part: String]

  /// The call that made a critique or a proposal, or the call itself. Throws `key.not-found`.
  init(_ key: String, in database: Database) throws {
    let result = try database.query(
      """
      MATCH (n {key: $key})
      OPTIONAL MATCH (n)<-[:PRODUCED]-(maker:Call)
      WITH CASE WHEN n:Call THEN n ELSE maker END AS call
      OPTIONAL MATCH (call)-[:USES]->(brief:Brief)
      RETURN call.key, call.role, call.requestHash, call.responseHash, brief.contentHash,
        call.exchanges, call.promptHash
      """, parameters: ["key": .text(key.uppercased())])
    guard let row = result.rows.first, case .string(let call) = row[0] else {
      throw StemmaError(
        .keyNotFound, "there is no call that made \(key)",
        advice: "give the key of a critique, a proposal or a call, such as CR5")
    }
    self.key = call.string
    role = row[1].string.flatMap { ProviderRole(rawValue: $0) } ?? .proposer
    self.database = database
    var hashes: [Part: String] = [:]
    for (part, value) in zip(Part.allCases, row[2...]) {
      if case .string(let hash) = value { hashes[part] = hash.string }
    }
    self.hashes = hashes
  }

  func hash(_ part: Part) -> String? { hashes[part] }

  /// The bytes of a part, exactly. Throws `key.not-found` where it has none.
  func object(_ part: Part) throws -> [UInt8] {
    guard let hash = hashes[part].flatMap({ ObjectHash(hex: $0) }) else {
      throw StemmaError(
        .keyNotFound, "\(key) has no \(part.rawValue)",
        advice: "`stemma show \(key)` says what it has")
    }
    do { return try database.object(hash) } catch let error as StemmaError {
      guard error.code == .keyNotFound else { throw error }
      throw StemmaError(
        .keyNotFound, "the \(part.rawValue) of \(key) is not in this store",
        advice: "A store that was imported as JSON Lines has records and no objects; ask the store "
          + "of the campaign itself.")
    }
  }

  /// The same as text; `nil` where it has none.
  func text(_ part: Part) throws -> String? {
    hashes[part] == nil ? nil : String(decoding: try object(part), as: UTF8.self)
  }
}
