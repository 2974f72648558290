// Counts, sums and averages of all that a scan selects: the columns are added up where they lie,
// and no row is made.

import Base
import Graph
import Planner

/// Aggregating calls that a scan answers by itself.
struct ColumnTotals {
  private enum Call {
    case rows
    /// The number of a property in `properties`, and whether only its values are counted.
    case property(Int, isCount: Bool)
  }

  private let scan: ColumnScanOperator
  private var calls: [Call] = []
  private var properties: [Text] = []

  /// `nil` where some call must see the rows, which bind `slot`.
  init?(_ scan: ColumnScanOperator, slot: Slot, _ aggregation: BoundAggregation) {
    guard aggregation.keys.isEmpty else { return nil }
    self.scan = scan
    for call in aggregation.calls {
      guard !call.isDistinct else { return nil }
      if call.function == .countAll {
        calls.append(.rows)
        continue
      }
      guard call.arguments.count == 1, let argument = call.arguments.first else { return nil }
      switch (call.function, argument.kind) {
      case (.count, .slot(let counted)) where counted == slot: calls.append(.rows)
      case (.count, .property(let subject, let name)) where subject.plainSlot == slot:
        calls.append(.property(place(of: name), isCount: true))
      case (.sum, .property(let subject, let name)) where subject.plainSlot == slot:
        calls.append(.property(place(of: name), isCount: false))
      case (.avg, .property(let subject, let name)) where subject.plainSlot == slot:
        calls.append(.property(place(of: name), isCount: false))
      default: return nil
      }
    }
  }

  private mutating func place(of name: Text) -> Int {
    if let known = properties.firstIndex(of: name) { return known }
    properties.append(name)
    return properties.count - 1
  }

  /// Adds everything to the states of the one group, per call; `false`, and nothing is added, where
  /// values must be looked at one by one.
  func add(
    to accumulators: inout [[AggregateAccumulator]], _ graph: borrowing GraphView,
    _ run: ExecutionRun
  ) throws -> Bool {
    guard let (rows, sums) = try scan.totals(of: properties, graph, run) else {
      scan.rewind()
      return false
    }
    for (index, call) in calls.enumerated() {
      switch call {
      case .rows: try accumulators[index][0].add(count: Int64(rows), integers: nil, floats: nil)
      case .property(let place, let isCount):
        try accumulators[index][0].add(sums[place], isCount: isCount)
      }
    }
    return true
  }
}

extension AggregateAccumulator {
  /// Takes what a scan counted or added up.
  fileprivate mutating func add(_ sum: ColumnSum, isCount: Bool) throws {
    if sum.integerCount > 0 {
      try add(
        count: Int64(sum.integerCount), integers: isCount ? nil : sum.integers, floats: nil)
    }
    if sum.floatCount > 0 {
      let floats = isCount ? nil : CompensatedSum(sum.floats, correction: sum.correction)
      try add(count: Int64(sum.floatCount), integers: nil, floats: floats)
    }
  }
}
