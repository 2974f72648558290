// Expressions, one recursive function per kind. Everything is evaluated, nothing is skipped.

/// The variables of one row.
typealias NaiveRow = [String: NaiveValue]

/// What one query may cost before it is given up: trails can be very many.
final class NaiveEffort {
  private var left = 0
  private static let most = 20_000

  func renew() { left = Self.most }

  func spend() throws {
    left -= 1
    if left < 0 { throw NaiveError.tooLarge }
  }
}

/// Evaluates over one state of a graph.
struct NaiveEvaluator {
  var graph: NaiveGraph
  let effort = NaiveEffort()

  func value(_ expression: NaiveExpression, _ row: NaiveRow) throws -> NaiveValue {
    switch expression {
    case .literal(let value): return value
    case .variable(let name):
      guard let value = row[name] else { throw NaiveError.undefined }
      return value
    case .property(let subject, let name):
      let value = try value(subject, row)
      return try value.component(name) ?? graph.property(name, of: value)
    case .arithmetic(let symbol, let left, let right):
      return try Self.arithmetic(symbol, value(left, row), value(right, row))
    case .compare(let symbol, let left, let right):
      return Self.truth(Self.compare(symbol, try value(left, row), try value(right, row)))
    case .between(let low, let first, let middle, let second, let high):
      let centre = try value(middle, row)
      return Self.truth(
        Self.and([
          Self.compare(first, try value(low, row), centre),
          Self.compare(second, centre, try value(high, row)),
        ]))
    case .and(let parts): return Self.truth(Self.and(try parts.map { try condition($0, row) }))
    case .or(let parts):
      let negated = try parts.map { part in try condition(part, row).map { !$0 } }
      return Self.truth(Self.and(negated).map { !$0 })
    case .xor(let left, let right):
      guard let first = try condition(left, row), let second = try condition(right, row)
      else { return .null }
      return .boolean(first != second)
    case .not(let part): return Self.truth(try condition(part, row).map { !$0 })
    case .isNull(let part, let isNegated):
      return .boolean(try value(part, row).isNull != isNegated)
    case .isIn(let element, let list):
      return try Self.isIn(value(element, row), value(list, row))
    case .test(let word, let left, let right):
      return Self.test(word, try value(left, row), try value(right, row))
    case .hasLabel(let subject, let label):
      guard case .node(let number) = try value(subject, row) else { return .null }
      return .boolean(graph.nodes[number]?.labels.contains(label) ?? false)
    case .call(let name, let arguments):
      return try NaiveFunctions.call(name, try arguments.map { try value($0, row) }, graph)
    default: return try compound(expression, row)
    }
  }

  private func compound(_ expression: NaiveExpression, _ row: NaiveRow) throws -> NaiveValue {
    switch expression {
    case .list(let elements): return .list(try elements.map { try value($0, row) })
    case .map(let entries):
      return .map(
        try entries.map { NaiveEntry($0.key, try value($0.value, row)) }
          .sorted { $0.key < $1.key })
    case .element(let list, let index):
      return try Self.element(value(list, row), value(index, row))
    case .slice(let list, let from, let to):
      return try Self.slice(
        value(list, row), try from.map { try value($0, row) }, try to.map { try value($0, row) })
    case .choose(let branches, let otherwise):
      for branch in branches where try condition(branch.when, row) == true {
        return try value(branch.then, row)
      }
      return try otherwise.map { try value($0, row) } ?? .null
    case .comprehension(let name, let list, let wanted, let result):
      guard case .list(let elements) = try value(list, row) else { return .null }
      var results: [NaiveValue] = []
      for element in elements {
        let inner = row.merging([name: element]) { $1 }
        if let wanted, try condition(wanted, inner) != true { continue }
        results.append(try result.map { try value($0, inner) } ?? element)
      }
      return .list(results)
    case .quantifier(let kind, let name, let list, let wanted):
      guard case .list(let elements) = try value(list, row) else { return .null }
      return Self.quantify(
        kind, try elements.map { try condition(wanted, row.merging([name: $0]) { $1 }) })
    case .sum(let name, let list, let step):
      guard case .list(let elements) = try value(list, row) else { return .null }
      var sum = NaiveValue.integer(0)
      for element in elements {
        let inner = row.merging([name: element, "sum": sum]) { $1 }
        sum = try Self.arithmetic("+", sum, value(step, inner))
      }
      return sum
    default: return try search(expression, row)
    }
  }

  private func search(_ expression: NaiveExpression, _ row: NaiveRow) throws -> NaiveValue {
    let matcher = NaiveMatcher(evaluator: self)
    switch expression {
    case .subquery(let kind, let match):
      let found = try matcher.rows(match, from: row)
      return kind == "EXISTS" ? .boolean(!found.isEmpty) : .integer(Int64(found.count))
    case .pattern(let pattern):
      return .boolean(try !matcher.rows(NaiveMatch(patterns: [pattern]), from: row).isEmpty)
    case .patternComprehension(let pattern, let result):
      let found = try matcher.rows(NaiveMatch(patterns: [pattern]), from: row)
      return .list(try found.map { try value(result, $0) })
    default: throw NaiveError.undefined
    }
  }

  /// A condition; nil is null.
  func condition(_ expression: NaiveExpression, _ row: NaiveRow) throws -> Bool? {
    switch try value(expression, row) {
    case .boolean(let flag): return flag
    case .null: return nil
    default: throw NaiveError.undefined
    }
  }

  static func truth(_ answer: Bool?) -> NaiveValue { answer.map { .boolean($0) } ?? .null }

  static func and(_ answers: [Bool?]) -> Bool? {
    if answers.contains(false) { return false }
    return answers.contains(nil) ? nil : true
  }
}

extension NaiveEvaluator {
  static func arithmetic(
    _ symbol: String, _ left: NaiveValue, _ right: NaiveValue
  ) throws -> NaiveValue {
    switch (left, right) {
    case (.null, _), (_, .null): return .null
    case (.integer(let first), .integer(let second)):
      let (result, overflow): (Int64, Bool)
      switch symbol {
      case "+": (result, overflow) = first.addingReportingOverflow(second)
      case "-": (result, overflow) = first.subtractingReportingOverflow(second)
      case "*": (result, overflow) = first.multipliedReportingOverflow(by: second)
      case "/": (result, overflow) = first.dividedReportingOverflow(by: second)
      default: (result, overflow) = first.remainderReportingOverflow(dividingBy: second)
      }
      if overflow { throw NaiveError.undefined }
      return .integer(result)
    case (.integer(let first), .float(let second)):
      return try float(symbol, Double(first), second)
    case (.float(let first), .integer(let second)):
      return try float(symbol, first, Double(second))
    case (.float(let first), .float(let second)): return try float(symbol, first, second)
    case (.date(let date), .duration(let months, let days)):
      let sign = symbol == "+" ? 1 : -1
      return .date(date.adding(months: sign * months, days: sign * days))
    case (.string(let first), .string(let second)) where symbol == "+":
      return .string(first + second)
    case (.list(let first), .list(let second)) where symbol == "+": return .list(first + second)
    default: throw NaiveError.undefined
    }
  }

  private static func float(
    _ symbol: String, _ left: Double, _ right: Double
  ) throws -> NaiveValue {
    switch symbol {
    case "+": return .float(left + right)
    case "-": return .float(left - right)
    case "*": return .float(left * right)
    default: throw NaiveError.undefined
    }
  }

  static func compare(_ symbol: String, _ left: NaiveValue, _ right: NaiveValue) -> Bool? {
    if left.isNull || right.isNull { return nil }
    switch symbol {
    case "=": return left.equals(right)
    case "<>": return left.equals(right).map { !$0 }
    case "<": return left.isLess(than: right)
    case "<=": return left.isAtMost(right)
    case ">": return right.isLess(than: left)
    default: return right.isAtMost(left)
    }
  }

  static func isIn(_ wanted: NaiveValue, _ list: NaiveValue) throws -> NaiveValue {
    guard case .list(let elements) = list else {
      if list.isNull { return .null }
      throw NaiveError.undefined
    }
    let answers = elements.map { wanted.equals($0) }
    if answers.contains(true) { return .boolean(true) }
    return answers.contains(nil) ? .null : .boolean(false)
  }

  static func test(_ word: String, _ text: NaiveValue, _ part: NaiveValue) -> NaiveValue {
    guard case .string(let all) = text, case .string(let wanted) = part else { return .null }
    guard wanted.count <= all.count else { return .boolean(false) }
    let places = (0...(all.count - wanted.count)).filter {
      Array(all[$0..<$0 + wanted.count]) == wanted
    }
    switch word {
    case "STARTS WITH": return .boolean(places.contains(0))
    case "ENDS WITH": return .boolean(places.contains(all.count - wanted.count))
    default: return .boolean(!places.isEmpty)
    }
  }

  static func element(_ list: NaiveValue, _ index: NaiveValue) throws -> NaiveValue {
    if list.isNull || index.isNull { return .null }
    guard case .list(let elements) = list, case .integer(let number) = index else {
      throw NaiveError.undefined
    }
    let place = number < 0 ? Int(number) + elements.count : Int(number)
    return elements.indices.contains(place) ? elements[place] : .null
  }

  static func slice(
    _ list: NaiveValue, _ from: NaiveValue?, _ to: NaiveValue?
  ) throws -> NaiveValue {
    if list.isNull || from?.isNull == true || to?.isNull == true { return .null }
    guard case .list(let elements) = list else { throw NaiveError.undefined }
    func place(_ value: NaiveValue?, _ missing: Int) throws -> Int {
      guard let value else { return missing }
      guard case .integer(let number) = value else { throw NaiveError.undefined }
      let place = number < 0 ? Int(number) + elements.count : Int(number)
      return max(0, min(place, elements.count))
    }
    let (start, end) = (try place(from, 0), try place(to, elements.count))
    return .list(start < end ? Array(elements[start..<end]) : [])
  }

  static func quantify(_ kind: String, _ answers: [Bool?]) -> NaiveValue {
    let trues = answers.filter { $0 == true }.count
    let hasFalse = answers.contains(false)
    let isOpen = answers.contains(nil)
    switch kind {
    case "all": return hasFalse ? .boolean(false) : isOpen ? .null : .boolean(true)
    case "any": return trues > 0 ? .boolean(true) : isOpen ? .null : .boolean(false)
    case "none": return trues > 0 ? .boolean(false) : isOpen ? .null : .boolean(true)
    default: return trues > 1 ? .boolean(false) : isOpen ? .null : .boolean(trues == 1)
    }
  }
}
