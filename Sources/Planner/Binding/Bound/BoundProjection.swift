// WITH and RETURN after binding. The steps run in the order of the fields: aggregate, compute the
// items, drop duplicates, sort, skip, limit, filter.

package import Base
package import Cypher

/// A projection. After it only the slots of `items` are in scope.
package struct BoundProjection: Hashable, Sendable {
  /// `nil` where no aggregating function is called. With it, items and sort keys read only the
  /// slots of its keys and calls.
  package var aggregation: BoundAggregation?
  package var items: [BoundProjectionItem]
  package var isDistinct: Bool
  /// Sort keys read only the slots of items (and of `aggregation`): an old variable that they need
  /// is handed on by an invisible item.
  package var orderBy: [BoundSortKey]
  package var skip: BoundExpression?
  package var limit: BoundExpression?
  /// Conjuncts of WITH's WHERE, over the same slots as `orderBy`.
  package var predicates: [BoundExpression]
  package var isReturn: Bool

  package init(
    aggregation: BoundAggregation?, items: [BoundProjectionItem], isDistinct: Bool,
    orderBy: [BoundSortKey], skip: BoundExpression?, limit: BoundExpression?,
    predicates: [BoundExpression], isReturn: Bool
  ) {
    self.aggregation = aggregation
    self.items = items
    self.isDistinct = isDistinct
    self.orderBy = orderBy
    self.skip = skip
    self.limit = limit
    self.predicates = predicates
    self.isReturn = isReturn
  }
}

/// A column. A variable that is handed on under its own name keeps its slot: its expression is then
/// that slot itself.
package struct BoundProjectionItem: Hashable, Sendable {
  package var name: Text
  package var slot: Slot
  package var expression: BoundExpression
  /// False for what is handed on only for ORDER BY or WHERE; no column and no name stands for it.
  package var isVisible: Bool

  package init(name: Text, slot: Slot, expression: BoundExpression, isVisible: Bool = true) {
    self.name = name
    self.slot = slot
    self.expression = expression
    self.isVisible = isVisible
  }
}

package struct BoundSortKey: Hashable, Sendable {
  package var expression: BoundExpression
  package var isDescending: Bool

  package init(expression: BoundExpression, isDescending: Bool) {
    self.expression = expression
    self.isDescending = isDescending
  }
}

/// Rows with equal keys form a group; each call runs over the rows of a group. Without keys
/// there is one group, even of no rows.
package struct BoundAggregation: Hashable, Sendable {
  package var keys: [BoundGroupingKey]
  package var calls: [BoundAggregateCall]

  package init(keys: [BoundGroupingKey], calls: [BoundAggregateCall]) {
    self.keys = keys
    self.calls = calls
  }
}

/// The expression is over the scope before the projection; where it is a plain variable, the slot
/// is that variable's.
package struct BoundGroupingKey: Hashable, Sendable {
  package var slot: Slot
  package var expression: BoundExpression

  package init(slot: Slot, expression: BoundExpression) {
    self.slot = slot
    self.expression = expression
  }
}

package struct BoundAggregateCall: Hashable, Sendable {
  package var slot: Slot
  package var function: AggregateFunction
  package var isDistinct: Bool
  /// Over the scope before the projection; none for `count(*)`. The second argument of a
  /// percentile is constant within a group.
  package var arguments: [BoundExpression]
  package var range: SourceRange

  package init(
    slot: Slot, function: AggregateFunction, isDistinct: Bool, arguments: [BoundExpression],
    range: SourceRange
  ) {
    self.slot = slot
    self.function = function
    self.isDistinct = isDistinct
    self.arguments = arguments
    self.range = range
  }
}
