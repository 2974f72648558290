// What the audit trail costs: the tree's share of an append, checkpoints, proofs, and the export of
// everything. The targets stand beside the figures.

import Audit
import Base
import Foundation
import Glibc
import Graph
import Signing
import Stemma
import Store

/// Measures the audit trail of a store that it fills.
struct Audits {
  let folder: String
  let experiments: UInt64
  let surroundings: Surroundings

  private static let groupSize: UInt64 = 500
  private static let mapBytes = 64 << 30

  func measure() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var options = StoreOptions()
    options.mapBytes = Self.mapBytes
    let used = try fill(options)
    let tree = try extendTree(options)
    let share = tree / (used - tree) * 100
    print(
      "append in groups of \(Self.groupSize): processor \(each(used)) per experiment, of which the "
        + "tree \(each(tree)): slower by \((share * 10).rounded() / 10) % (target: under 10 %)")
    let database = try Database.open(at: folder + "/graph", surroundings: surroundings)
    let trail = AuditTrail(database)
    let key = try SigningKey(name: trail.origin, seed: [UInt8](repeating: 1, count: 32))
    try trail.add(
      NoteKey(key.publicKey), role: .log, signers: [key], reason: "the first key", actor: "bench")
    try checkpoints(trail, key)
    try proofs(trail)
    try export(trail, key)
  }

  private func each(_ seconds: Double) -> String { Timing.shown(seconds / Double(experiments)) }

  /// Appends all experiments; returns the seconds of processor time.
  private func fill(_ options: StoreOptions) throws -> Double {
    let graph = try Graph.create(
      at: folder + "/graph", schema: History.schema, surroundings: surroundings, options: options)
    var history = History()
    let used = Timing.processor()
    while history.made < experiments {
      let count = min(Self.groupSize, experiments - history.made)
      let group = (0..<count).map { _ in history.next() }
      for result in try graph.append(group: group) { _ = try result.get() }
    }
    return Timing.processor() - used
  }

  /// Extends a tree alone by as many leaves, in transactions of the same size: what an append does
  /// for the tree, and the commits besides, so it is rather too much.
  private func extendTree(_ options: StoreOptions) throws -> Double {
    let store = try Store.create(
      at: folder + "/tree",
      header: FormatHeader(uuid: [UInt8](repeating: 1, count: 16), writer: ""),
      options: options)
    var frontier = MerkleFrontier()
    var random = SplitMix64(seed: 3)
    let header = (0..<300).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    var made: UInt64 = 0
    let used = Timing.processor()
    while made < experiments {
      try store.write { transaction in
        for _ in 0..<min(Self.groupSize, experiments - made) {
          var leaf = header
          leaf[0] = UInt8(truncatingIfNeeded: made)
          try LogWriter.extend(&frontier, by: MerkleTree.leaf(leaf), &transaction)
          made += 1
        }
      }
    }
    return Timing.processor() - used
  }

  private func checkpoints(_ trail: AuditTrail, _ key: SigningKey) throws {
    var number = 0
    try Timing.report("checkpoint, durable (target: under 5 ms)", rounds: 200) {
      number += 1
      _ = try trail.makeCheckpoint(name: Text("bench \(number)"), key: key, actor: "bench")
    }
  }

  private func proofs(_ trail: AuditTrail) throws {
    guard let note = try trail.checkpoints().last?.note else { return }
    let size = try Checkpoint(text: note.text).size
    var random = SplitMix64(seed: 5)
    let count = 1_000
    for (name, property) in [("node", nil), ("value", "lr")] as [(String, Text?)] {
      try Timing.report("receipt of a \(name) (target: under 1 ms)", rounds: 5, per: count) {
        for _ in 0..<count {
          let text = "P\(1 + random.next() % experiments)"
          let receipt = try trail.receipt(
            for: .node(key: Text(text), property: property), text: text, checkpoint: note)
          _ = receipt.rendered
        }
      }
    }
    try Timing.report("consistency proof (target: under 1 ms)", rounds: 5, per: count) {
      for _ in 0..<count {
        _ = try trail.consistencyProof(from: 1 + random.next() % size, to: size)
      }
    }
  }

  private func export(_ trail: AuditTrail, _ key: SigningKey) throws {
    let (start, used) = (Timing.now(), Timing.processor())
    let summary = try trail.export(to: folder + "/bundle", key: key)
    let seconds = Int(Timing.now() - start)
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    print(
      "export of \(summary.records) records, \(summary.nodes) nodes, \(summary.edges) edges: "
        + "\(seconds) s (target at a million experiments: under 60 s), processor "
        + "\(Int(Timing.processor() - used)) s; this process had at most "
        + "\(usage.ru_maxrss / 1024) MB at any time, pages of the store's file among them")
  }
}
