// What an evaluator says of a run, as it wrote it on its channel (docs/campaign.md, [evaluate]),
// accepted or refused as a whole. It must never fill in, round or repair a score: what is not
// exactly right is no score.

public import Base

/// An evaluator's whole answer.
///
/// On the channel this is one JSON object: `version` (1; may be left out), `valid` (true unless the
/// run may not be scored at all), `reason`, `metrics` (an object of finite numbers) and `items` (a
/// list of `{"id", "cluster", "weight", "values"}`). Other names are refused.
public struct EvaluatorAnswer: Sendable, Hashable {
  public struct Metric: Sendable, Hashable {
    public var name: Text
    public var value: Double
  }

  public struct Item: Sendable, Hashable {
    public var name: Text
    /// What was drawn together with it; its own name where the evaluator says nothing.
    public var cluster: Text
    /// How it adds up to the metric; above zero.
    public var weight: Double
    public var values: [Metric]

    public subscript(metric: Text) -> Double? { values.first { $0.name == metric }?.value }
  }

  public var isValid: Bool
  /// Why it is not valid.
  public var reason: Text?
  /// In byte order of the names.
  public var metrics: [Metric]
  /// As they came.
  public var items: [Item]

  public static let maximumBytes = 8 << 20
  public static let maximumItems = 100_000
  static let maximumMetrics = 1_000
  static let maximumNameBytes = 200
  static let maximumReasonBytes = 2_000
  static let maximumDepth = 6

  /// The value of a metric.
  public subscript(metric: Text) -> Double? { metrics.first { $0.name == metric }?.value }

  /// Reads what came through a channel; the refusal says why there is no answer.
  public init(_ bytes: [UInt8]) throws(AnswerRefusal) {
    guard !bytes.isEmpty else {
      throw AnswerRefusal(reason: "the evaluator wrote nothing on its channel (descriptor 3)")
    }
    let value: Value
    do {
      value = try StrictJSON.parse(
        bytes, limits: .init(bytes: Self.maximumBytes, depth: Self.maximumDepth))
    } catch {
      throw AnswerRefusal(reason: "not strict JSON at byte \(error.offset): \(error.reason)")
    }
    guard case .map(let members) = value else {
      throw AnswerRefusal(reason: "the answer is not a JSON object")
    }
    try self.init(members)
  }

  private init(_ members: ValueMap) throws(AnswerRefusal) {
    isValid = true
    metrics = []
    items = []
    for member in members.entries {
      switch (member.key.string, member.value) {
      case ("version", .integer(1)): break
      case ("version", _): throw AnswerRefusal(reason: "`version` is not 1")
      case ("valid", .boolean(let flag)): isValid = flag
      case ("reason", .string(let text)) where text.utf8Count <= Self.maximumReasonBytes:
        reason = text
      case ("reason", .null): break
      case ("metrics", .map(let map)): metrics = try Self.numbers(map, "metric")
      case ("items", .list(let list)): items = try Self.items(list)
      case ("valid", _), ("reason", _), ("metrics", _), ("items", _):
        throw AnswerRefusal(reason: "`\(member.key)` is of a wrong type or too long")
      default:
        throw AnswerRefusal(
          reason: "`\(member.key)` is unknown (known: version, valid, reason, metrics, items)")
      }
    }
    if isValid, metrics.isEmpty { throw AnswerRefusal(reason: "the answer holds no metric") }
  }

  private static func items(_ list: [Value]) throws(AnswerRefusal) -> [Item] {
    guard list.count <= maximumItems else {
      throw AnswerRefusal(reason: "over \(maximumItems) items")
    }
    var items: [Item] = []
    var seen: Set<Text> = []
    for entry in list {
      let item = try item(entry)
      guard seen.insert(item.name).inserted else {
        throw AnswerRefusal(reason: "the item `\(item.name)` stands twice")
      }
      items.append(item)
    }
    return items
  }

  private static func item(_ value: Value) throws(AnswerRefusal) -> Item {
    guard case .map(let members) = value else {
      throw AnswerRefusal(reason: "an entry of `items` is not an object")
    }
    var name: Text?
    var cluster: Text?
    var weight = 1.0
    var values: [Metric] = []
    for member in members.entries {
      switch (member.key.string, member.value) {
      case ("id", .string(let text)): name = try checked(text, "item")
      case ("cluster", .string(let text)): cluster = try checked(text, "cluster")
      case ("cluster", .null): break
      case ("weight", _):
        guard let number = number(member.value), number > 0 else {
          throw AnswerRefusal(reason: "the weight of an item is not a number above 0")
        }
        weight = number
      case ("values", .map(let map)): values = try numbers(map, "value")
      default:
        throw AnswerRefusal(
          reason: "`\(member.key)` of an item is unknown or of a wrong type")
      }
    }
    guard let name else { throw AnswerRefusal(reason: "an item has no `id`") }
    return Item(name: name, cluster: cluster ?? name, weight: weight, values: values)
  }

  /// The numbers of an object, in byte order of their names.
  private static func numbers(
    _ map: ValueMap, _ kind: String
  ) throws(AnswerRefusal) -> [Metric] {
    guard map.count <= maximumMetrics else {
      throw AnswerRefusal(reason: "over \(maximumMetrics) metrics")
    }
    var numbers: [Metric] = []
    for entry in map.entries {
      guard let value = number(entry.value) else {
        throw AnswerRefusal(reason: "the \(kind) `\(entry.key)` is not a finite number")
      }
      numbers.append(Metric(name: try checked(entry.key, kind), value: value))
    }
    return numbers.sorted { $0.name < $1.name }
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .float(let number) where number.isFinite: number
    default: nil
    }
  }

  private static func checked(_ text: Text, _ kind: String) throws(AnswerRefusal) -> Text {
    guard !text.isEmpty, text.utf8Count <= maximumNameBytes,
      !text.string.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    else { throw AnswerRefusal(reason: "a \(kind) has an empty, overlong or odd name") }
    return text
  }
}

/// Why a channel's bytes are no answer.
public struct AnswerRefusal: Error, Sendable, Hashable {
  /// One sentence without a full stop.
  public var reason: String
}
