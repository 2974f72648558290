// PROFILE: an operator around each operator that counts rows and time.

import Base
import Graph
package import Planner

/// Collects measurements during a run.
package final class PlanProfile {
  package private(set) var measurements = PlanMeasurements()

  package init() {}

  func note(_ identifier: Int, _ change: (inout OperationMeasurement) -> Void) {
    change(&measurements.operations[identifier, default: OperationMeasurement()])
  }
}

/// Measures the operator inside.
final class ProfilingOperator: Operator {
  private let inner: any Operator
  private let identifier: Int
  private let profile: PlanProfile
  private let now: @Sendable () -> Timestamp
  /// What the operator and those below it hold between two calls.
  private var heldBytes = 0

  init(
    _ inner: any Operator, identifier: Int, profile: PlanProfile,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.inner = inner
    self.identifier = identifier
    self.profile = profile
    self.now = now
  }

  func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    let start = now().rawValue
    let (memory, most) = (run.memoryBytes, run.mostMemoryBytes)
    let (spilled, read, skipped) = (run.spilledBytes, run.readRanges, run.skippedRanges)
    run.mostMemoryBytes = memory
    let hasRows = try inner.next(into: &batch, limit: limit, graph, run)
    let rows = hasRows ? batch.selectedCount : 0
    profile.note(identifier) { measured in
      measured.rows += rows
      measured.batches += rows > 0 ? 1 : 0
      measured.microseconds += now().rawValue - start
      measured.memoryBytes = max(
        measured.memoryBytes, heldBytes + run.mostMemoryBytes - memory)
      measured.spilledBytes += run.spilledBytes - spilled
      measured.readRanges += run.readRanges - read
      measured.skippedRanges += run.skippedRanges - skipped
    }
    heldBytes += run.memoryBytes - memory
    run.mostMemoryBytes = max(most, run.mostMemoryBytes)
    return hasRows
  }

  func rewind() { inner.rewind() }
}
