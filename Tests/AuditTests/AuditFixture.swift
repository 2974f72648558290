// A small history with a signed log: everything from a seed, so that the same test makes the same
// bytes.

import Base
import Graph
import Lineage
import Signing
import Stemma
import Synchronization

@testable import Audit

/// A store in memory with keys, records and checkpoints.
struct AuditFixture {
  let database: Database
  let trail: AuditTrail
  let key: SigningKey

  static func surroundings(seed: UInt64) -> Surroundings {
    let source = Mutexed(SplitMix64(seed: seed))
    return Surroundings(
      now: { Timestamp(microsecondsSinceEpoch: 1_790_000_000_000_000) },
      random: { source.next() })
  }

  /// In memory, or in the folder `path`.
  init(seed: UInt64 = 5, records: Int = 20, path: String? = nil) throws {
    let surroundings = Self.surroundings(seed: seed)
    let creation = Database.Creation(schemaText: LineageSchema.text)
    if let path {
      database = try Database.create(at: path, creation, surroundings: surroundings)
    } else {
      database = try Database.inMemory(creation, surroundings: surroundings)
    }
    trail = AuditTrail(database)
    key = try SigningKey(name: trail.origin, seed: [UInt8](repeating: 3, count: 32))
    try trail.add(
      NoteKey(key.publicKey), role: .log, signers: [key], reason: "first", actor: "test")
    for number in 0..<records { try append(number) }
  }

  /// A report and what it found: two kinds of nodes, an edge, and a later version.
  private func append(_ number: Int) throws {
    let made = TransactionRequest(
      requestID: RequestID(high: 1, low: UInt64(number)), actor: "test", reason: "record \(number)",
      operations: [
        .createNode(
          labels: ["Finding"], key: nil,
          properties: [
            Property("statement", .text("finding \(number)")),
            Property("effect", .float(Double(number) / 8)), Property("scope", .text("all")),
          ]),
        .createNode(
          labels: ["Report"], key: nil,
          properties: [
            Property("kind", .text("round")), Property("title", .text("r\(number)")),
            Property("text", .text("text of report \(number)")),
          ]),
        .createEdge(type: "SUPPORTS", from: .new(1), to: .new(0), properties: []),
      ])
    try database.append(made)
    if number.isMultiple(of: 3) {
      try database.append(
        TransactionRequest(
          requestID: RequestID(high: 2, low: UInt64(number)), actor: "test", reason: "narrower",
          operations: [
            .setProperty(
              of: .node(.key(Text("F\(number + 1)"))), Property("scope", .text("some")))
          ]))
    }
  }
}

/// A generator that closures can share.
final class Mutexed: Sendable {
  private let state: Mutex<SplitMix64>
  init(_ generator: SplitMix64) { state = Mutex(generator) }
  func next() -> UInt64 { state.withLock { $0.next() } }
}
