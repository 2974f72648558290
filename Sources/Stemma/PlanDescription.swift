// How a query is or was carried out, for programs: the tree that EXPLAIN and PROFILE print as text.

import Planner

/// A plan with its estimates and, where it was run, what it did.
public struct PlanDescription: Sendable {
  /// One operation; rows come from `inputs`.
  public struct Operation: Sendable {
    /// `NodeScan`, `IndexSeek`, `Expand`, ...
    public var name: String
    /// The whole line, with variables and conditions.
    public var text: String
    public var index: String?
    public var estimatedRows: Double
    /// What it did, with everything below it; `nil` where it was not run.
    public var measured: Measurement?
    public var inputs: [Operation]
  }

  public struct Measurement: Sendable, Hashable {
    public var rows: Int
    public var batches: Int
    public var microseconds: Int64
    /// The most that was held at a time.
    public var memoryBytes: Int
    /// What went to disk for want of memory.
    public var spilledBytes: Int
    /// Ranges of columns that were read, and those that their bounds ruled out.
    public var readRanges: Int
    public var skippedRanges: Int
    /// The estimate of the rows was wrong by more than ten times.
    public var isEstimateOff: Bool
  }

  public struct Subquery: Sendable {
    /// `exists`, `count`, ...
    public var kind: String
    public var root: Operation
  }

  public var root: Operation
  public var subqueries: [Subquery]
  /// The rules that changed the plan, in order.
  public var rules: [String]
  /// Products, paths without a bound and estimates that were far off, with what to write instead.
  public var warnings: [String]

  init(_ plan: PreparedPlan, _ slots: [SlotDescription], measured: PlanMeasurements? = nil) {
    let outline = plan.outline(slots, measured: measured)
    root = Operation(outline.root)
    subqueries = outline.subqueries.map { Subquery(kind: $0.kind, root: Operation($0.plan)) }
    rules = plan.appliedRules
    warnings = plan.warnings(slots, measured: measured)
  }
}

extension PlanDescription.Operation {
  fileprivate init(_ outline: PlanOutline) {
    name = String(outline.text.prefix { $0 != " " })
    text = outline.text
    index = outline.index
    estimatedRows = outline.estimatedRows
    measured = outline.measured.map {
      PlanDescription.Measurement(
        rows: $0.rows, batches: $0.batches, microseconds: $0.microseconds,
        memoryBytes: $0.memoryBytes, spilledBytes: $0.spilledBytes, readRanges: $0.readRanges,
        skippedRanges: $0.skippedRanges, isEstimateOff: $0.isEstimateOff)
    }
    inputs = outline.inputs.map { PlanDescription.Operation($0) }
  }
}
