// The details of the operations that match patterns.

package import Base
package import Cypher

/// One relationship followed from a bound node.
package struct ExpandStep: Sendable, Hashable {
  package var from: Slot
  package var to: Slot
  /// Where the edge goes; `nil` where nobody reads it.
  package var edge: Slot?
  package var direction: Direction
  /// Empty for any type.
  package var types: [Text]
  /// Whether `to` is bound before: the step is then a test.
  package var isInto: Bool
  /// Edge slots (single edges or lists of edges) of the same MATCH that must not be met again.
  package var distinctFrom: [Slot]

  package init(
    from: Slot, to: Slot, edge: Slot?, direction: Direction, types: [Text], isInto: Bool,
    distinctFrom: [Slot]
  ) {
    self.from = from
    self.to = to
    self.edge = edge
    self.direction = direction
    self.types = types
    self.isInto = isInto
    self.distinctFrom = distinctFrom
  }
}

/// What the edges and nodes of a path may repeat.
package enum PathRestriction: String, Sendable, Hashable {
  /// Anything; bounded by the maximum length and the limit on path expansions.
  case walk
  /// No edge twice: Cypher's default.
  case trail
  /// No node twice.
  case acyclic
  /// No node twice, but the first may be the last.
  case simple
}

/// What is counted with every commit.
package enum StoredCount: Sendable, Hashable {
  /// Nodes with a label, or all.
  case nodes(label: Text?)
  /// Edges of a type, or all.
  case edges(type: Text?)
}

/// A run of relationships followed from a bound node. `step.edge` receives the list of edges.
package struct VariableExpandStep: Sendable, Hashable {
  package var step: ExpandStep
  package var minimum: Int
  /// `nil` for no upper bound.
  package var maximum: Int?
  package var restriction: PathRestriction
  /// Whether the run is followed against the order of the text, so that its list is reversed.
  package var reversesList: Bool
  /// Assigned to each edge while `elementPredicates` are evaluated.
  package var element: Slot?
  /// Assigned to the ends of each edge, in the order of the text.
  package var elementFrom: Slot?
  package var elementTo: Slot?
  package var elementPredicates: [BoundExpression]

  /// The slots that exist only while `elementPredicates` are evaluated.
  package var elementSlots: SlotSet {
    SlotSet([element, elementFrom, elementTo].compactMap { $0 })
  }

  package init(
    step: ExpandStep, minimum: Int, maximum: Int?, restriction: PathRestriction,
    reversesList: Bool, element: Slot?, elementFrom: Slot? = nil, elementTo: Slot? = nil,
    elementPredicates: [BoundExpression]
  ) {
    self.elementFrom = elementFrom
    self.elementTo = elementTo
    self.step = step
    self.minimum = minimum
    self.maximum = maximum
    self.restriction = restriction
    self.reversesList = reversesList
    self.element = element
    self.elementPredicates = elementPredicates
  }
}

/// An edge with both ends: from a scan, or from a slot that is bound before.
package struct EdgeEndsStep: Sendable, Hashable {
  package var edge: Slot
  package var from: Slot
  package var to: Slot
  package var isFromBound: Bool
  package var isToBound: Bool
  /// `.both` yields the two readings of each edge, and one of a self-loop.
  package var direction: Direction
  package var types: [Text]
  /// Edge slots of the same MATCH that must not hold this edge.
  package var distinctFrom: [Slot]

  package init(
    edge: Slot, from: Slot, to: Slot, isFromBound: Bool, isToBound: Bool,
    direction: Direction, types: [Text], distinctFrom: [Slot]
  ) {
    self.edge = edge
    self.from = from
    self.to = to
    self.isFromBound = isFromBound
    self.isToBound = isToBound
    self.direction = direction
    self.types = types
    self.distinctFrom = distinctFrom
  }
}

/// Nodes with a label whose properties satisfy comparisons, found by comparing whole columns.
package struct ColumnScanStep: Sendable, Hashable {
  package var slot: Slot
  /// `nil` for every node.
  package var label: Text?
  package var comparisons: [ColumnComparison]

  package init(slot: Slot, label: Text?, comparisons: [ColumnComparison]) {
    self.slot = slot
    self.label = label
    self.comparisons = comparisons
  }
}

/// A property compared with a parameter or a literal.
package struct ColumnComparison: Sendable, Hashable {
  package var property: Text
  package var comparison: ComparisonOperator
  package var value: BoundExpression

  package init(property: Text, comparison: ComparisonOperator, value: BoundExpression) {
    self.property = property
    self.comparison = comparison
    self.value = value
  }
}

/// Nodes from an ordered index. Predicates stay as filters, since an index may yield more.
package struct IndexSeekStep: Sendable, Hashable {
  package struct Bound: Sendable, Hashable {
    package var value: BoundExpression
    package var isIncluded: Bool
    package init(value: BoundExpression, isIncluded: Bool) {
      self.value = value
      self.isIncluded = isIncluded
    }
  }

  package var slot: Slot
  package var index: IndexDefinition
  /// Values of the first properties.
  package var prefix: [BoundExpression]
  package var lower: Bound?
  package var upper: Bound?
  package var isDescending: Bool

  package init(
    slot: Slot, index: IndexDefinition, prefix: [BoundExpression], lower: Bound?, upper: Bound?,
    isDescending: Bool = false
  ) {
    self.slot = slot
    self.index = index
    self.prefix = prefix
    self.lower = lower
    self.upper = upper
    self.isDescending = isDescending
  }
}

/// A repeated group of GQL. Input 1 is the plan of one repetition, from the slot of its first node.
package struct RepeatStep: Sendable, Hashable {
  package var group: BoundGroup
  package var from: Slot
  package var to: Slot
  package var isInto: Bool
  /// Receives the list of all edges in the order of the text.
  package var edges: Slot
  /// The edge slots of one repetition in the order of the text.
  package var innerEdges: [Slot]
  package var innerFirst: Slot
  package var innerLast: Slot
  package var restriction: PathRestriction
  package var distinctFrom: [Slot]

  package init(
    group: BoundGroup, from: Slot, to: Slot, isInto: Bool, edges: Slot, innerEdges: [Slot],
    innerFirst: Slot, innerLast: Slot, restriction: PathRestriction, distinctFrom: [Slot]
  ) {
    self.group = group
    self.from = from
    self.to = to
    self.isInto = isInto
    self.edges = edges
    self.innerEdges = innerEdges
    self.innerFirst = innerFirst
    self.innerLast = innerLast
    self.restriction = restriction
    self.distinctFrom = distinctFrom
  }
}

/// GQL's selectors where no special search applies: all paths of an outer row and a pair of ends
/// are collected and some are chosen by their lengths.
package struct SelectPathsStep: Sendable, Hashable {
  package var selector: PathSelector
  /// The number of the row before the path was looked for.
  package var outer: Slot
  package var start: Slot
  package var end: Slot
  /// Slots with edges or lists of edges; their total is the length.
  package var edges: [Slot]

  package init(selector: PathSelector, outer: Slot, start: Slot, end: Slot, edges: [Slot]) {
    self.selector = selector
    self.outer = outer
    self.start = start
    self.end = end
    self.edges = edges
  }
}

/// Makes a path value out of its start and its edges, and drops rows whose path as a whole is not
/// acyclic or simple where it has to be.
package struct PathStep: Sendable, Hashable {
  package var slot: Slot
  package var start: Slot
  /// Slots with edges or lists of edges, in the order of the text.
  package var edges: [Slot]
  /// What is tested here: `acyclic` or `simple`; the others hold already.
  package var restriction: PathRestriction

  package init(slot: Slot, start: Slot, edges: [Slot], restriction: PathRestriction = .trail) {
    self.slot = slot
    self.start = start
    self.edges = edges
    self.restriction = restriction
  }
}
