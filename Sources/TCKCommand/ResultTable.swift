// Comparing a result with an expected table.

import Base
import Stemma

/// A table with comparable cells.
struct ResultTable {
  var columns: [String]
  var rows: [[CellValue]]

  /// The expected table; its first row is the header.
  init(expected table: [[String]]) throws {
    columns = table.first ?? []
    rows = try table.dropFirst().map { try $0.map(CellValueParser.parse) }
  }

  init(_ result: QueryResult) {
    columns = result.columns
    rows = result.rows.map { row in row.map { CellValue($0, result.entities) } }
  }

  /// The reason why `actual` is not this table, or `nil` where it is.
  func mismatch(_ actual: ResultTable, inOrder: Bool, ignoringListOrder: Bool) -> String? {
    guard columns.count == actual.columns.count,
      zip(columns, actual.columns).allSatisfy({ Text($0) == Text($1) })
    else { return "columns \(actual.columns), expected \(columns)" }
    let expectedRows = canonical(ignoringListOrder)
    let actualRows = actual.canonical(ignoringListOrder)
    let same: Bool
    if inOrder {
      same = expectedRows == actualRows
    } else {
      same = Self.counts(expectedRows) == Self.counts(actualRows)
    }
    if same { return nil }
    return "rows \(Self.rendered(actualRows)), expected \(Self.rendered(expectedRows))"
  }

  private func canonical(_ ignoringListOrder: Bool) -> [[CellValue]] {
    ignoringListOrder ? rows.map { $0.map(\.ignoringListOrder) } : rows
  }

  private static func counts(_ rows: [[CellValue]]) -> [[CellValue]: Int] {
    rows.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// At most a few rows, for reasons.
  private static func rendered(_ rows: [[CellValue]]) -> String {
    let shown = rows.prefix(12).map { "(" + $0.map(\.rendered).joined(separator: ", ") + ")" }
    let rest = rows.count > shown.count ? " and \(rows.count - shown.count) more" : ""
    return "[" + shown.joined(separator: "; ") + "]" + rest
  }
}
