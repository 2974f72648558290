// Curves out of the files that a run left: JSON lines, a table named results.tsv, event files of
// TensorBoard. The files are untrusted: what does not read is passed over, and nothing grows past
// its bound.

import Base
import Models
import Sandbox

/// Collects the series of one run.
struct CurveReader {
  /// Where the runner asks for metrics, in the output folder.
  static let metricsFile = "metrics.jsonl"
  static let tableFile = "results.tsv"
  static let metricLimit = 64
  static let nameLimitBytes = 100
  static let lineLimitBytes = 64 << 10
  private static let lineLimit = 4_000_000
  /// Steps may be written with a point (`10.0`); parts of a step are dropped.
  private static let stepLimit = 1e15
  /// So many points of all metrics together are kept.
  private static let pointLimit = 4_000_000
  private static let stepNames: Set<String> = ["step", "epoch", "iteration", "iter"]

  /// A larger file is kept like any other, and not read.
  static let fileLimitBytes = 256 << 20

  private var series: [String: MetricSeries] = [:]
  private var order: [String] = []
  private var kept = 0

  /// The series of these files, by name; no metric twice.
  static func series(in files: [SandboxFile]) -> [MetricSeries] {
    var reader = CurveReader()
    for file in files where reads(file.path) && file.keptAs == nil {
      switch file.path {
      case metricsFile: reader.readLines(file.bytes)
      case tableFile: reader.readTable(file.bytes)
      default: EventFile.scalars(in: file.bytes) { reader.add($0, $1, $2) }
      }
    }
    return reader.order.sorted().compactMap { reader.series[$0] }
  }

  /// Whether a file can have curves, by its path in the output folder.
  static func reads(_ path: String) -> Bool {
    path == metricsFile || path == tableFile || isEventFile(path)
  }

  /// Whether TensorBoard would call it so: `events.out.tfevents.1700000000.host`.
  private static func isEventFile(_ path: String) -> Bool {
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
    return name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .dropFirst().dropLast().contains { $0.elementsEqual("tfevents".utf8) }
  }

  mutating func add(_ metric: String, _ step: Int64, _ value: Double) {
    guard value.isFinite, !metric.isEmpty, metric.utf8.count <= Self.nameLimitBytes else { return }
    if series[metric] == nil {
      guard order.count < Self.metricLimit else { return }
      order.append(metric)
      series[metric] = MetricSeries(metric: metric)
    }
    guard kept < Self.pointLimit, series[metric]?.steps.count ?? 0 < MetricSeries.pointLimit
    else { return }
    kept += 1
    series[metric]?.steps.append(step)
    series[metric]?.values.append(value)
  }

  /// One object per line: `{"step": 10, "loss": 1.5}`. A last line that was cut is no line.
  private mutating func readLines(_ bytes: [UInt8]) {
    Self.lines(of: bytes) { number, line in
      for point in Self.points(inLine: Array(line), number: number) {
        add(point.metric, point.step, point.value)
      }
    }
  }

  /// The points of one line; its number is the step where it says none. A line whose step is no
  /// number has none.
  static func points(
    inLine line: [UInt8], number: Int
  ) -> [(metric: String, step: Int64, value: Double)] {
    guard case .map(let map)? = try? JSONReader.read(line, limitBytes: lineLimitBytes) else {
      return []
    }
    let step: Int64
    switch map["step"] {
    case nil: step = Int64(number)
    case .integer(let said)?: step = said
    case .float(let said)? where abs(said) < stepLimit: step = Int64(said)
    default: return []
    }
    return map.entries.compactMap { entry in
      guard entry.key != "step" else { return nil }
      switch entry.value {
      case .integer(let value): return (entry.key.string, step, Double(value))
      case .float(let value): return (entry.key.string, step, value)
      default: return nil
      }
    }
  }

  /// A head of names, one of them a step, and rows of numbers.
  private mutating func readTable(_ bytes: [UInt8]) {
    var names: [String] = []
    var place: Int?
    Self.lines(of: bytes) { number, line in
      guard let row = String(validating: line, as: UTF8.self) else { return }
      let cells = row.split(separator: "\t", omittingEmptySubsequences: false)
      if number == 0 {
        names = cells.map(String.init)
        place = names.firstIndex { Self.stepNames.contains($0.lowercased()) }
      }
      guard number > 0, let place, cells.count == names.count, let step = Double(cells[place]),
        abs(step) < Self.stepLimit
      else { return }
      for (name, cell) in zip(names, cells) where name != names[place] {
        if let value = Double(cell) { add(name, Int64(step), value) }
      }
    }
  }

  /// Tells of one line after the other with its number: a list of them all would be many times as
  /// large as a file of short ones, and that file is written by somebody else.
  private static func lines(of bytes: [UInt8], _ tell: (Int, ArraySlice<UInt8>) -> Void) {
    var start = 0
    var number = 0
    while start < bytes.count, number < lineLimit {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
      var line = bytes[start..<end]
      start = end + 1
      if line.last == 13 { line.removeLast() }
      guard !line.isEmpty else { continue }
      if line.count <= lineLimitBytes { tell(number, line) }
      number += 1
    }
  }
}
