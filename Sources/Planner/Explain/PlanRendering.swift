// Plans as text: a chain of operations with the last on top, inner plans indented, and the expected
// rows beside each.

import Base

extension PreparedPlan {
  /// The plan as EXPLAIN shows it.
  package func rendered(
    _ slots: [SlotDescription], measured: PlanMeasurements? = nil
  ) -> String {
    let names = SlotNames(slots)
    let measured = measured?.judged(against: self)
    var lines = root.lines(names, measured, indent: 0)
    for (subquery, plan) in orderedSubqueries {
      lines.append(PlanLine(indent: 0, text: "Subquery (\(subquery.kind))", rows: nil))
      lines += plan.lines(names, measured, indent: 1)
    }
    var text = PlanLine.rendered(lines)
    if !appliedRules.isEmpty { text += "\nrules: " + appliedRules.joined(separator: ", ") }
    for warning in warnings(slots, measured: measured) { text += "\nwarning: " + warning }
    return text
  }
}

extension Plan {
  /// The plan alone, for golden files.
  package func rendered(_ slots: [SlotDescription]) -> String {
    PlanLine.rendered(lines(SlotNames(slots), nil, indent: 0))
  }

  /// The lines of this operation and of those below it; a chain keeps one indentation.
  func lines(
    _ names: SlotNames, _ measured: PlanMeasurements?, indent: Int
  ) -> [PlanLine] {
    if case .argument(let slots) = operation, slots.isEmpty { return [] }
    var lines = [
      PlanLine(
        indent: indent, text: operation.rendered(names), rows: rows,
        measured: measured?.operations[identifier], isMeasured: measured != nil)
    ]
    let isUnion: Bool
    if case .union = operation { isUnion = true } else { isUnion = false }
    for inner in inputs.dropFirst() { lines += inner.lines(names, measured, indent: indent + 1) }
    if let first = inputs.first {
      lines += first.lines(names, measured, indent: isUnion ? indent + 1 : indent)
    }
    return lines
  }
}

/// A line of a rendered plan.
struct PlanLine {
  var indent: Int
  var text: String
  var rows: Double?
  var measured: OperationMeasurement?
  var isMeasured = false

  static func rendered(_ lines: [PlanLine]) -> String {
    let width = lines.map { $0.indent * 2 + $0.text.count }.max() ?? 0
    return lines.map { $0.rendered(width: width) }.joined(separator: "\n")
  }

  private func rendered(width: Int) -> String {
    let left = String(repeating: "  ", count: indent) + text
    guard let rows else { return left }
    let padding = String(repeating: " ", count: max(0, width - left.count) + 2)
    let estimate = left + padding + "~" + Self.count(rows) + " rows"
    guard isMeasured else { return estimate }
    // What was never reached has done nothing.
    let measured = measured ?? OperationMeasurement()
    return estimate + ", \(measured.rows) actual, \(measured.microseconds) µs" + measured.work
      + (measured.isEstimateOff ? "  (estimate off)" : "")
  }

  /// Whole numbers: estimates are no more exact than that.
  private static func count(_ rows: Double) -> String {
    if rows < 1 { return "1" }
    return rows < 1e15 ? String(Int64(rows.rounded())) : "very many"
  }
}

extension OperationMeasurement {
  /// What it held, put on disk and did not have to read; nothing of what is nothing.
  fileprivate var work: String {
    var text = ""
    if memoryBytes > 0 { text += ", \(max(1, memoryBytes >> 10)) KiB" }
    if spilledBytes > 0 { text += ", \(max(1, spilledBytes >> 10)) KiB on disk" }
    if readRanges + skippedRanges > 0 {
      text += ", \(skippedRanges) of \(readRanges + skippedRanges) ranges skipped"
    }
    return text
  }
}
