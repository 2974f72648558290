// What statistics say of predicates and of lists, for the nodes whose labels are known. Where they
// say nothing, the guesses of `Selectivity` stand. It decides no answer: a wrong number costs time.

import Base
import Cypher

/// Shares of rows and numbers of values.
struct Estimates {
  let catalog: any Catalog
  /// The labels that patterns ask of the nodes in slots.
  private var labels: [Slot: [Text]] = [:]

  /// Lists of which nobody knows the length.
  private static let listLength = 10.0
  /// No condition is taken to drop more rows than all but this share for being the contrary of one.
  private static let leastContrary = 0.05

  init(_ catalog: any Catalog) { self.catalog = catalog }

  /// Notes the labels of a pattern's nodes.
  mutating func learn(_ pattern: BoundPattern) {
    for node in pattern.nodes where !node.labels.isEmpty { learn(node.labels, of: node.slot) }
  }

  mutating func learn(_ more: [Text], of slot: Slot) {
    guard let known = labels[slot] else {
      labels[slot] = more
      return
    }
    labels[slot] = known + more.filter { !known.contains($0) }
  }

  /// Notes that a slot holds what another does.
  mutating func learn(_ slot: Slot, sameAs source: Slot) {
    if let known = labels[source] { labels[slot] = known }
  }

  // MARK: Predicates

  /// The share of rows for which all of some predicates are true, each taken by itself.
  func share(of predicates: [BoundExpression]) -> Double {
    predicates.reduce(1) { $0 * share(of: $1) }
  }

  /// The share of rows for which a predicate is true.
  func share(of predicate: BoundExpression) -> Double {
    switch predicate.kind {
    case .comparison(.equal, let left, let right): return equality(left, right)
    case .comparison(.notEqual, let left, let right): return contrary(equality(left, right))
    case .comparison(let comparison, let left, let right):
      return range(comparison, left, right) ?? Selectivity.range
    case .isIn(let element, let list): return membership(element, list)
    case .and(let operands): return share(of: operands)
    case .or(let operands): return 1 - operands.reduce(1) { $0 * (1 - share(of: $1)) }
    case .not(let operand): return contrary(share(of: operand))
    default: return Selectivity.of(predicate)
    }
  }

  private func contrary(_ share: Double) -> Double { max(Self.leastContrary, 1 - share) }

  private func membership(_ element: BoundExpression, _ list: BoundExpression) -> Double {
    let values = list.literalElements ?? []
    let shares = values.compactMap { known(.equal, element, $0) }
    if !values.isEmpty, shares.count == values.count { return min(1, shares.reduce(0, +)) }
    return min(1, equality(element, nil) * length(of: list))
  }

  /// The share of the nodes that have a value of the text; else one over the larger number of
  /// different values of the two sides.
  private func equality(_ left: BoundExpression, _ right: BoundExpression?) -> Double {
    for (side, other) in [(left, right), (right, left)] {
      if let side, let value = other?.literal, let share = known(.equal, side, value) {
        return share
      }
    }
    let counts = [left, right].compactMap { $0 }.filter { !$0.isConstant }.compactMap(distinct)
    return counts.max().map { 1 / max(1, $0) } ?? Selectivity.equality
  }

  /// A property against a value that the text has.
  private func range(
    _ comparison: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression
  ) -> Double? {
    for (side, other, comparison) in [
      (left, right, comparison), (right, left, comparison.mirrored),
    ] {
      if let value = other.literal, let share = known(comparison, side, value) { return share }
    }
    return nil
  }

  /// What the catalog knows of a property against a value.
  private func known(
    _ comparison: ComparisonOperator, _ property: BoundExpression, _ value: Value
  ) -> Double? {
    guard case .property(let subject, let name) = property.kind, let slot = subject.plainSlot,
      let label = labels[slot]?.first
    else { return nil }
    return catalog.share(of: name, label: label, satisfying: [(comparison, value)])
  }

  // MARK: Values

  /// About how many different values an expression has; `nil` where nobody knows.
  func distinct(_ expression: BoundExpression) -> Double? {
    switch expression.kind {
    case .literal, .parameter: return 1
    case .slot(let slot):
      return labels[slot]?.map { Double(max(1, catalog.nodeCount(label: $0))) }.min()
    case .property(let subject, let name):
      guard let slot = subject.plainSlot else { return nil }
      return labels[slot]?.compactMap { catalog.distinctValues(of: name, label: $0) }.max()
        .map(Double.init)
    default: return expression.type.isOnly(.boolean) ? 3 : nil
    }
  }

  /// About how many different rows some expressions make of `rows` rows; one of which nobody knows
  /// has `unknown` values.
  func groups(_ expressions: [BoundExpression], rows: Double, unknown: Double) -> Double {
    let all = expressions.reduce(1) { $0 * (distinct($1) ?? max(1, unknown)) }
    return max(1, min(all, rows))
  }

  /// About how many elements a list has.
  func length(of list: BoundExpression) -> Double {
    switch list.kind {
    case .list(let elements): return Double(elements.count)
    case .literal(.list(let elements)): return Double(elements.count)
    case .parameter(let name):
      return catalog.listLength(of: name).map(Double.init) ?? Self.listLength
    case .call(.range, let arguments): return steps(of: arguments) ?? Self.listLength
    default: return Self.listLength
    }
  }

  /// The length of a `range()` whose arguments the text has.
  private func steps(of arguments: [BoundExpression]) -> Double? {
    let numbers = arguments.compactMap(\.literalCount)
    guard numbers.count == arguments.count, numbers.count >= 2 else { return nil }
    let step = numbers.count > 2 ? numbers[2] : 1
    return step == 0 ? nil : max(0, ((numbers[1] - numbers[0]) / step).rounded(.down) + 1)
  }
}

extension BoundExpression {
  /// The value, where the text of the query has it.
  var literal: Value? {
    if case .literal(let value) = kind { value } else { nil }
  }

  /// The values of a list, where the text has all of them.
  var literalElements: [Value]? {
    switch kind {
    case .literal(.list(let values)): return values
    case .list(let elements):
      let values = elements.compactMap(\.literal)
      return values.count == elements.count ? values : nil
    default: return nil
    }
  }
}
