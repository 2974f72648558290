// `=~`: regular expressions that are matched in time linear in the text, whatever the expression
// (K. Thompson, "Regular Expression Search Algorithm", CACM 11, 1968): a query must not hang on
// '(a+)+b', as backtracking engines do. The syntax is Java's without what needs backtracking: back
// references, look-around and possessive quantifiers are refused.

import Base

/// A compiled expression.
struct RegularExpression: Sendable {
  /// One step of the automaton.
  enum Instruction: Sendable {
    /// Takes a code point of the set.
    case take(CodePointSet)
    case split(Int, Int)
    case jump(Int)
    case check(Assertion)
    case match
  }

  /// What holds between two code points.
  enum Assertion: Sendable {
    case textStart, textEnd, textEndBeforeLineBreak, lineStart, lineEnd
    case wordBoundary, noWordBoundary
  }

  /// The largest automaton; `(a{100}){100}` would be larger.
  static let instructionLimit = 20_000

  private let program: [Instruction]

  init(_ source: Text) throws {
    var parser = RegularExpressionParser(source)
    let tree = try parser.parse()
    var builder = AutomatonBuilder()
    try builder.append(tree)
    program = builder.finish()
  }

  /// Whether the whole text matches. Linear in text times expression; asks `checkpoint` now and
  /// then whether to stop.
  func matches(_ text: Text, checkpoint: () throws -> Void) rethrows -> Bool {
    var current = StateSet(count: program.count)
    var next = StateSet(count: program.count)
    let scalars = text.string.unicodeScalars
    var index = scalars.startIndex
    var previous: Unicode.Scalar?
    var position = 0
    follow(0, into: &current, previous, scalars, index)
    while index < scalars.endIndex {
      if current.isEmpty { return false }
      if position % 4_096 == 0 { try checkpoint() }
      position += 1
      let scalar = scalars[index]
      index = scalars.index(after: index)
      next.removeAll()
      for state in current.states {
        if case .take(let set) = program[state], set.contains(scalar) {
          follow(state + 1, into: &next, scalar, scalars, index)
        }
      }
      previous = scalar
      swap(&current, &next)
    }
    return current.states.contains { if case .match = program[$0] { true } else { false } }
  }

  /// Adds a state and all that it leads to without taking a code point.
  private func follow(
    _ start: Int, into set: inout StateSet, _ previous: Unicode.Scalar?,
    _ scalars: String.UnicodeScalarView, _ index: String.Index
  ) {
    var pending = [start]
    while let state = pending.popLast() {
      guard set.insert(state) else { continue }
      switch program[state] {
      case .take, .match: break
      case .jump(let target): pending.append(target)
      case .split(let first, let second):
        pending.append(second)
        pending.append(first)
      case .check(let assertion):
        if assertion.holds(previous, scalars, index) { pending.append(state + 1) }
      }
    }
  }
}

extension RegularExpression.Assertion {
  fileprivate func holds(
    _ previous: Unicode.Scalar?, _ scalars: String.UnicodeScalarView, _ index: String.Index
  ) -> Bool {
    let next = index < scalars.endIndex ? scalars[index] : nil
    switch self {
    case .textStart: return previous == nil
    case .textEnd: return next == nil
    case .textEndBeforeLineBreak:
      guard let next else { return true }
      return next.isLineBreak && scalars.index(after: index) == scalars.endIndex
    case .lineStart: return previous.map { $0.isLineBreak } ?? true
    case .lineEnd: return next.map { $0.isLineBreak } ?? true
    case .wordBoundary: return isWord(previous) != isWord(next)
    case .noWordBoundary: return isWord(previous) == isWord(next)
    }
  }

  private func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { CodePointSet.word.contains($0) } ?? false
  }
}

/// States in the order in which they were added, each once.
private struct StateSet {
  private(set) var states: [Int] = []
  private var mark: [Int]
  private var generation = 1

  init(count: Int) { mark = [Int](repeating: 0, count: count) }

  var isEmpty: Bool { states.isEmpty }

  mutating func removeAll() {
    states.removeAll(keepingCapacity: true)
    generation += 1
  }

  mutating func insert(_ state: Int) -> Bool {
    if mark[state] == generation { return false }
    mark[state] = generation
    states.append(state)
    return true
  }
}
