// Tables for people: a heading, a rule, rows. Cells are cut only to fit a terminal, with an
// ellipsis; a file or pipe gets everything.

/// Lays out rows of texts as a table.
package struct TableText: Sendable {
  package struct Column: Sendable {
    package var title: String
    package var alignRight: Bool

    package init(_ title: String, alignRight: Bool = false) {
      self.title = title
      self.alignRight = alignRight
    }
  }

  package var columns: [Column]
  package var rows: [[String]]

  package init(columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// The narrowest that a column is cut to.
  private static let narrowestColumn = 8
  private static let gap = "  "

  /// The table as lines, each ended by a newline. `maximumWidth` is the terminal's width, or `nil`
  /// for no cutting.
  package func render(maximumWidth: Int?, style: Style = .plain) -> String {
    let widths = columnWidths(maximumWidth: maximumWidth)
    var text = line(columns.map(\.title), widths, style: style.bold)
    text +=
      style.faint(
        widths.map { String(repeating: "─", count: $0) }.joined(separator: Self.gap)) + "\n"
    for row in rows { text += line(row, widths, style: { $0 }) }
    return text
  }

  private func line(_ cells: [String], _ widths: [Int], style: (String) -> String) -> String {
    var parts: [String] = []
    for (index, cell) in cells.enumerated() {
      let cut = DisplayWidth.cut(DisplayWidth.harmless(cell), to: widths[index])
      let isLast = index == cells.count - 1 && !columns[index].alignRight
      let padded =
        isLast
        ? cut
        : DisplayWidth.pad(cut, to: widths[index], alignRight: columns[index].alignRight)
      parts.append(style(padded))
    }
    return parts.joined(separator: Self.gap) + "\n"
  }

  /// Natural widths, then the widest columns give way until the table fits.
  private func columnWidths(maximumWidth: Int?) -> [Int] {
    var widths = columns.map { max(1, DisplayWidth.columns(of: $0.title)) }
    for row in rows {
      for (index, cell) in row.enumerated() {
        widths[index] = max(
          widths[index], DisplayWidth.columns(of: DisplayWidth.harmless(cell)))
      }
    }
    guard let maximumWidth, !widths.isEmpty else { return widths }
    let available = maximumWidth - Self.gap.utf8.count * (widths.count - 1)
    while widths.reduce(0, +) > available {
      guard let widest = widths.max(), widest > Self.narrowestColumn,
        let index = widths.firstIndex(of: widest)
      else { break }
      let rest = widths.reduce(0, +) - widest
      let second = widths.enumerated().filter { $0.offset != index }.map(\.element).max() ?? 0
      widths[index] = max(
        Self.narrowestColumn, min(widest - 1, max(second, available - rest)))
    }
    return widths
  }
}
