// What the operations of a plan did in one run, by their numbers.

/// Measurements of one operation.
package struct OperationMeasurement: Sendable, Hashable {
  package var rows = 0
  package var batches = 0
  /// With everything below it.
  package var microseconds: Int64 = 0
  package init() {}
}

/// Measurements by the operations' numbers.
package struct PlanMeasurements: Sendable {
  package var operations: [Int: OperationMeasurement] = [:]
  package init() {}
}
