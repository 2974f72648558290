// Rows sought in the pages of the file, one by one and several at once, against a dictionary: keys
// of every length, values in the page and on pages of their own, an older snapshot beside a newer.

import Base
import Testing

@testable import Store

@Suite("Store: rows sought in pages")
struct PageTreeTests {
  /// Keys that are dense numbers, keys with gaps, and keys of any length.
  private static func randomKey(_ random: inout SplitMix64) -> [UInt8] {
    switch below(4, &random) {
    case 0: return [1, 0, 3] + key(below(3_000, &random)).suffix(5)
    case 1: return [0] + key(below(900, &random)).suffix(4) + [0, 0, 0, 7]
    case 2: return key(random.next())
    default: return (0...below(30, &random)).map { _ in UInt8(below(4, &random)) }
    }
  }

  private static func randomValue(_ random: inout SplitMix64) -> [UInt8] {
    let count = below(20, &random) == 0 ? 5_000 : below(200, &random)
    return [UInt8](repeating: UInt8(below(256, &random)), count: Int(count))
  }

  private static func below(_ bound: UInt64, _ random: inout SplitMix64) -> UInt64 {
    random.next() % bound
  }

  @Test(arguments: UInt64(1)...3)
  func rowsAreThoseOfADictionary(seed: UInt64) throws {
    let test = try TestStore(.disk)
    var random = SplitMix64(seed: seed)
    var rows: [[UInt8]: [UInt8]] = [:]
    for _ in 0..<4 {
      let before = rows
      try test.store.read { older in
        try test.store.write { transaction in
          for _ in 0..<1_500 {
            let key = Self.randomKey(&random)
            if Self.below(5, &random) == 0 {
              try transaction.delete(.adjacency, key)
              rows[key] = nil
            } else {
              let value = Self.randomValue(&random)
              try transaction.put(.adjacency, key, value)
              rows[key] = value
            }
          }
        }
        try Self.compare(older, before, &random)
      }
      try test.store.read { try Self.compare($0, rows, &random) }
    }
    try test.store.read { reading in
      let tree = unsafe reading.recent?.tree(of: .adjacency, reading.transaction!)
      #expect(tree != nil, "the pages are never looked at")
      let none = try reading.copy(.versions, key(1))
      #expect(none == nil)
    }
  }

  private static func compare(
    _ reading: Reading, _ rows: [[UInt8]: [UInt8]], _ random: inout SplitMix64
  ) throws {
    let some = rows.keys.sorted { $0.lexicographicallyPrecedes($1) }
    for _ in 0..<80 {
      var keys = (0..<12).map { _ in randomKey(&random) }
      if !some.isEmpty {
        keys += (0..<8).map { _ in some[Int(below(UInt64(some.count), &random))] }
      }
      for (tag, key) in keys.enumerated() {
        reading.seekAhead(.adjacency, key.span.bytes, tag: UInt64(tag)) { row in
          #expect([UInt8](copying: row) == rows[key])
        }
      }
      reading.finishSeeking(.adjacency) { row, tag in
        #expect([UInt8](copying: row) == rows[keys[Int(tag)]])
      }
      for key in keys { #expect(try reading.copy(.adjacency, key) == rows[key]) }
    }
  }
}
