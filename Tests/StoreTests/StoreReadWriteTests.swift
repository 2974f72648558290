// Reading and writing through both engines, against a dictionary.

import Base
import Store
import Testing

@Suite struct StoreReadWriteTests {
  @Test(arguments: TestEngine.allCases)
  func aWriteIsSeenByLaterReadersOnly(_ engine: TestEngine) throws {
    let test = try TestStore(engine)
    try test.store.write { try $0.put(.nodes, key(1), [1, 2, 3]) }
    try test.store.read { before in
      try test.store.write { try $0.put(.nodes, key(1), [9]) }
      #expect(try before.copy(.nodes, key(1)) == [1, 2, 3])
    }
    #expect(try test.store.value(.nodes, key(1)) == [9])
    #expect(try test.store.value(.nodes, key(2)) == nil)
    #expect(try test.store.read { reading in try reading.count(.nodes) } == 1)
  }

  @Test(arguments: TestEngine.allCases)
  func aWriterReadsItsOwnWrites(_ engine: TestEngine) throws {
    let test = try TestStore(engine)
    try test.store.write { transaction in
      try transaction.put(.edges, key(7), [7])
      #expect(try transaction.reading.copy(.edges, key(7)) == [7])
      try transaction.delete(.edges, key(7))
      #expect(try transaction.reading.copy(.edges, key(7)) == nil)
    }
  }

  /// What a reader remembers of a snapshot must not be told of another one.
  @Test(arguments: TestEngine.allCases)
  func whatWasReadBeforeIsReadAnew(_ engine: TestEngine) throws {
    let test = try TestStore(engine)
    let long = [UInt8](repeating: 1, count: 40)
    for round in UInt8(0)..<50 {
      // Twice: what is there, and what is not, is known the second time.
      for _ in 0..<2 {
        for number in UInt64(0)..<60 {
          let isThere = number < UInt64(round) && number % 3 != 1
          let expected = isThere ? [UInt8(number), round] : nil
          #expect(try test.store.value(.nodes, key(number)) == expected)
          #expect(try test.store.value(.edges, key(number)) == nil)
          #expect(try test.store.value(.nodes, key(number) + [0]) == nil)
        }
        #expect(try test.store.value(.nodes, long) == (round == 0 ? nil : [round]))
        #expect(try test.store.value(.nodes, [5]) == (round == 0 ? nil : []))
      }
      try test.store.write { transaction in
        for number in UInt64(0)...UInt64(round) {
          if number % 3 == 1 {
            try transaction.delete(.nodes, key(number))
          } else {
            try transaction.put(.nodes, key(number), [UInt8(number), round + 1])
          }
        }
        try transaction.put(.nodes, long, [round + 1])
        try transaction.put(.nodes, [5], [])
      }
    }
  }

  @Test(arguments: TestEngine.allCases)
  func nothingRemainsOfAWriteThatThrows(_ engine: TestEngine) throws {
    struct Stop: Error {}
    let test = try TestStore(engine)
    #expect(throws: Stop.self) {
      try test.store.write { transaction in
        try transaction.put(.nodes, key(1), [1])
        throw Stop()
      }
    }
    #expect(try test.store.value(.nodes, key(1)) == nil)
  }

  @Test(arguments: TestEngine.allCases)
  func randomWorkMatchesADictionary(_ engine: TestEngine) throws {
    let test = try TestStore(engine)
    var random = SplitMix64(seed: 42)
    var model: [UInt64: [UInt8]] = [:]
    for _ in 0..<40 {
      try test.store.write { transaction in
        for _ in 0..<100 {
          let number = random.next() % 600
          if random.next() % 4 == 0 {
            let wasThere = try transaction.delete(.labels, key(number))
            let wasExpected = model.removeValue(forKey: number) != nil
            #expect(wasThere == wasExpected)
          } else {
            let value = [UInt8](repeating: UInt8(number & 0xFF), count: Int(random.next() % 50))
            try transaction.put(.labels, key(number), value)
            model[number] = value
          }
        }
      }
      let bound = random.next() % 600
      try test.store.read { reading in try compare(reading, model, from: bound) }
    }
  }

  private func compare(_ reading: Reading, _ model: [UInt64: [UInt8]], from bound: UInt64) throws {
    let expected = model.keys.sorted().filter { $0 >= bound }
    #expect(try reading.count(.labels) == model.count)
    var cursor = try reading.cursor(.labels)
    var found: [UInt64] = []
    var isValid = try cursor.seek(key(bound).span.bytes)
    while isValid {
      let number = cursor.key.bigEndianUInt64(at: 0)
      found.append(number)
      #expect([UInt8](copying: cursor.value) == model[number])
      isValid = try cursor.next()
    }
    #expect(found == expected)
    let below = model.keys.filter { $0 < bound }.max()
    let hasBelow = try cursor.seekBelow(key(bound).span.bytes)
    #expect(hasBelow == (below != nil))
    if hasBelow { #expect(cursor.key.bigEndianUInt64(at: 0) == below) }
  }

  @Test(arguments: TestEngine.allCases)
  func appendRefusesAKeyOutOfOrder(_ engine: TestEngine) throws {
    let test = try TestStore(engine)
    try test.store.write { try $0.append(.log, key(5), [5]) }
    #expect(throws: StemmaError.self) {
      try test.store.write { try $0.append(.log, key(4), [4]) }
    }
    #expect(try test.store.read { reading in try reading.count(.log) } == 1)
  }
}
