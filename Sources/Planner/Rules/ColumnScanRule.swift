// A scan whose rows are filtered by comparisons of properties with constants or parameters compares
// whole columns instead of rows. An index that would yield a large part of a label's nodes, in no
// order that anybody asked for, is no better than such a scan: it leads all over the store.
//
// What is proven:
// 1. The comparison is `n.property op value` with `=`, `<`, `<=`, `>` or `>=`, and the value is a
//    parameter or a literal: it cannot fail, and it is the same for all rows.
// 2. The filter stands over the scan with nothing but other filters between, so that a row that the
//    scan drops would have been dropped before anybody saw it.
// 3. Nothing in the plan writes, so that what a range has does not change under the scan.
// 4. Where an index is given up, each of its conditions is one of the filters above it (patterns
//    are planned so), and no sort above takes its rows as sorted.

import Base
import Cypher

/// Moves comparisons into scans.
package struct ColumnScanRule: PlanRule {
  package let name = "column-scan"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    plan.isWriting ? nil : rewrite(plan, [], isOrderUsed: false, catalog)
  }

  /// `filters` stand between the plan and whoever reads it.
  private func rewrite(
    _ plan: Plan, _ filters: [BoundExpression], isOrderUsed: Bool, _ catalog: any Catalog
  ) -> Plan? {
    if let scan = scan(plan, filters, isOrderUsed: isOrderUsed, catalog) { return scan }
    var isOrderUsed = isOrderUsed
    if case .sort(_, _, true) = plan.operation { isOrderUsed = true }
    var result = plan
    var isChanged = false
    for index in plan.inputs.indices {
      var inner: [BoundExpression] = []
      if case .filter(let predicates) = plan.operation { inner = filters + predicates }
      guard
        let rewritten = rewrite(plan.inputs[index], inner, isOrderUsed: isOrderUsed, catalog)
      else { continue }
      result.inputs[index] = rewritten
      isChanged = true
      if case .filter(let predicates) = plan.operation {
        return withoutAnswered(predicates, over: rewritten, plan)
      }
    }
    return isChanged ? result : nil
  }

  /// The filter without the comparisons that the scan below it makes; the scan alone where none is
  /// left.
  private func withoutAnswered(
    _ predicates: [BoundExpression], over input: Plan, _ plan: Plan
  ) -> Plan {
    guard let comparisons = input.scannedComparisons else {
      var result = plan
      result.inputs[0] = input
      return result
    }
    let open = predicates.filter { predicate in
      guard let made = Self.comparison(predicate, on: comparisons.slot) else { return true }
      return !comparisons.comparisons.contains(made)
    }
    if open.isEmpty {
      var result = input
      result.rows = plan.rows
      return result
    }
    var result = plan
    result.operation = .filter(open)
    result.inputs[0] = input
    return result
  }

  /// The scan that makes those of `filters` that it can, in place of a scan or a wide seek.
  private func scan(
    _ plan: Plan, _ filters: [BoundExpression], isOrderUsed: Bool, _ catalog: any Catalog
  ) -> Plan? {
    let slot: Slot
    let label: Text?
    switch plan.operation {
    case .nodeScan(let scanned, let name): (slot, label) = (scanned, name)
    case .indexSeek(let step):
      guard !isOrderUsed, isWide(plan, step, catalog),
        isTested(step, by: filters.compactMap { Self.comparison($0, on: step.slot) })
      else { return nil }
      (slot, label) = (step.slot, step.index.label)
    default: return nil
    }
    var comparisons: [ColumnComparison] = []
    var estimates = Estimates(catalog)
    estimates.learn([label].compactMap { $0 }, of: slot)
    var rows = plan.rows
    for predicate in filters {
      guard let comparison = Self.comparison(predicate, on: slot) else { continue }
      comparisons.append(comparison)
      if !plan.operation.answers(comparison) { rows *= estimates.share(of: predicate) }
    }
    guard !comparisons.isEmpty else { return nil }
    let step = ColumnScanStep(slot: slot, label: label, comparisons: comparisons)
    return Plan(.columnScan(step), inputs: plan.inputs, rows: rows)
  }

  /// A seek of at least this share of a label's nodes is wide, and of at least so many.
  private static let wideShare = 0.05
  private static let wideRows = 1_000.0

  /// Whether the index is asked for one value of its first property, of which statistics say how
  /// many nodes have it. What a range yields is a guess, and it may be little.
  private func isWide(_ plan: Plan, _ step: IndexSeekStep, _ catalog: any Catalog) -> Bool {
    guard step.prefix.count == 1, step.lower == nil, step.upper == nil,
      let input = plan.inputs.first, input.rows <= 1
    else { return false }
    let nodes = Double(catalog.nodeCount(label: step.index.label))
    return plan.rows >= max(Self.wideRows, nodes * Self.wideShare)
  }

  /// Whether all that the seek asks for is compared again above it.
  private func isTested(_ step: IndexSeekStep, by comparisons: [ColumnComparison]) -> Bool {
    zip(step.index.properties, step.prefix).allSatisfy { property, value in
      comparisons.contains(
        ColumnComparison(property: property, comparison: .equal, value: value))
    }
  }

  /// The comparison that a scan of `node` can make for a predicate.
  static func comparison(_ predicate: BoundExpression, on node: Slot) -> ColumnComparison? {
    guard let constraint = PropertyConstraint(predicate, on: node, bound: []),
      constraint.value.isConstant
    else { return nil }
    return ColumnComparison(
      property: constraint.property, comparison: constraint.comparison, value: constraint.value)
  }
}

extension PlanOperation {
  /// Whether it is a seek for what a comparison asks for.
  fileprivate func answers(_ comparison: ColumnComparison) -> Bool {
    guard case .indexSeek(let step) = self, comparison.comparison == .equal else { return false }
    return zip(step.index.properties, step.prefix).contains {
      $0 == comparison.property && $1 == comparison.value
    }
  }
}

extension Plan {
  /// What the scan at the end of a chain of filters compares.
  fileprivate var scannedComparisons: ColumnScanStep? {
    switch operation {
    case .columnScan(let step): return step
    case .filter: return inputs.first?.scannedComparisons
    default: return nil
    }
  }
}
