// `stemma curve`: what runs reported of themselves per step, as a plot.

import ArgumentParser
import Base
import Loop
import Rendering
import Stemma

struct CurveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curve",
    abstract: "Plot what runs reported per step, in the terminal and as SVG.",
    discussion: """
      Examples:
        stemma curve R9                        which metrics R9 reported
        stemma curve R9 R12 --metric loss
        stemma curve R9 R12 --metric loss --svg loss.svg

      A run reports by JSON lines in the file that STEMMA_METRICS names, by a table
      results.tsv or by TensorBoard event files in its output folder. `stemma helper`
      prints a Python file that does it: stemma.log(step, loss=1.5).

      Curves are claims of the run itself; no verdict reads them.
      """)

  @Argument(help: "Keys of runs, such as R9.")
  var runs: [String]

  @Option(help: "The metric; without one, the names are listed.")
  var metric: String?

  @Option(help: "Where to write an image too.")
  var svg: String?

  @OptionGroup var store: StoreOptions

  /// More curves than these cannot be told apart.
  private static let runLimit = 16

  func validate() throws {
    guard runs.count <= Self.runLimit else {
      throw ValidationError("at most \(Self.runLimit) runs fit into one plot")
    }
    guard svg == nil || metric != nil else { throw ValidationError("--svg needs a --metric") }
  }

  func run() throws {
    let database = try store.openForReading()
    guard let metric else { return try list(in: database) }
    let found = try Curves.read(metric, ofRuns: runs, in: database)
    let plot = CurvePlot(
      title: "\(DisplayWidth.harmless(metric)) by step, as the runs say",
      curves: found.map { one in
        Curve(
          name: one.run,
          points: zip(one.series.steps, one.series.values).map { (x: Double($0), y: $1) })
      })
    // First, so that a reader who has seen enough does not keep it from being written.
    if let svg {
      let file = try WholeFile(path: svg)
      try file.write(plot.svg())
      try file.finish()
    }
    let width = min(100, (Terminal.width ?? 80) - 12)
    try Terminal.print(plot.text(width: max(20, width), height: 16, style: Terminal.style))
    for one in found {
      let last = one.series.values.last.map { NumberText.short($0) } ?? "none"
      try Terminal.print(
        "\(one.run): \(NumberText.grouped(one.series.steps.count)) points, last \(last)\n")
    }
  }

  private func list(in database: Database) throws {
    for run in runs {
      let names = try Curves.metrics(ofRun: run, in: database).map(DisplayWidth.harmless)
      try Terminal.print(
        "\(run): " + (names.isEmpty ? "no curves" : names.joined(separator: ", ")) + "\n")
    }
  }
}

struct HelperCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "helper",
    abstract: "Print the Python file by which a training program reports curves.",
    discussion: """
      Examples:
        stemma helper > stemma.py

      It needs nothing but Python 3.7, and does nothing outside Stemma.
      """)

  func run() throws { try Terminal.print(Curves.pythonHelper) }
}
