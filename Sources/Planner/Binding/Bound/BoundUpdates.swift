// The clauses that write, after binding.

package import Base
package import Cypher

/// Creates the elements in order; a relationship's ends are bound or created before it.
package struct BoundCreate: Hashable, Sendable {
  package enum Element: Hashable, Sendable {
    case node(BoundNewNode)
    case relationship(BoundNewRelationship)
  }

  package var elements: [Element]
  package var paths: [BoundNewPath]

  package init(elements: [Element], paths: [BoundNewPath]) {
    self.elements = elements
    self.paths = paths
  }
}

package struct BoundNewNode: Hashable, Sendable {
  package var slot: Slot
  package var labels: [Text]
  package var properties: BoundProperties
  package var range: SourceRange

  package init(slot: Slot, labels: [Text], properties: BoundProperties, range: SourceRange) {
    self.slot = slot
    self.labels = labels
    self.properties = properties
    self.range = range
  }
}

package struct BoundNewRelationship: Hashable, Sendable {
  package var slot: Slot
  package var type: Text
  /// Slots of nodes, along the arrow.
  package var from: Slot
  package var to: Slot
  package var properties: BoundProperties
  package var range: SourceRange

  package init(
    slot: Slot, type: Text, from: Slot, to: Slot, properties: BoundProperties,
    range: SourceRange
  ) {
    self.slot = slot
    self.type = type
    self.from = from
    self.to = to
    self.properties = properties
    self.range = range
  }
}

/// A path over what was created: `nodes.count == relationships.count + 1`, in the text's order.
package struct BoundNewPath: Hashable, Sendable {
  package var slot: Slot
  package var nodes: [Slot]
  package var relationships: [Slot]

  package init(slot: Slot, nodes: [Slot], relationships: [Slot]) {
    self.slot = slot
    self.nodes = nodes
    self.relationships = relationships
  }
}

package enum BoundProperties: Hashable, Sendable {
  case none
  case entries([BoundMapEntry])
  /// A parameter that must hold a map.
  case map(BoundExpression)
}

/// Matches the pattern; where a row has no match, creates it whole.
package struct BoundMerge: Hashable, Sendable {
  package var pattern: BoundPattern
  /// The inline property maps, as equalities.
  package var predicates: [BoundExpression]
  /// Assigns the same slots as the pattern. A property whose value is null is an error.
  package var create: BoundCreate
  package var onCreate: [BoundSetItem]
  package var onMatch: [BoundSetItem]
  package var range: SourceRange

  package init(
    pattern: BoundPattern, predicates: [BoundExpression], create: BoundCreate,
    onCreate: [BoundSetItem], onMatch: [BoundSetItem], range: SourceRange
  ) {
    self.pattern = pattern
    self.predicates = predicates
    self.create = create
    self.onCreate = onCreate
    self.onMatch = onMatch
    self.range = range
  }
}

/// One assignment. A target that is null is passed over.
package enum BoundSetItem: Hashable, Sendable {
  case property(of: BoundExpression, name: Text, value: BoundExpression, range: SourceRange)
  case dynamicProperty(
    of: BoundExpression, key: BoundExpression, value: BoundExpression, range: SourceRange)
  case replaceProperties(of: BoundExpression, value: BoundExpression, range: SourceRange)
  case addProperties(of: BoundExpression, value: BoundExpression, range: SourceRange)
  case labels(of: BoundExpression, labels: [Text], range: SourceRange)
}

package enum BoundRemoveItem: Hashable, Sendable {
  case property(of: BoundExpression, name: Text, range: SourceRange)
  case dynamicProperty(of: BoundExpression, key: BoundExpression, range: SourceRange)
  case labels(of: BoundExpression, labels: [Text], range: SourceRange)
}

package struct BoundDelete: Hashable, Sendable {
  package var isDetaching: Bool
  package var expressions: [BoundExpression]

  package init(isDetaching: Bool, expressions: [BoundExpression]) {
    self.isDetaching = isDetaching
    self.expressions = expressions
  }
}

/// Runs the updating clauses once per element.
package struct BoundForEach: Hashable, Sendable {
  package var slot: Slot
  package var list: BoundExpression
  package var clauses: [BoundClause]

  package init(slot: Slot, list: BoundExpression, clauses: [BoundClause]) {
    self.slot = slot
    self.list = list
    self.clauses = clauses
  }
}
