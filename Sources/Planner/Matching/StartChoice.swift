// Where the search for a connected part of a pattern begins: at a key, in an index, at the nodes of
// a label, at the edges of a type, or, where nothing better is known, at every node.

import Base
import Cypher

/// A way to begin and what it is expected to yield.
struct StartChoice {
  var operation: PlanOperation
  /// Expected rows per input row.
  var rows: Double
  /// The places of the predicates whose share of the nodes is in `rows`.
  var counted: [Int] = []
  /// The predicate that the operation makes superfluous.
  var answered: BoundExpression?
  /// The list whose elements the operation looks for one by one, in the chooser's element slot.
  var elements: BoundExpression?
}

/// Looks for the best way to bind a node first.
struct StartChooser {
  /// A predicate that a key or an index may answer.
  private typealias Answerable = (constraint: PropertyConstraint, place: Int)

  private let estimates: Estimates
  private var catalog: any Catalog { estimates.catalog }
  var bound: SlotSet
  let predicates: [BoundExpression]
  /// A fresh slot for the elements of a list in `IN`.
  let element: Slot

  init(_ estimates: Estimates, bound: SlotSet, predicates: [BoundExpression], element: Slot) {
    self.estimates = estimates
    self.bound = bound
    self.predicates = predicates
    self.element = element
  }

  /// The cheapest way to bind `node`.
  func choice(for node: BoundNode) -> StartChoice {
    let constraints = predicates.indices.compactMap { place -> Answerable? in
      PropertyConstraint(predicates[place], on: node.slot, bound: bound).map { ($0, place) }
    }
    if let seek = identitySeek(node) ?? keySeek(node, constraints) { return seek }
    let seeks = [indexSeek(node, constraints)] + memberships(node, constraints)
    let best = seeks.compactMap { $0 }.min { $0.rows < $1.rows }
    let scan = scan(node)
    guard let best, best.rows * (best.elements == nil ? 1 : Self.jump) <= scan.rows else {
      return scan
    }
    return best
  }

  /// Nodes found for one element after the other lie apart: each costs as much as so many that are
  /// met one after the other.
  private static let jump = 4.0

  /// Seeks for the elements of lists.
  private func memberships(_ node: BoundNode, _ constraints: [Answerable]) -> [StartChoice?] {
    predicates.indices.map { place in
      guard
        let (constraint, list) = PropertyConstraint.membership(
          predicates[place], on: node.slot, bound: bound, element: element)
      else { return nil }
      let found = (constraint: constraint, place: place)
      var seek = keySeek(node, [found]) ?? indexSeek(node, [found] + constraints)
      seek?.elements = list
      // The predicate stays: it complains of what is no list.
      seek?.answered = nil
      seek?.rows *= estimates.length(of: list)
      return seek
    }
  }

  private func identitySeek(_ node: BoundNode) -> StartChoice? {
    for (place, predicate) in predicates.enumerated() {
      guard case .comparison(.equal, let left, let right) = predicate.kind else { continue }
      for (call, value) in [(left, right), (right, left)] {
        guard case .call(.id, let arguments) = call.kind, arguments.first?.plainSlot == node.slot,
          value.readSlots.isSubset(of: bound), value.subqueries.isEmpty
        else { continue }
        return StartChoice(
          operation: .identitySeek(node.slot, identity: value), rows: 1, counted: [place])
      }
    }
    return nil
  }

  private func keySeek(
    _ node: BoundNode, _ constraints: [Answerable]
  ) -> StartChoice? {
    guard
      let (constraint, place) = constraints.first(where: {
        $0.constraint.property == "key" && $0.constraint.comparison == .equal
      })
    else { return nil }
    let isCovered =
      node.labels.isEmpty
      ? catalog.hasKeys(label: nil)
      : node.labels.contains { catalog.hasKeys(label: $0) }
    guard isCovered else { return nil }
    return StartChoice(
      operation: .keySeek(node.slot, key: constraint.value), rows: 1, counted: [place],
      answered: predicates[place])
  }

  /// The label with the fewest nodes, or all nodes.
  private func scan(_ node: BoundNode) -> StartChoice {
    let counted = node.labels.map { ($0, catalog.nodeCount(label: $0)) }
    let rarest = counted.min { $0.1 < $1.1 }
    return StartChoice(
      operation: .nodeScan(node.slot, label: rarest?.0),
      rows: Double(rarest?.1 ?? catalog.nodeCount(label: nil)))
  }

  private func indexSeek(
    _ node: BoundNode, _ constraints: [Answerable]
  ) -> StartChoice? {
    let usable = catalog.indexes.filter { node.labels.contains($0.definition.label) }
    return usable.compactMap { seek(node, $0, constraints) }.min { $0.rows < $1.rows }
  }

  /// A seek in one index, where its entries are sure to hold every node that is asked for: each
  /// property must be constrained or required by the schema, or every node must have an entry.
  private func seek(
    _ node: BoundNode, _ index: CatalogIndex, _ constraints: [Answerable]
  ) -> StartChoice? {
    var step = IndexSeekStep(
      slot: node.slot, index: index.definition, prefix: [], lower: nil, upper: nil)
    var rows = Double(index.entryCount)
    var counted: [Int] = []
    for property in index.definition.properties {
      let onProperty = constraints.filter { $0.constraint.property == property }
      let isOpen =
        step.lower == nil && step.upper == nil
        && step.prefix.count == index.definition.properties.firstIndex(of: property)
      if isOpen, let equality = onProperty.first(where: { $0.constraint.comparison == .equal }) {
        rows *= share(of: property, equality.constraint, index, isFirst: step.prefix.isEmpty)
        step.prefix.append(equality.constraint.value)
        counted.append(equality.place)
      } else if isOpen, !onProperty.isEmpty {
        let constraints = onProperty.map(\.constraint)
        for constraint in constraints { bound(&step, constraint) }
        rows *= rangeShare(of: property, index, constraints)
        counted += onProperty.map(\.place)
      } else if onProperty.isEmpty, !index.isComplete,
        !catalog.isRequired(property: property, label: index.definition.label)
      {
        return nil
      }
    }
    guard !step.prefix.isEmpty || step.lower != nil || step.upper != nil else { return nil }
    return StartChoice(operation: .indexSeek(step), rows: rows, counted: counted)
  }

  /// The share of an index's entries that an equality keeps.
  private func share(
    of property: Text, _ equality: PropertyConstraint, _ index: CatalogIndex, isFirst: Bool
  ) -> Double {
    if let value = equality.literal,
      let known = catalog.share(
        of: property, label: index.definition.label, satisfying: [(.equal, value)])
    {
      return known
    }
    if isFirst { return 1 / Double(max(1, index.distinctFirstValues)) }
    let values = catalog.distinctValues(of: property, label: index.definition.label)
    return values.map { 1 / Double(max(1, $0)) } ?? Selectivity.equality
  }

  /// The share of an index's entries that some comparisons with known values keep, from the
  /// histogram of the property.
  private func rangeShare(
    of property: Text, _ index: CatalogIndex, _ constraints: [PropertyConstraint]
  ) -> Double {
    let known = constraints.compactMap { constraint in
      constraint.literal.map { (constraint.comparison, $0) }
    }
    guard known.count == constraints.count else { return Selectivity.range }
    return catalog.share(of: property, label: index.definition.label, satisfying: known)
      ?? Selectivity.range
  }

  private func bound(_ step: inout IndexSeekStep, _ constraint: PropertyConstraint) {
    switch constraint.comparison {
    case .greater where step.lower == nil:
      step.lower = .init(value: constraint.value, isIncluded: false)
    case .greaterOrEqual where step.lower == nil:
      step.lower = .init(value: constraint.value, isIncluded: true)
    case .less where step.upper == nil:
      step.upper = .init(value: constraint.value, isIncluded: false)
    case .lessOrEqual where step.upper == nil:
      step.upper = .init(value: constraint.value, isIncluded: true)
    default: break
    }
  }
}
