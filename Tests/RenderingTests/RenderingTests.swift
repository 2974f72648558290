// What people and machines read: tables, trees, plots, JSON and CSV.

import Base
import Rendering
import Stemma
import TestSupport
import Testing

@Suite("Rendering")
struct RenderingTests {
  @Test("a table fits the terminal, and says so when it cuts")
  func table() throws {
    let table = TableText(
      columns: [.init("key"), .init("value", alignRight: true), .init("hypothesis")],
      rows: [
        ["P1", "2.063", "a longer context helps"],
        ["P22", "12.1", "日本語 widths, and a line\nbreak with \u{1B}[31mcolour"],
      ])
    let text =
      "wide\n" + table.render(maximumWidth: nil) + "\nnarrow\n" + table.render(maximumWidth: 36)
    try Golden.expect(text, matches: "Golden/table.txt")
  }

  @Test("a tree draws its branches")
  func tree() throws {
    let tree = TreeText(
      "P9",
      children: [
        TreeText(
          "P4 better", children: [TreeText("P1"), TreeText("P2", children: [TreeText("P0")])]),
        TreeText("P5 worse"),
      ])
    try Golden.expect(tree.render(), matches: "Golden/tree.txt")
  }

  @Test("a plot shows points and the best so far")
  func plot() throws {
    let points: [(x: Double, y: Double)] = (0..<40).map { index in
      let scatter = Double(index * 7 % 13)
      return (x: Double(index), y: 3 - scatter / 10)
    }
    var best = Double.infinity
    let line = points.map { point -> (x: Double, y: Double) in
      best = min(best, point.y)
      return (point.x, best)
    }
    let spoilt: [(x: Double, y: Double)] = points + [(x: 3, y: Double.nan)]
    let text = PlotText(title: "val_bpc", points: spoilt, line: line).render()
    try Golden.expect(text, matches: "Golden/plot.txt")
  }

  @Test("JSON is valid whatever the text")
  func json() {
    var json = JSONText()
    json.beginObject()
    json.name("a\"\\\n\u{01}")
    json.beginArray()
    json.integer(.min)
    json.number(.nan)
    json.number(1e300)
    json.null()
    json.beginObject()
    json.endObject()
    json.endArray()
    json.name("b")
    json.boolean(true)
    json.endObject()
    #expect(
      json.text
        == #"{"a\"\\\n\u0001":[-9223372036854775808,"NaN",1e+300,null,{}],"b":true}"#)
  }

  @Test("CSV quotes only where it must")
  func csv() {
    #expect(CSVText.line(["a", "b,c", "say \"x\"", ""]) == "a,\"b,c\",\"say \"\"x\"\"\",\n")
  }

  @Test(
    "numbers for people",
    arguments: [
      (1_234.5, "1234.5"), (0.000_001, "1e-6"), (1.604963e-9, "1.605e-9"), (-0.0, "0"),
      (2.06349, "2.0635"),
      (.infinity, "inf"), (1e20, "1e20"),
    ])
  func numbers(number: Double, text: String) {
    #expect(NumberText.short(number) == text)
  }

  @Test("counts and sizes")
  func counts() {
    #expect(NumberText.grouped(1_204) == "1,204")
    #expect(NumberText.grouped(-1_000_000) == "-1,000,000")
    #expect(NumberText.bytes(1_536) == "1.5 KiB")
    #expect(NumberText.duration(seconds: 0.0123) == "12.3 ms")
    #expect(NumberText.fixed(-0.04, decimals: 1) == "0.0")
    #expect(NumberText.fixed(2.5, decimals: 3) == "2.500")
  }

  @Test("a table counts the rows that it does not show")
  func honestTable() throws {
    var text = ""
    var writer = RowWriter(format: .table, tableLimit: 2, write: { text += $0 })
    let rows: [[Value]] = (0..<1_204).map { [.integer($0)] }
    try writer.append(columns: ["n"], rows: rows, entities: EntityTable())
    try writer.finish(QueryResult(columns: ["n"], snapshot: TransactionNumber(7)))
    #expect(text.hasSuffix("shown 2 of 1,204\n"))
  }

  @Test("each format writes rows as they come", arguments: OutputFormat.allCases)
  func formats(format: OutputFormat) throws {
    var text = ""
    var writer = RowWriter(format: format, write: { text += $0 })
    var entities = EntityTable()
    entities.nodes[NodeID(3)] = NodeRecord(
      id: NodeID(3), key: "P3", labels: ["Proposal"],
      properties: ValueMap([("key", .text("P3")), ("lr", .float(0.1))]))
    let columns = ["p", "n", "list"]
    let rows: [[Value]] = [
      [.node(NodeID(3)), .integer(1), .list([.text("a"), .null, .boolean(true)])],
      [.null, .float(0.5), .map(ValueMap([("k", .integer(2))]))],
    ]
    for row in rows { try writer.append(columns: columns, rows: [row], entities: entities) }
    var result = QueryResult(columns: columns, snapshot: TransactionNumber(7))
    result.complete = false
    result.stoppedBy = "rows: 2"
    try writer.finish(result)
    try Golden.expect(text, matches: "Golden/rows.\(format.rawValue).txt")
  }

  @Test func curvesAreDrawnInTextAndAsAnImage() {
    let plot = CurvePlot(
      title: "loss <by> step",
      curves: [
        Curve(name: "R1", points: (0..<50).map { (Double($0), 50 / Double($0 + 1)) }),
        Curve(name: "R2 & R3", points: [(0, 20), (25, .nan), (49, 30)]),
      ])
    let text = plot.text(width: 40, height: 8, style: .plain)
    #expect(text.hasPrefix("loss <by> step\nR1\n50 ┤"))
    #expect(text.contains("\nR2 & R3\n"))
    #expect(text.split(separator: "\n").count == 15, "\(text)")
    let svg = plot.svg()
    #expect(svg.hasPrefix("<svg xmlns") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains("loss &lt;by&gt; step") && svg.contains("R2 &amp; R3"))
    #expect(svg.split(separator: "\n").count { $0.hasPrefix("<path") } == 3)
    let nothing = CurvePlot(title: "t", curves: [Curve(name: "R1", points: [(.nan, 1)])])
    #expect(nothing.text(width: 40, height: 8, style: .plain).contains("nothing"))
    #expect(nothing.svg().hasSuffix("</svg>\n"))
  }

  @Test func axesNameWhatIsThere() {
    let most = Double.greatestFiniteMagnitude
    let plot = CurvePlot(
      title: "t", curves: [Curve(name: "R1", points: [(-1e18, -most), (0, 3), (1e18, most)])])
    let text = plot.text(width: 40, height: 8, style: .plain)
    for drawn in [text, plot.svg()] {
      #expect(!drawn.contains("inf") && !drawn.contains("nan"), "\(drawn)")
      #expect(drawn.contains("-1.798e308") && drawn.contains("1.798e308"), "\(drawn)")
    }
    // Ten letters left of the axis, and the last step within the image.
    #expect(plot.svg().contains("<text x=\"74.0\""))
    #expect(plot.svg().contains("<text x=\"796.0\" y=\"448.0\" text-anchor=\"end\">"))
  }
}
