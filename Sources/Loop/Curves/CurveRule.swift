// The declared rule by which a screening run ends early: what it says of itself is clearly worse
// than what the incumbent's noise runs said at the same steps. It reads claims, so it may only end
// a screen; no verdict reads it. The same points always decide the same, whenever they are seen.

import Base

/// A rule as it travels: the curves that it compares with are objects.
package struct CurveRuleOrder: Sendable, Hashable {
  var declaration: CurveRuleDeclaration
  /// Hashes of series, one of each noise run of the incumbent.
  var reference: [String]

  func rule(from objects: some ObjectStore) throws -> CurveRule? {
    CurveRule(
      declaration,
      reference: try reference.map {
        try MetricSeries(metric: declaration.metric, object: objects.load($0)).sortedBySteps
      })
  }
}

/// A rule with the curves that it compares with.
package struct CurveRule: Sendable, Hashable {
  package var metric: String
  /// +1 where larger is better.
  var sign: Double
  var after: Int64
  var quantile: Double
  var points: Int
  /// One of each noise run of the incumbent, sorted by step.
  var reference: [MetricSeries]

  /// `nil` where fewer than two runs have reported the metric.
  init?(_ declaration: CurveRuleDeclaration, reference: [MetricSeries]) {
    guard reference.count >= 2 else { return nil }
    metric = declaration.metric
    sign = declaration.direction == .maximise ? 1 : -1
    after = declaration.after
    quantile = declaration.quantile
    points = declaration.points
    self.reference = reference
  }

  /// Whether a value at a step is beyond the prediction interval of the reference, on the bad side.
  /// `nil` where that cannot be said.
  func isClearlyWorse(_ value: Double, at step: Int64) -> Bool? {
    let known = reference.compactMap { Self.value(of: $0, at: step) }
    guard let floor = NoiseFloor(known), floor.runs == reference.count else { return nil }
    return floor.isClearLoser(value, sign: sign, quantile: quantile)
  }

  /// The last value at or before a step.
  private static func value(of series: MetricSeries, at step: Int64) -> Double? {
    var low = 0
    var high = series.steps.count
    while low < high {
      let middle = (low + high) / 2
      if series.steps[middle] <= step { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? series.values[low - 1] : nil
  }
}

/// A rule at work on the points of one run.
package struct CurveWatch: Sendable {
  private let rule: CurveRule
  private var inRow = 0
  private var line: [UInt8] = []
  private var number = 0
  /// Why the run ends; `nil` while it does not.
  package private(set) var reason: String?

  package init(_ rule: CurveRule) { self.rule = rule }

  /// Takes what was appended to the file of metrics. True once the rule ends the run.
  package mutating func take(_ bytes: [UInt8]) -> Bool {
    for byte in bytes where reason == nil {
      guard byte == 10 else {
        // A longer line is no line; it is passed over like the reader of curves does.
        if line.count <= CurveReader.lineLimitBytes { line.append(byte) }
        continue
      }
      if !line.isEmpty { takeLine() }
      line.removeAll(keepingCapacity: true)
    }
    return reason != nil
  }

  private mutating func takeLine() {
    defer { number += 1 }
    for point in CurveReader.points(inLine: line, number: number)
    where point.metric == rule.metric && point.step >= rule.after && point.value.isFinite {
      guard let isWorse = rule.isClearlyWorse(point.value, at: point.step) else { continue }
      inRow = isWorse ? inRow + 1 : 0
      guard inRow >= rule.points else { continue }
      reason =
        "it said \(rule.metric) = \(NumberText.short(point.value)) at step \(point.step), clearly "
        + "worse than the incumbent's noise runs" + (inRow > 1 ? " (\(inRow) points in a row)" : "")
      return
    }
  }
}
