// Values of the naive evaluator, written anew from the specification, so that the engine's equality
// and order are checked by something that shares no line with them. Slow on purpose: clarity first.

/// A value as the naive evaluator knows it.
public indirect enum NaiveValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string([UInt8])
  case date(NaiveDate)
  /// Only added to dates and taken apart, never compared.
  case duration(months: Int, days: Int)
  case list([NaiveValue])
  /// Entries sorted by key.
  case map([NaiveEntry])
  /// Entities by the number in their property `i`.
  case node(Int)
  case edge(Int)
  case path(nodes: [Int], edges: [Int])

  public var isNull: Bool { self == .null }

  static func text(_ string: String) -> NaiveValue { .string(Array(string.utf8)) }
}

public struct NaiveEntry: Hashable, Sendable {
  public var key: String
  public var value: NaiveValue
  public init(_ key: String, _ value: NaiveValue) {
    self.key = key
    self.value = value
  }
}

extension NaiveValue {
  private var number: Double? {
    switch self {
    case .integer(let whole): Double(whole)
    case .float(let number): number
    default: nil
    }
  }

  /// Cypher's `=`: nil is null. Numbers here are small, so that floats compare integers exactly.
  func equals(_ other: NaiveValue) -> Bool? {
    if isNull || other.isNull { return nil }
    if let left = number, let right = other.number { return left == right }
    switch (self, other) {
    case (.list(let left), .list(let right)):
      if left.count != right.count { return false }
      return Self.all(zip(left, right).map { $0.equals($1) })
    case (.map(let left), .map(let right)):
      if left.map(\.key) != right.map(\.key) { return false }
      return Self.all(zip(left, right).map { $0.value.equals($1.value) })
    default: return self == other
    }
  }

  private static func all(_ answers: [Bool?]) -> Bool? {
    if answers.contains(false) { return false }
    return answers.contains(nil) ? nil : true
  }

  /// Cypher's `<`; nil where the two cannot be compared.
  func isLess(than other: NaiveValue) -> Bool? {
    if let left = number, let right = other.number { return left < right }
    switch (self, other) {
    case (.string(let left), .string(let right)): return left.lexicographicallyPrecedes(right)
    case (.boolean(let left), .boolean(let right)): return !left && right
    case (.date(let left), .date(let right)): return left < right
    case (.list(let left), .list(let right)):
      for (first, second) in zip(left, right) {
        guard let same = first.equals(second) else { return nil }
        if !same { return first.isLess(than: second) }
      }
      return left.count < right.count
    default: return nil
    }
  }

  /// Cypher's `<=`: not the negation of `>`, since either may be unknown.
  func isAtMost(_ other: NaiveValue) -> Bool? {
    guard let less = isLess(than: other) else { return nil }
    if less { return true }
    return equals(other)
  }

  private var rank: Int {
    switch self {
    case .map: 0
    case .node: 1
    case .edge: 2
    case .list: 3
    case .path: 4
    case .date: 5
    case .duration: 6
    case .string: 7
    case .boolean: 8
    case .integer, .float: 9
    case .null: 10
    }
  }

  /// The total order of ORDER BY, min and max.
  func order(_ other: NaiveValue) -> Int {
    if rank != other.rank { return rank < other.rank ? -1 : 1 }
    if let left = number, let right = other.number {
      return left < right ? -1 : left > right ? 1 : 0
    }
    switch (self, other) {
    case (.string(let left), .string(let right)):
      return left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    case (.boolean(let left), .boolean(let right)):
      return left == right ? 0 : right ? -1 : 1
    case (.date(let left), .date(let right)):
      return left == right ? 0 : left < right ? -1 : 1
    case (.list(let left), .list(let right)):
      for (first, second) in zip(left, right) {
        let order = first.order(second)
        if order != 0 { return order }
      }
      return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
    case (.node(let left), .node(let right)), (.edge(let left), .edge(let right)):
      return left == right ? 0 : left < right ? -1 : 1
    default: return 0
    }
  }

  /// What DISTINCT and grouping take for the same: numbers by value, null as itself.
  var identity: NaiveValue {
    switch self {
    case .integer(let whole): .float(Double(whole))
    case .float(let number): .float(number == 0 ? 0 : number)
    case .list(let elements): .list(elements.map(\.identity))
    case .map(let entries): .map(entries.map { NaiveEntry($0.key, $0.value.identity) })
    default: self
    }
  }

  /// As a literal of Cypher.
  var literal: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .float(let number): "\(number)"
    case .string(let bytes): "'" + String(decoding: bytes, as: UTF8.self) + "'"
    case .date(let date): "date('\(date.text)')"
    case .duration(let months, let days): "duration({months: \(months), days: \(days)})"
    case .list(let elements): "[" + elements.map(\.literal).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\($0.key): \($0.value.literal)" }.joined(separator: ", ") + "}"
    case .node, .edge, .path: "null"
    }
  }
}
