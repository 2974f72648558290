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
  package init() {}

  /// Whether an estimate of its rows was wrong by more than ten times, which explains most slow
  /// plans.
  package func isFar(from estimatedRows: Double) -> Bool {
    let actual = Double(rows)
    return actual > 10 * max(estimatedRows, 1) || estimatedRows > 10 * max(actual, 1)
  }
}

/// Measurements by the operations' numbers.
package struct PlanMeasurements: Sendable {
  package var operations: [Int: OperationMeasurement] = [:]
  package init() {}
}
