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
    case .isIn(let element, let list): return min(1, equality(element, nil) * length(of: list))
    case .and(let operands): return share(of: operands)
    case .or(let operands): return 1 - operands.reduce(1) { $0 * (1 - share(of: $1)) }
    case .not(let operand): return contrary(share(of: operand))
    default: return Selectivity.of(predicate)
    }
  }

  private func contrary(_ share: Double) -> Double { max(Self.leastContrary, 1 - share) }

  /// One over the larger number of different values of the two sides.
  private func equality(_ left: BoundExpression, _ right: BoundExpression?) -> Double {
    let known = [left, right].compactMap { $0 }.filter { !$0.isConstant }.compactMap(distinct)
    return known.max().map { 1 / max(1, $0) } ?? Selectivity.equality
  }

  /// A property against a value that the text has.
  private func range(
    _ comparison: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression
  ) -> Double? {
    for (side, other, comparison) in [
      (left, right, comparison), (right, left, comparison.mirrored),
    ] {
      guard case .literal(let value) = other.kind,
        case .property(let subject, let name) = side.kind, let slot = subject.plainSlot,
        let label = labels[slot]?.first
      else { continue }
      return catalog.share(of: name, label: label, satisfying: [(comparison, value)])
    }
    return nil
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
