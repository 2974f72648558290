// The objects of a group of steps: their hashes are known at once, and all of them are made durable
// together, side by side, before the records that name them are committed. One after the other each
// would wait for the disk by itself.

import Base
import Dispatch
import Synchronization

/// An object store that can hold back what is stored until `flush`.
package final class PendingObjects: ObjectStore {
  private struct State {
    var isHolding = false
    var pending: [String: [UInt8]] = [:]
    /// Hashes of objects that are durable for certain, so that they are not looked for again.
    var durable: Set<String> = []
    /// Small objects that were read lately: trees and their files are read for every run.
    var recent: [String: [UInt8]] = [:]
    var recentBytes = 0
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
    if let bytes = state.withLock({ $0.pending[hash] ?? $0.recent[hash] }) { return bytes }
    let bytes = try store.load(hash)
    guard bytes.count <= Self.recentLimitBytes / 64 else { return bytes }
    state.withLock { state in
      if state.recentBytes + bytes.count > Self.recentLimitBytes {
        state.recent = [:]
        state.recentBytes = 0
      }
      if state.recent.updateValue(bytes, forKey: hash) == nil { state.recentBytes += bytes.count }
    }
    return bytes
  }

  /// From here on nothing is written before `flush`.
  func hold() { state.withLock { $0.isHolding = true } }

  /// Makes everything durable that was held back, in no order, and holds back nothing more.
  func flush() throws {
    let pending = state.withLock { state in
      state.isHolding = false
      return state.pending
    }
    defer { state.withLock { $0.pending = [:] } }
    try writeAll(Array(pending.values))
    remember(pending.keys)
  }

  /// Forgets what was held back.
  func abandon() {
    state.withLock { state in
      state.isHolding = false
      state.pending = [:]
    }
  }

  /// Stores several objects side by side; their hashes in the same order.
  package func store(all contents: [[UInt8]]) throws -> [String] {
    let hashes = contents.map { SHA256.hash($0).hex }
    let known = state.withLock { state in hashes.map { state.durable.contains($0) } }
    try writeAll(zip(contents, known).filter { !$1 }.map(\.0))
    remember(hashes)
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
