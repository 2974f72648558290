// Aggregates: results, overflow, merging parts in any split, and typed columns against values.

import Base
import Executor
import Graph
import Planner
import Testing

@Suite struct AggregateTests {
  private func aggregate(
    _ function: AggregateFunction, _ values: [Value], distinct: Bool = false,
    fraction: Double = 0.5
  ) throws -> Value {
    var accumulator = AggregateAccumulator(function, isDistinct: distinct)
    for value in values { try accumulator.add(value, second: .float(fraction)) }
    return try accumulator.result()
  }

  @Test func resultsOfFewValues() throws {
    let mixed: [Value] = [.integer(1), .text("a"), .null, .list([.integer(1)]), .float(0.2)]
    #expect(try aggregate(.max, mixed) == .integer(1))
    #expect(try aggregate(.min, mixed) == .list([.integer(1)]))
    #expect(try aggregate(.count, mixed) == .integer(4))
    #expect(try aggregate(.countAll, mixed) == .integer(5))
    #expect(try aggregate(.avg, [.integer(1), .integer(2)]) == .float(1.5))
    #expect(try aggregate(.sum, []) == .integer(0))
    #expect(try aggregate(.avg, []) == .null)
    #expect(try aggregate(.collect, [.null]) == .list([]))
    #expect(
      try aggregate(.collect, [.integer(1), .float(1), .integer(2)], distinct: true)
        == .list([.integer(1), .integer(2)]))
    #expect(try aggregate(.percentileDisc, [10, 20, 30].map { .float($0) }) == .float(20))
    #expect(try aggregate(.percentileCont, [10, 20].map { .float($0) }) == .float(15))
    #expect(try aggregate(.stDevP, [.integer(2), .integer(4)]) == .float(1))
  }

  @Test func sumsOverflowOnlyAtTheEnd() throws {
    #expect(
      try aggregate(.sum, [.integer(.max), .integer(1), .integer(-1)]) == .integer(.max))
    #expect(throws: StemmaError.self) {
      try aggregate(.sum, [.integer(.max), .integer(1)])
    }
    #expect(try aggregate(.sum, [.float(1e100), .float(1), .float(-1e100)]) == .float(1))
    #expect(throws: StemmaError.self) { try aggregate(.sum, [.text("a")]) }
    #expect(throws: StemmaError.self) {
      try aggregate(.percentileCont, [.integer(1)], fraction: 1.1)
    }
  }

  /// However rows are split and whatever the kind of column, the aggregate is the same.
  @Test func partsMergeToTheWhole() throws {
    var random = SplitMix64(seed: 31)
    let functions = AggregateFunction.allCases.filter { $0 != .stDev && $0 != .stDevP }
    for _ in 0..<200 {
      let isInteger = random.next() % 2 == 0
      var column = Column(isInteger ? .integers : .floats)
      for _ in 0..<(random.next() % 40) {
        switch random.next() % 8 {
        case 0: column.append(.null)
        default:
          let number = Int64(random.next() % 20) - 10
          column.append(isInteger ? .integer(number) : .float(Double(number) / 4))
        }
      }
      let values = (0..<column.count).map { column[$0] }
      for function in functions {
        for isDistinct in [false, true] where function != .countAll || !isDistinct {
          let whole = try aggregate(function, values, distinct: isDistinct)
          #expect(try split(function, isDistinct, values, &random) == whole, "\(function)")
          if function != .percentileCont, function != .percentileDisc {
            #expect(try typed(function, isDistinct, column) == whole, "\(function)")
            let general = Column(values: values)
            #expect(try typed(function, isDistinct, general) == whole, "\(function)")
          }
        }
      }
    }
  }

  private func split(
    _ function: AggregateFunction, _ isDistinct: Bool, _ values: [Value],
    _ random: inout SplitMix64
  ) throws -> Value {
    var first = AggregateAccumulator(function, isDistinct: isDistinct)
    var second = AggregateAccumulator(function, isDistinct: isDistinct)
    let cut = values.isEmpty ? 0 : Int(random.next() % UInt64(values.count))
    for value in values[..<cut] { try first.add(value, second: .float(0.5)) }
    for value in values[cut...] { try second.add(value, second: .float(0.5)) }
    try first.merge(second)
    return try first.result()
  }

  private func typed(
    _ function: AggregateFunction, _ isDistinct: Bool, _ column: Column
  ) throws -> Value {
    var batch = Batch(slotCount: 1)
    batch.columns[0] = column
    batch.rowCount = column.count
    var accumulator = AggregateAccumulator(function, isDistinct: isDistinct)
    try accumulator.add(column, batch)
    return try accumulator.result()
  }
}
