// The parameters of one proposal as numbers and words, and how far two such sets are from each
// other. The distance needs no declared ranges, so a comparison made once stays true whatever is
// proposed later.

import Base
import Glibc

/// Named values, sorted by name.
struct ParameterSet: Sendable, Hashable {
  enum Setting: Sendable, Hashable {
    case number(Double)
    case word(Text)

    var described: String {
      switch self {
      case .number(let number):
        Int64(exactly: number).map { String($0) } ?? "\(number)"
      case .word(let word): word.string
      }
    }
  }

  struct Entry: Sendable, Hashable {
    var name: Text
    var setting: Setting
  }

  /// More than these say nothing about likeness any more.
  static let limit = 256

  private(set) var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  init() {}

  init(_ pairs: [(Text, Setting)]) {
    let sorted = pairs.sorted { $0.0 < $1.0 }.prefix(Self.limit)
    for (name, setting) in sorted where entries.last?.name != name {
      entries.append(Entry(name: name, setting: setting))
    }
  }

  /// From `name=value` texts.
  init(assignments: [Text]) {
    self.init(
      assignments.compactMap { assignment in
        let text = assignment.string
        guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        return (Text(String(text[..<sign])), Self.setting(text[text.index(after: sign)...]))
      })
  }

  /// From a JSON object of numbers, texts and truth values.
  init(_ map: ValueMap) {
    self.init(map.entries.compactMap { entry in Self.setting(entry.value).map { (entry.key, $0) } })
  }

  private static func setting(_ text: Substring) -> Setting {
    if let number = Double(text), number.isFinite { return .number(number) }
    return .word(Text(String(text)))
  }

  private static func setting(_ value: Value) -> Setting? {
    switch value {
    case .integer(let number): .number(Double(number))
    case .float(let number): number.isFinite ? .number(number) : nil
    case .string(let text): .word(text)
    case .boolean(let flag): .word(flag ? "true" : "false")
    default: nil
    }
  }

  /// These values where they are given, those of `base` elsewhere.
  func over(_ base: ParameterSet) -> ParameterSet {
    var named: [Text: Setting] = [:]
    for entry in base.entries + entries { named[entry.name] = entry.setting }
    return ParameterSet(named.map { ($0.key, $0.value) })
  }

  // MARK: Distance

  struct Difference: Sendable, Hashable {
    var name: Text
    var mine: Setting?
    var theirs: Setting?
  }

  struct Distance: Sendable, Hashable {
    /// Over the names that either has.
    var sum = 0.0
    /// The same over their number, 0 ... 1.
    var mean = 0.0
    /// That of the name that differs most.
    var largest = 0.0
    var differences: [Difference] = []

    /// Whether what differs is a little more or less of the same: numbers within a twentieth of a
    /// decade (12 %). Small whole numbers are steps, not amounts: 4 and 5 layers are not alike.
    var isSlight: Bool {
      largest <= ParameterSet.slight
        && differences.allSatisfy { difference in
          guard case .number(let mine)? = difference.mine,
            case .number(let theirs)? = difference.theirs
          else { return false }
          let isStep = mine == mine.rounded() && theirs == theirs.rounded()
          return !isStep || min(abs(mine), abs(theirs)) >= ParameterSet.smallestAmount
        }
    }
  }

  static let slight = 0.05
  private static let smallestAmount = 20.0

  /// Per name: the logarithm of the ratio in decades, at most 1; words that differ, numbers of
  /// different sign and missing values are 1. `nil` where neither has a parameter.
  func distance(to other: ParameterSet) -> Distance? {
    guard !isEmpty || !other.isEmpty else { return nil }
    var result = Distance()
    var names = 0
    func add(_ name: Text, _ mine: Setting?, _ theirs: Setting?) {
      names += 1
      let apart = Self.distance(mine, theirs)
      guard apart > 0 else { return }
      result.sum += apart
      result.largest = max(result.largest, apart)
      result.differences.append(Difference(name: name, mine: mine, theirs: theirs))
    }
    var left = entries[...]
    var right = other.entries[...]
    while let mine = left.first ?? right.first {
      let name = right.first.map { $0.name < mine.name ? $0.name : mine.name } ?? mine.name
      let here = left.first?.name == name ? left.removeFirst().setting : nil
      let there = right.first?.name == name ? right.removeFirst().setting : nil
      add(name, here, there)
    }
    result.mean = result.sum / Double(names)
    return result
  }

  private static func distance(_ left: Setting?, _ right: Setting?) -> Double {
    guard let left, let right else { return 1 }
    guard left != right else { return 0 }
    guard case .number(let a) = left, case .number(let b) = right, a * b > 0 else { return 1 }
    return min(1, abs(log10(a / b)))
  }
}
