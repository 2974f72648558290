// Scores as an evaluator wrote them on its channel, accepted or refused as a whole. It must never
// fill in, round or repair a score: what is not exactly right is no score.

import Base

/// What an evaluator said of a run.
///
/// On the channel this is one JSON object: `metrics` (an object of numbers), `items` (a list of
/// `{"item", "metric", "value"}` with an optional `cluster`), or `invalid` (a reason, and then
/// nothing else). Other names of the object are metrics too, so `{"loss": 1.5}` is complete.
public struct ScoreReport: Sendable, Hashable {
  public struct Metric: Sendable, Hashable {
    public var name: String
    public var value: Double
  }

  public struct Item: Sendable, Hashable {
    public var item: String
    /// Items that belong together, for resampling by groups.
    public var cluster: String?
    public var metric: String
    public var value: Double
  }

  /// In byte order of the names.
  public var metrics: [Metric]
  /// As they came.
  public var items: [Item]
  /// Why the evaluator finds the run invalid; then there are no scores.
  public var invalidReason: String?

  public static let maximumBytes = 4 << 20
  public static let maximumItems = 100_000
  static let maximumMetrics = 1_000
  static let maximumNameBytes = 200
  static let maximumReasonBytes = 2_000

  /// Parses what came through a channel; the refusal says why there is no score.
  public static func parse(_ bytes: [UInt8]) throws(ScoreRefusal) -> ScoreReport {
    guard !bytes.isEmpty else {
      throw ScoreRefusal(reason: "the evaluator wrote nothing on its channel (descriptor 3)")
    }
    let value: Value
    do {
      value = try StrictJSON.parse(bytes, limits: .init(bytes: maximumBytes, depth: 6))
    } catch {
      throw ScoreRefusal(reason: "not strict JSON at byte \(error.offset): \(error.reason)")
    }
    guard case .map(let members) = value else {
      throw ScoreRefusal(reason: "the scores are not a JSON object")
    }
    return try ScoreReport(members)
  }

  private init(_ members: ValueMap) throws(ScoreRefusal) {
    metrics = []
    items = []
    for member in members.entries {
      switch (member.key.string, member.value) {
      case ("invalid", .string(let reason)):
        guard members.count == 1 else {
          throw ScoreRefusal(reason: "`invalid` stands beside scores")
        }
        invalidReason = String(reason.string.prefix(ScoreReport.maximumReasonBytes))
      case ("metrics", .map(let inner)):
        for metric in inner.entries { try add(metric) }
      case ("items", .list(let list)):
        guard list.count <= ScoreReport.maximumItems else {
          throw ScoreRefusal(reason: "over \(ScoreReport.maximumItems) items")
        }
        for entry in list { items.append(try ScoreReport.item(entry)) }
      default: try add(member)
      }
    }
    try checkUnique()
    if metrics.isEmpty, items.isEmpty, invalidReason == nil {
      throw ScoreRefusal(reason: "the evaluator's report holds no score")
    }
  }

  private mutating func add(_ member: ValueMap.Entry) throws(ScoreRefusal) {
    guard let value = ScoreReport.number(member.value) else {
      throw ScoreRefusal(reason: "the metric `\(member.key.string)` is not a number")
    }
    let name = try ScoreReport.name(member.key, "metric")
    guard metrics.count < ScoreReport.maximumMetrics else {
      throw ScoreRefusal(reason: "over \(ScoreReport.maximumMetrics) metrics")
    }
    metrics.append(Metric(name: name, value: value))
  }

  private static func item(_ value: Value) throws(ScoreRefusal) -> Item {
    guard case .map(let members) = value else {
      throw ScoreRefusal(reason: "an entry of `items` is not an object")
    }
    var item: String?
    var cluster: String?
    var metric: String?
    var number: Double?
    for member in members.entries {
      switch (member.key.string, member.value) {
      case ("item", .string(let text)): item = try name(text, "item")
      case ("cluster", .string(let text)): cluster = try name(text, "cluster")
      case ("cluster", .null): cluster = nil
      case ("metric", .string(let text)): metric = try name(text, "metric")
      case ("value", .integer), ("value", .float): number = ScoreReport.number(member.value)
      default:
        throw ScoreRefusal(
          reason: "an item's `\(member.key.string)` is unknown or of a wrong type")
      }
    }
    guard let item, let metric, let number else {
      throw ScoreRefusal(reason: "an item lacks `item`, `metric` or `value`")
    }
    return Item(item: item, cluster: cluster, metric: metric, value: number)
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }

  private static func name(_ text: Text, _ kind: String) throws(ScoreRefusal) -> String {
    guard !text.isEmpty, text.utf8Count <= maximumNameBytes,
      !text.string.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    else { throw ScoreRefusal(reason: "a \(kind) has an empty, overlong or odd name") }
    return text.string
  }

  private mutating func checkUnique() throws(ScoreRefusal) {
    metrics.sort { Text($0.name) < Text($1.name) }
    for (left, right) in zip(metrics, metrics.dropFirst()) where Text(left.name) == Text(right.name)
    {
      throw ScoreRefusal(reason: "the metric `\(left.name)` comes twice")
    }
    var seen: Set<[Text]> = []
    for item in items where !seen.insert([Text(item.item), Text(item.metric)]).inserted {
      throw ScoreRefusal(reason: "the item `\(item.item)` has the metric `\(item.metric)` twice")
    }
  }
}

/// Why a channel's bytes are no scores.
public struct ScoreRefusal: Error, Sendable, Hashable {
  /// One sentence without a full stop.
  public var reason: String
}
