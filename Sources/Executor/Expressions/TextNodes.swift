// STARTS WITH, ENDS WITH, CONTAINS and =~. They compare bytes, which for UTF-8 is comparing code
// points; with anything but strings they are null.

import Base
import Graph

enum TextTest: Sendable {
  case startsWith, endsWith, contains

  func holds(_ text: Text, _ part: Text) -> Bool {
    let (all, wanted) = (text.string.utf8, part.string.utf8)
    switch self {
    case .startsWith: return all.starts(with: wanted)
    case .endsWith:
      return all.count >= wanted.count && all.suffix(wanted.count).elementsEqual(wanted)
    case .contains:
      return text.withUTF8Span { all in
        part.withUTF8Span { firstPlace(of: $0, in: all, from: 0) != nil }
      }
    }
  }
}

/// Where `part` occurs first in `text` at or after `start`; byte offsets.
func firstPlace(of part: Span<UInt8>, in text: Span<UInt8>, from start: Int) -> Int? {
  let count = part.count
  guard count > 0 else { return start <= text.count ? start : nil }
  guard text.count >= count else { return nil }
  let first = part[0]
  var place = start
  while place <= text.count - count {
    if text[place] == first {
      var matched = 1
      while matched < count, text[place + matched] == part[matched] { matched += 1 }
      if matched == count { return place }
    }
    place += 1
  }
  return nil
}

struct TextTestNode: ExpressionNode {
  let test: TextTest
  let text: any ExpressionNode
  let part: any ExpressionNode

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let all = try text.value(&frame, graph)
    let wanted = try part.value(&frame, graph)
    guard case .string(let first) = all, case .string(let second) = wanted else { return .null }
    try frame.context.check(large: all)
    return .boolean(test.holds(first, second))
  }
}

/// `text =~ pattern`: whether the whole text matches.
struct RegularExpressionNode: ExpressionNode {
  let text: any ExpressionNode
  let pattern: any ExpressionNode

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let subject = try text.value(&frame, graph)
    let wanted = try pattern.value(&frame, graph)
    if subject.isNull || wanted.isNull { return .null }
    guard case .string(let all) = subject, case .string(let source) = wanted else {
      return .null
    }
    let expression = try frame.patterns.compile(source)
    let context = frame.context
    return .boolean(try expression.matches(all) { try context.checkpoint() })
  }
}

/// Keeps the last expression, since a pattern is nearly always the same for all rows.
struct RegularExpressionCache {
  private var last: (source: Text, compiled: RegularExpression)?

  mutating func compile(_ source: Text) throws -> RegularExpression {
    if let last, last.source == source { return last.compiled }
    let compiled = try RegularExpression(source)
    last = (source, compiled)
    return compiled
  }
}
