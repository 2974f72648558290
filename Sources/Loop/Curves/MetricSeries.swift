// One metric of a run over its steps, as columns. What a run says of itself is a claim: it is kept
// and plotted, and no verdict may read it.

import Base

/// A curve that a run reported.
public struct MetricSeries: Sendable, Hashable {
  public var metric: String
  /// As many as `values`, in the order of the report.
  public var steps: [Int64]
  public var values: [Double]

  /// So many points of a series are kept; what comes after them is left out.
  public static let pointLimit = 1_000_000
  /// So many stand in the graph itself, evenly thinned; the object has all.
  static let inlineLimit = 1_000

  private static let heading = Array("stemma series 1\n".utf8)

  public init(metric: String, steps: [Int64] = [], values: [Double] = []) {
    self.metric = metric
    self.steps = steps
    self.values = values
  }

  /// The places of at most `limit` points, evenly spread, the first and the last among them.
  func thinned(to limit: Int) -> [Int] {
    guard steps.count > limit, limit > 1 else { return Array(steps.indices) }
    return (0..<limit).map { $0 * (steps.count - 1) / (limit - 1) }
  }

  /// The same points by their steps; of equal steps the later report is last.
  var sortedBySteps: MetricSeries {
    let order = steps.indices.sorted { (steps[$0], $0) < (steps[$1], $1) }
    return MetricSeries(
      metric: metric, steps: order.map { steps[$0] }, values: order.map { values[$0] })
  }

  /// As a node of the graph, with its columns thinned.
  func properties(hash: String) -> [(Text, Value?)] {
    let places = thinned(to: Self.inlineLimit)
    return [
      ("metric", .text(metric)), ("points", .integer(Int64(steps.count))),
      ("steps", .list(places.map { .integer(steps[$0]) })),
      ("values", .list(places.map { .float(values[$0]) })), ("contentHash", .text(hash)),
    ]
  }

  /// The columns: a heading, how many points there are, all steps, all values (eight bytes each,
  /// least first).
  package var object: [UInt8] {
    var bytes = Self.heading
    bytes.reserveCapacity(bytes.count + 8 + 16 * steps.count)
    func add(_ word: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    add(UInt64(steps.count))
    for step in steps { add(UInt64(bitPattern: step)) }
    for value in values { add(value.bitPattern) }
    return bytes
  }

  /// Reads what `object` wrote. Throws `store.damaged` for anything else.
  package init(metric: String, object: [UInt8]) throws {
    let start = Self.heading.count
    func word(_ index: Int) -> UInt64 {
      (0..<8).reduce(0) { $0 | UInt64(object[start + 8 * index + $1]) << (8 * UInt64($1)) }
    }
    guard object.starts(with: Self.heading), object.count >= start + 8,
      case let words = (object.count - start) / 8, (object.count - start) % 8 == 0,
      word(0) == UInt64(words - 1) / 2, words % 2 == 1
    else { throw StemmaError(.storeDamaged, "an object is not a series") }
    let count = (words - 1) / 2
    self.metric = metric
    steps = (0..<count).map { Int64(bitPattern: word(1 + $0)) }
    values = (0..<count).map { Double(bitPattern: word(1 + count + $0)) }
  }
}
