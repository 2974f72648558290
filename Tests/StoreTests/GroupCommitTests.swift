// Writes that share a commit: all there, in one order, each all or nothing.

import Base
import Foundation
import Store
import Synchronization
import Testing

@Suite struct GroupCommitTests {
  /// Adds one to the counter in `statistics` and logs under the new number.
  private static let append: @Sendable (inout WriteTransaction) throws -> UInt64 = { transaction in
    let now = try transaction.reading.get(.statistics, [1])?.bigEndianUInt64(at: 0) ?? 0
    try transaction.put(.statistics, [1], key(now + 1))
    try transaction.append(.log, key(now + 1), [1])
    return now + 1
  }

  @Test(arguments: TestEngine.allCases)
  func manyThreadsGetOneNumberEach(_ engine: TestEngine) throws {
    let test = try TestStore(engine)
    let store = test.store
    let numbers = Mutex<[UInt64]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<20 {
        guard let number = try? store.writeGrouped(Self.append) else { continue }
        numbers.withLock { $0.append(number) }
      }
    }
    #expect(numbers.withLock { $0.sorted() } == Array(1...160))
    #expect(try store.read { reading in try reading.count(.log) } == 160)
  }

  @Test(arguments: TestEngine.allCases)
  func whoWaitsTogetherIsCommittedTogether(_ engine: TestEngine) throws {
    let test = try TestStore(engine)
    let store = test.store
    let commits = Atomic<Int>(0)
    let append: @Sendable (inout WriteTransaction) throws -> UInt64 = { transaction in
      if transaction.writeCount == 0 { commits.add(1, ordering: .relaxed) }
      return try Self.append(&transaction)
    }
    // Alone, each write has a commit of its own, at once.
    for _ in 0..<5 { _ = try store.writeGrouped(append) }
    #expect(commits.load(ordering: .relaxed) == 5)
    // While a writer has the turn, eight come to wait.
    let done = DispatchGroup()
    try store.write { transaction in
      for _ in 0..<8 {
        done.enter()
        Thread.detachNewThread {
          _ = try? store.writeGrouped(append)
          done.leave()
        }
      }
      try transaction.put(.meta, [9], [1])
      Thread.sleep(forTimeInterval: 0.2)
    }
    done.wait()
    #expect(try store.read { reading in try reading.count(.log) } == 13)
    // One group, or two where a thread was late.
    #expect(commits.load(ordering: .relaxed) <= 7)
  }

  @Test(arguments: TestEngine.allCases)
  func aMemberThatFailsLeavesTheOthers(_ engine: TestEngine) throws {
    struct Refused: Error {}
    let test = try TestStore(engine)
    let store = test.store
    let failures = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for _ in 0..<10 {
        do {
          _ = try store.writeGrouped { transaction in
            let number = try Self.append(&transaction)
            if thread % 2 == 1 { throw Refused() }
            return number
          }
        } catch is Refused {
          failures.add(1, ordering: .relaxed)
        } catch {
          Issue.record("\(error)")
        }
      }
    }
    #expect(failures.load(ordering: .relaxed) == 40)
    let value = try store.value(.statistics, [1])
    #expect(value == key(40))
    #expect(try store.read { reading in try reading.count(.log) } == 40)
  }

  @Test func aMemberTooLargeForTheMapFailsAlone() throws {
    var options = StoreOptions()
    options.mapBytes = 1 << 20
    let test = try TestStore(.disk, options: options)
    let store = test.store
    let outcomes = Mutex<[Bool]>([])
    DispatchQueue.concurrentPerform(iterations: 6) { thread in
      let size = thread == 3 ? 2 << 20 : 100
      let result: Void? = try? store.writeGrouped { transaction in
        try transaction.put(.chunks, key(UInt64(thread)), [UInt8](repeating: 7, count: size))
      }
      outcomes.withLock { $0.append(result != nil) }
    }
    #expect(outcomes.withLock { $0.count(where: { $0 }) } == 5)
    #expect(try store.read { reading in try reading.count(.chunks) } == 5)
  }
}
