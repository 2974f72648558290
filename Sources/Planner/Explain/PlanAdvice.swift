// What is worth a warning in a plan, with what to write instead: products of unconnected patterns,
// paths without a bound, and estimates that were far from what came.

import Base

extension PreparedPlan {
  /// At most this many warnings are given.
  private static let mostWarnings = 6

  /// Sentences for a person, the first operations first.
  package func warnings(
    _ slots: [SlotDescription], measured: PlanMeasurements? = nil
  ) -> [String] {
    let names = SlotNames(slots)
    let measured = measured?.judged(against: self)
    var found: [String] = []
    root.collectWarnings(names, measured, into: &found)
    for (_, plan) in orderedSubqueries {
      plan.collectWarnings(names, measured, into: &found)
    }
    return Array(found.prefix(Self.mostWarnings))
  }
}

extension Plan {
  fileprivate func collectWarnings(
    _ names: SlotNames, _ measured: PlanMeasurements?, into found: inout [String]
  ) {
    for inner in inputs { inner.collectWarnings(names, measured, into: &found) }
    if let warning = productWarning(names) { found.append(warning) }
    if let warning = pathWarning(names) { found.append(warning) }
    if let measured, let warning = estimateWarning(names, measured) { found.append(warning) }
  }

  /// A source that knows nothing of the rows before it is run for each of them.
  private func productWarning(_ names: SlotNames) -> String? {
    guard let input = inputs.first, input.rows > 1, rows > input.rows else { return nil }
    switch operation {
    case .nodeScan, .columnScan, .edgeScan, .indexSeek: break
    default: return nil
    }
    guard operation.read.isEmpty else { return nil }
    return "\(operation.rendered(names)) is combined with every one of the rows before it, a "
      + "cartesian product. Connect the patterns by a relationship, compare an indexed property, "
      + "or reduce one side first: WITH DISTINCT ..., LIMIT ..."
  }

  private func pathWarning(_ names: SlotNames) -> String? {
    switch operation {
    case .variableExpand(let run) where run.maximum == nil: break
    case .repeatGroup(let step) where step.group.length.maximum == nil: break
    default: return nil
    }
    return "\(operation.rendered(names)) enumerates every path and has no upper bound: there can "
      + "be exponentially many. Return only DISTINCT ends or their count, bound the length "
      + "(*1..8), or ask for SHORTEST paths."
  }

  /// The lowest operation whose estimate was wrong explains those above it.
  private func estimateWarning(_ names: SlotNames, _ measured: PlanMeasurements) -> String? {
    guard isEstimateOff(measured), !inputs.contains(where: { $0.isEstimateOff(measured) })
    else { return nil }
    let actual = measured.operations[identifier]?.rows ?? 0
    let expected = min(max(measured.operations[identifier]?.expectedRows ?? rows, 1), 1e15)
    return "\(operation.rendered(names)) was expected to give about \(Int64(expected)) rows and "
      + "gave \(actual). If the plan is slow, start from the more selective pattern with "
      + "WITH in between, or create an index on what is compared."
  }

  private func isEstimateOff(_ measured: PlanMeasurements) -> Bool {
    measured.operations[identifier]?.isEstimateOff ?? false
  }
}
