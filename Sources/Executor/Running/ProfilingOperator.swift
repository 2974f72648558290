// PROFILE: an operator around each operator that counts rows and time.

import Base
import Graph
package import Planner

/// Collects measurements during a run.
package final class PlanProfile {
  package private(set) var measurements = PlanMeasurements()

  package init() {}

  func note(_ identifier: Int, rows: Int, microseconds: Int64) {
    measurements.operations[identifier, default: OperationMeasurement()].rows += rows
    measurements.operations[identifier]?.batches += rows > 0 ? 1 : 0
    measurements.operations[identifier]?.microseconds += microseconds
  }
}

/// Measures the operator inside.
final class ProfilingOperator: Operator {
  private let inner: any Operator
  private let identifier: Int
  private let profile: PlanProfile
  private let now: @Sendable () -> Timestamp

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
    let hasRows = try inner.next(into: &batch, limit: limit, graph, run)
    profile.note(
      identifier, rows: hasRows ? batch.selectedCount : 0,
      microseconds: now().rawValue - start)
    return hasRows
  }

  func rewind() { inner.rewind() }
}
