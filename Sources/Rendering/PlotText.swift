// Small plots for a terminal, in Braille dots: two by four points per character.

/// Draws points as a scatter or step plot.
package struct PlotText: Sendable {
  package var points: [(x: Double, y: Double)]
  /// A second series drawn as a step line, such as the best so far.
  package var line: [(x: Double, y: Double)]
  package var title: String

  package init(
    title: String, points: [(x: Double, y: Double)], line: [(x: Double, y: Double)] = []
  ) {
    self.title = title
    self.points = points
    self.line = line
  }

  /// The plot as lines of text, `width` × `height` characters without the axis. Points that are not
  /// finite are left out and counted under the plot.
  package func render(width: Int = 60, height: Int = 10) -> String {
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    let steps = line.filter { $0.x.isFinite && $0.y.isFinite }
    let all = finite + steps
    guard let lowX = all.map(\.x).min(), let highX = all.map(\.x).max(),
      let lowY = all.map(\.y).min(), let highY = all.map(\.y).max()
    else { return title + "\n(nothing to plot)\n" }
    var canvas = BrailleCanvas(width: width, height: height)
    let spanX = highX > lowX ? highX - lowX : 1
    let spanY = highY > lowY ? highY - lowY : 1
    func column(_ x: Double) -> Int { Int((x - lowX) / spanX * Double(width * 2 - 1)) }
    func row(_ y: Double) -> Int { Int((highY - y) / spanY * Double(height * 4 - 1)) }
    for point in finite { canvas.set(column: column(point.x), row: row(point.y)) }
    for (from, to) in zip(steps, steps.dropFirst()) {
      for position in column(from.x)...max(column(from.x), column(to.x)) {
        canvas.set(column: position, row: row(from.y))
      }
    }
    if let last = steps.last { canvas.set(column: column(last.x), row: row(last.y)) }
    return frame(canvas.lines, lowX: lowX, highX: highX, lowY: lowY, highY: highY, width: width)
      + (finite.count < points.count ? "(\(points.count - finite.count) points not finite)\n" : "")
  }

  private func frame(
    _ lines: [String], lowX: Double, highX: Double, lowY: Double, highY: Double, width: Int
  ) -> String {
    let labels = [NumberText.short(highY), NumberText.short(lowY)]
    let margin = labels.map { $0.utf8.count }.max() ?? 0
    var text = title + "\n"
    for (index, line) in lines.enumerated() {
      let label = index == 0 ? labels[0] : index == lines.count - 1 ? labels[1] : ""
      text += DisplayWidth.pad(label, to: margin, alignRight: true) + " ┤" + line + "\n"
    }
    let axis = String(repeating: " ", count: margin + 1) + "└"
    text += axis + String(repeating: "─", count: width) + "\n"
    let left = NumberText.short(lowX)
    let right = NumberText.short(highX)
    let space = max(1, width - left.utf8.count - right.utf8.count)
    return text + String(repeating: " ", count: margin + 2) + left
      + String(repeating: " ", count: space) + right + "\n"
  }
}

/// A grid of Braille characters that can be set dot by dot.
struct BrailleCanvas {
  let width: Int
  let height: Int
  private var cells: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    cells = [UInt8](repeating: 0, count: width * height)
  }

  /// The bit of each dot of a cell, by row and column (Unicode, block Braille Patterns).
  private static let dots: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  mutating func set(column: Int, row: Int) {
    guard (0..<width * 2).contains(column), (0..<height * 4).contains(row) else { return }
    cells[row / 4 * width + column / 2] |= Self.dots[row % 4][column % 2]
  }

  var lines: [String] {
    (0..<height).map { row in
      var line = String.UnicodeScalarView()
      for column in 0..<width {
        let bits = cells[row * width + column]
        line.append(bits == 0 ? " " : Unicode.Scalar(0x2800 + UInt32(bits)) ?? " ")
      }
      return String(line)
    }
  }
}
