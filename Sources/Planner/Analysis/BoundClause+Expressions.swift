// The expressions that clauses hold, wherever they stand: for liveness and for finding subqueries.

import Base

extension BoundProjection {
  /// All expressions of the projection.
  package var expressions: [BoundExpression] {
    let aggregation = aggregation.map { $0.expressions } ?? []
    return aggregation + items.map(\.expression) + orderBy.map(\.expression)
      + [skip, limit].compactMap { $0 } + predicates
  }
}

extension BoundAggregation {
  package var expressions: [BoundExpression] {
    keys.map(\.expression) + calls.flatMap(\.arguments)
  }
}

extension BoundPattern {
  /// The expressions inside the pattern: on the elements of runs, in groups and on paths.
  package var expressions: [BoundExpression] {
    connections.flatMap { connection in
      switch connection.kind {
      case .relationship(let edge): return edge.elementPredicates
      case .group(let group): return group.predicates + group.pattern.expressions
      }
    } + paths.flatMap(\.predicates)
  }
}

extension BoundProperties {
  package var expressions: [BoundExpression] {
    switch self {
    case .none: []
    case .entries(let entries): entries.map(\.value)
    case .map(let map): [map]
    }
  }
}

extension BoundCreate {
  package var expressions: [BoundExpression] {
    elements.flatMap { element in
      switch element {
      case .node(let node): node.properties.expressions
      case .relationship(let edge): edge.properties.expressions
      }
    }
  }

  /// The slots that creating assigns.
  package var newSlots: [Slot] {
    elements.map { element in
      switch element {
      case .node(let node): node.slot
      case .relationship(let edge): edge.slot
      }
    } + paths.map(\.slot)
  }

  /// The slots that must be bound before: ends of relationships that are not created here.
  package var readSlots: SlotSet {
    var slots = expressions.readSlots
    for case .relationship(let edge) in elements { slots.formUnion([edge.from, edge.to]) }
    for path in paths { slots.formUnion(path.nodes) }
    return slots
  }
}

extension BoundSetItem {
  package var expressions: [BoundExpression] {
    switch self {
    case .property(let subject, _, let value, _): [subject, value]
    case .dynamicProperty(let subject, let key, let value, _): [subject, key, value]
    case .replaceProperties(let subject, let value, _), .addProperties(let subject, let value, _):
      [subject, value]
    case .labels(let subject, _, _): [subject]
    }
  }
}

extension BoundRemoveItem {
  package var expressions: [BoundExpression] {
    switch self {
    case .property(let subject, _, _), .labels(let subject, _, _): [subject]
    case .dynamicProperty(let subject, let key, _): [subject, key]
    }
  }
}

extension BoundMerge {
  package var expressions: [BoundExpression] {
    pattern.expressions + predicates + create.expressions
      + (onCreate + onMatch).flatMap(\.expressions)
  }
}

extension BoundClause {
  /// The expressions of an updating clause; those of a FOREACH body come with its own clauses.
  package var updateExpressions: [BoundExpression] {
    switch self {
    case .create(let create): create.expressions
    case .merge(let merge): merge.expressions
    case .set(let items): items.flatMap(\.expressions)
    case .remove(let items): items.flatMap(\.expressions)
    case .delete(let delete): delete.expressions
    case .forEach(let loop): [loop.list]
    case .match, .unwind, .project, .call: []
    }
  }
}
