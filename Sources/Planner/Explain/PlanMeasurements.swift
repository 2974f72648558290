// What the operations of a plan did in one run, by their numbers.

/// Measurements of one operation.
package struct OperationMeasurement: Sendable, Hashable {
  package var rows = 0
  package var batches = 0
  /// With everything below it.
  package var microseconds: Int64 = 0
  /// The most that it held at a time, with everything below it.
  package var memoryBytes = 0
  /// What went to disk for want of memory, with everything below it.
  package var spilledBytes = 0
  /// Ranges of columns that were read, and those that their bounds ruled out, with everything
  /// below it.
  package var readRanges = 0
  package var skippedRanges = 0
  /// Whether the estimate of its rows was wrong by more than ten times, which explains most slow
  /// plans; set by `PlanMeasurements.judged`.
  package var isEstimateOff = false
  /// How many rows were expected of all runs of the operation; set by `PlanMeasurements.judged`.
  package var expectedRows = 0.0
  package init() {}
}

/// Measurements by the operations' numbers.
package struct PlanMeasurements: Sendable {
  package var operations: [Int: OperationMeasurement] = [:]
  package init() {}
}

extension PlanMeasurements {
  /// The measurements with each estimate judged.
  package func judged(against plan: PreparedPlan) -> PlanMeasurements {
    var result = self
    result.judge(plan.root, runs: 1, isCut: false)
    for (subquery, inner) in plan.subqueries {
      result.judge(inner, runs: runs(of: inner), isCut: subquery.kind != .count)
    }
    return result
  }

  /// Judges an operation and those below it. What is expected is expected of each run of a plan;
  /// where somebody above stops when there are rows enough, fewer than expected are no fault.
  private mutating func judge(_ plan: Plan, runs: Double, isCut: Bool) {
    let isCutBelow = isCut || plan.operation.stopsEarly
    for (index, input) in plan.inputs.enumerated() {
      let isInner = index > 0 && !plan.operation.isUnion
      judge(input, runs: isInner ? self.runs(of: input) : runs, isCut: isCutBelow)
    }
    guard let actual = operations[plan.identifier].map({ Double($0.rows) }) else { return }
    // Nothing comes of nothing, whatever was expected.
    if let input = plan.inputs.first, operations[input.identifier]?.rows == 0 { return }
    let expected = plan.rows * runs
    operations[plan.identifier]?.expectedRows = expected
    operations[plan.identifier]?.isEstimateOff =
      actual > 10 * max(expected, 1) || (!isCut && expected > 10 * max(actual, 1))
  }

  /// How often an inner plan was run: once for each row that came into it.
  private func runs(of plan: Plan) -> Double {
    var start = plan
    while let input = start.inputs.first { start = input }
    return Double(max(1, operations[start.identifier]?.rows ?? 1))
  }
}

extension PlanOperation {
  /// Whether it may want no more rows before there are none.
  fileprivate var stopsEarly: Bool {
    switch self {
    case .slice(_, let limit): limit != nil
    case .sort(_, let limits, let isPresorted): isPresorted && !limits.isEmpty
    default: false
    }
  }

  fileprivate var isUnion: Bool {
    if case .union = self { return true }
    return false
  }
}
