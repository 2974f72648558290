// Several curves over the same steps: in a terminal as Braille dots in colours, or as an SVG image.

/// A curve with its name.
package struct Curve: Sendable {
  package var name: String
  package var points: [(x: Double, y: Double)]

  package init(name: String, points: [(x: Double, y: Double)]) {
    self.name = name
    self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
  }
}

/// Draws curves with common axes.
package struct CurvePlot: Sendable {
  package var title: String
  package var curves: [Curve]

  package init(title: String, curves: [Curve]) {
    self.title = title
    self.curves = curves
  }

  private struct Frame {
    var low: (x: Double, y: Double)
    var high: (x: Double, y: Double)
    var span: (x: Double, y: Double)

    init?(_ points: [(x: Double, y: Double)]) {
      guard let lowX = points.map(\.x).min(), let highX = points.map(\.x).max(),
        let lowY = points.map(\.y).min(), let highY = points.map(\.y).max()
      else { return nil }
      low = (lowX, lowY)
      // Halves, so that the distance of the largest finite numbers is finite too.
      let width = highX / 2 - lowX / 2
      let height = highY / 2 - lowY / 2
      span = (width > 0 ? width : 0.5, height > 0 ? height : 0.5)
      high = (width > 0 ? highX : lowX + 1, height > 0 ? highY : lowY + 1)
    }

    /// What is at a share of the way from the lowest to the highest.
    func value(at share: Double) -> (x: Double, y: Double) {
      (low.x * (1 - share) + high.x * share, low.y * (1 - share) + high.y * share)
    }

    /// Both from 0 to 1.
    func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      ((point.x / 2 - low.x / 2) / span.x, (point.y / 2 - low.y / 2) / span.y)
    }
  }

  private var frame: Frame? { Frame(curves.flatMap(\.points)) }

  // MARK: Terminal

  /// One plot with all curves where there are colours to tell them apart, else one for each.
  package func text(width: Int, height: Int, style: Style) -> String {
    guard frame != nil else { return title + "\n(nothing to plot)\n" }
    let isColoured = style.isColoured
    guard isColoured || curves.count == 1 else {
      let height = max(4, height / curves.count)
      return title + "\n"
        + curves.map { curve in
          panel([curve], width: width, height: height, style: style, heading: curve.name)
        }.joined()
    }
    let legend = curves.enumerated().map { Self.paint($1.name, $0, style) }.joined(separator: "  ")
    return title + "\n"
      + panel(curves, width: width, height: height, style: style, heading: legend)
  }

  private static func paint(_ text: String, _ number: Int, _ style: Style) -> String {
    switch number % 3 {
    case 0: style.green(text)
    case 1: style.yellow(text)
    default: style.red(text)
    }
  }

  private func panel(
    _ shown: [Curve], width: Int, height: Int, style: Style, heading: String
  ) -> String {
    guard let frame else { return "" }
    let canvases = shown.map { curve in
      var canvas = BrailleCanvas(width: width, height: height)
      let dots = curve.points.map { point in
        let place = frame.place(point)
        return (
          column: Int(place.x * Double(width * 2 - 1)),
          row: Int((1 - place.y) * Double(height * 4 - 1))
        )
      }
      for (from, to) in zip(dots, dots.dropFirst()) { canvas.line(from, to) }
      if let last = dots.last { canvas.set(column: last.column, row: last.row) }
      return canvas.lines.map { Array($0.unicodeScalars) }
    }
    let labels = [NumberText.short(frame.high.y), NumberText.short(frame.low.y)]
    let margin = labels.map { $0.utf8.count }.max() ?? 0
    var text = heading + "\n"
    for row in 0..<height {
      let label = row == 0 ? labels[0] : row == height - 1 ? labels[1] : ""
      text += DisplayWidth.pad(label, to: margin, alignRight: true) + " ┤"
      for column in 0..<width {
        // Where curves cross, the one named last is seen.
        let top = canvases.indices.last { canvases[$0][row][column] != " " }
        let dot = top.map { String(canvases[$0][row][column]) } ?? " "
        text += top.map { shown.count > 1 ? Self.paint(dot, $0, style) : dot } ?? dot
      }
      text += "\n"
    }
    let left = NumberText.short(frame.low.x)
    let right = NumberText.short(frame.high.x)
    let space = max(1, width - left.utf8.count - right.utf8.count)
    return text + String(repeating: " ", count: margin + 1) + "└"
      + String(repeating: "─", count: width) + "\n" + String(repeating: " ", count: margin + 2)
      + left + String(repeating: " ", count: space) + right + "\n"
  }

  // MARK: SVG

  private static let colours = [
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf",
  ]

  /// An image that needs nothing else.
  package func svg(width: Int = 800, height: Int = 480) -> String {
    let inner = (left: 80.0, top: 40.0, width: Double(width - 100), height: Double(height - 90))
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="white"/>
      <text x="\(width / 2)" y="20" text-anchor="middle" font-size="15">\(Self.escape(title))</text>

      """
    guard let frame else { return svg + "</svg>\n" }
    let bottom = inner.top + inner.height
    svg +=
      "<path d=\"M\(inner.left) \(inner.top)V\(bottom)H\(inner.left + inner.width)\" "
      + "fill=\"none\" stroke=\"black\"/>\n"
    for part in 0...4 {
      let share = Double(part) / 4
      let x = inner.left + share * inner.width
      let y = bottom - share * inner.height
      let value = frame.value(at: share)
      // The last would not fit about its place.
      let (placeX, anchor) = part < 4 ? (x, "middle") : (Double(width - 4), "end")
      svg += "<text x=\"\(placeX)\" y=\"\(bottom + 18)\" text-anchor=\"\(anchor)\">"
      svg += "\(NumberText.short(value.x))</text>\n"
      svg += "<text x=\"\(inner.left - 6)\" y=\"\(y + 4)\" text-anchor=\"end\">"
      svg += "\(NumberText.short(value.y))</text>\n"
    }
    for (number, curve) in curves.enumerated() {
      let colour = Self.colours[number % Self.colours.count]
      let path = curve.points.enumerated().map { index, point in
        let place = frame.place(point)
        let x = inner.left + place.x * inner.width
        let y = bottom - place.y * inner.height
        return "\(index == 0 ? "M" : "L")\(Self.tenth(x)) \(Self.tenth(y))"
      }.joined()
      svg += "<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\"/>\n"
      svg +=
        "<text x=\"\(width - 25)\" y=\"\(Int(inner.top) + 16 * number)\" "
        + "text-anchor=\"end\" fill=\"\(colour)\">\(Self.escape(curve.name))</text>\n"
    }
    return svg + "</svg>\n"
  }

  private static func tenth(_ number: Double) -> Double { (number * 10).rounded() / 10 }

  private static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}

extension BrailleCanvas {
  /// All dots between two, both included.
  mutating func line(_ from: (column: Int, row: Int), _ to: (column: Int, row: Int)) {
    let steps = max(abs(to.column - from.column), abs(to.row - from.row), 1)
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      set(
        column: from.column + Int((Double(to.column - from.column) * share).rounded()),
        row: from.row + Int((Double(to.row - from.row) * share).rounded()))
    }
  }
}
