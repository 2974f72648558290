// The objects of a group of steps: their hashes are known at once, and all of them become durable
// before the records that name them, or with them. Small ones are rows of the same commit; larger
// ones are files that are written before it, side by side, since one after the other each would
// wait for the disk by itself.

import Base
import Dispatch
import Synchronization

/// An object store that can hold back what is stored until records name it.
package final class PendingObjects: ObjectStore {
  private struct State {
    var isHolding = false
    /// What was held back since `hold`.
    var pending: [String: [UInt8]] = [:]
    /// What runs left that no record names yet; small, since larger ones are files at once.
    var left: [String: [UInt8]] = [:]
    /// What the commit under way has of both.
    var committing: [String] = []
    /// Hashes of objects that are durable for certain, so that they are not looked for again.
    var durable: Set<String> = []
    /// Small objects that were read lately: trees and their files are read for every run.
    var recent: [String: [UInt8]] = [:]
    var recentBytes = 0

    subscript(hash: String) -> [UInt8]? { pending[hash] ?? left[hash] ?? recent[hash] }
  }

  /// So many writers wait for the disk at once.
  private static let writers = 8
  private static let durableLimit = 1 << 16
  private static let recentLimitBytes = 4 << 20

  private let store: DatabaseObjects
  private let remembers: Bool
  private let state = Mutex(State())

  /// - Parameter remembers: what was stored once is there for good.
  package init(_ store: DatabaseObjects, remembers: Bool = true) {
    self.store = store
    self.remembers = remembers
  }

  package func store(_ bytes: [UInt8]) throws -> String {
    let hash = SHA256.hash(bytes).hex
    let isDone = state.withLock { state in
      if state.durable.contains(hash) { return true }
      guard state.isHolding else { return false }
      state.pending[hash] = bytes
      return true
    }
    if isDone { return hash }
    _ = try store.store(bytes)
    remember([hash])
    return hash
  }

  package func load(_ hash: String) throws -> [UInt8] {
    if let bytes = state.withLock({ $0[hash] }) { return bytes }
    let bytes = try store.load(hash)
    state.withLock { Self.note(hash, bytes, in: &$0) }
    return bytes
  }

  package func store(pieces next: () throws -> [UInt8]) throws -> String {
    let hash = try store.store(pieces: next)
    remember([hash])
    return hash
  }

  package func load(_ hash: String, _ take: ([UInt8]) throws -> Void) throws {
    if let bytes = state.withLock({ $0[hash] }) { return try take(bytes) }
    try store.load(hash, take)
  }

  private static func note(_ hash: String, _ bytes: [UInt8], in state: inout State) {
    guard bytes.count <= recentLimitBytes / 64 else { return }
    if state.recentBytes + bytes.count > recentLimitBytes {
      state.recent = [:]
      state.recentBytes = 0
    }
    if state.recent.updateValue(bytes, forKey: hash) == nil { state.recentBytes += bytes.count }
  }

  // MARK: Groups

  /// From here on nothing is written before `flush`.
  func hold() { state.withLock { $0.isHolding = true } }

  /// Makes everything durable that was held back and that the commit cannot bring along, in no
  /// order, and holds back nothing more.
  func flush() throws {
    let files = state.withLock { state in
      state.isHolding = false
      return state.pending.filter { !store.isStoredWithTransaction($0.value) }
    }
    try writeAll(Array(files.values))
    remember(files.keys)
    state.withLock { state in for hash in files.keys { state.pending[hash] = nil } }
  }

  /// What is to be committed with the records that name it; `wereCommitted` or `abandon` follows.
  func contentsToCommit() -> [[UInt8]] {
    state.withLock { state in
      let contents = state.pending.merging(state.left) { first, _ in first }
      state.committing = Array(contents.keys)
      return contents.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  /// What `contentsToCommit` returned is durable.
  func wereCommitted() {
    let hashes = state.withLock { state in
      defer { state.committing = [] }
      for hash in state.committing {
        state.pending[hash] = nil
        if let bytes = state.left.removeValue(forKey: hash) { Self.note(hash, bytes, in: &state) }
      }
      return state.committing
    }
    remember(hashes)
  }

  /// Forgets what was held back; what runs left is not part of the group.
  func abandon() {
    state.withLock { state in
      state.isHolding = false
      state.pending = [:]
      state.committing = []
    }
  }

  // MARK: Runs

  package func store(all contents: [[UInt8]]) throws -> [String] {
    let hashes = contents.map { SHA256.hash($0).hex }
    let files = state.withLock { state in
      var files: [(hash: String, bytes: [UInt8])] = []
      for (hash, bytes) in zip(hashes, contents) where !state.durable.contains(hash) {
        if store.isStoredWithTransaction(bytes) {
          state.left[hash] = bytes
        } else {
          files.append((hash, bytes))
        }
      }
      return files
    }
    try writeAll(files.map(\.bytes))
    remember(files.map(\.hash))
    return hashes
  }

  private func writeAll(_ contents: [[UInt8]]) throws {
    guard contents.count > 1 else {
      for bytes in contents { _ = try store.store(bytes) }
      return
    }
    let next = Atomic<Int>(0)
    let failure = Mutex<(any Error)?>(nil)
    let group = DispatchGroup()
    let store = self.store
    let work: @Sendable () -> Void = {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < contents.count, failure.withLock({ $0 == nil }) else { return }
        do { _ = try store.store(contents[index]) } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
    }
    for _ in 1..<min(Self.writers, contents.count) {
      group.enter()
      // A queue of its own gets a thread also where all processors are busy.
      DispatchQueue(label: "stemma.objects").async {
        work()
        group.leave()
      }
    }
    work()
    group.wait()
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func remember(_ hashes: some Sequence<String>) {
    guard remembers else { return }
    state.withLock { state in
      if state.durable.count > Self.durableLimit { state.durable = [] }
      state.durable.formUnion(hashes)
    }
  }
}
