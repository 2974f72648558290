// Patterns after binding: a graph of nodes and connections, and the paths laid over it.
//
//   MATCH p = (a:A)-[r:R]->(b)<-[s:S*1..3]-(c)
//   nodes        0:a  1:b  2:c
//   connections  0: 0 -r-> 1    1: 1 <-s*- 2
//   paths        p: starts at node 0, connections 0, 1

package import Base
package import Cypher

/// A pattern to match. Unless a path's mode says WALK, no relationship is matched twice by the
/// connections of one clause (those inside groups and variable lengths included).
package struct BoundPattern: Hashable, Sendable {
  /// One per distinct slot.
  package var nodes: [BoundNode]
  package var connections: [BoundConnection]
  /// Paths with a name, a selector or a mode; the others need no trace here.
  package var paths: [BoundPath]

  package init(nodes: [BoundNode], connections: [BoundConnection], paths: [BoundPath]) {
    self.nodes = nodes
    self.connections = connections
    self.paths = paths
  }
}

package struct BoundNode: Hashable, Sendable {
  package var slot: Slot
  /// Whether the slot has a value before the pattern is matched. It may be null: no match then.
  package var isBound: Bool
  /// All of them are required.
  package var labels: [Text]
  package var range: SourceRange
  /// The first clause that has it, where patterns of several were joined.
  package var clause = 0

  package init(slot: Slot, isBound: Bool, labels: [Text], range: SourceRange) {
    self.slot = slot
    self.isBound = isBound
    self.labels = labels
    self.range = range
  }
}

/// Something that leads from one node of the pattern to another, in the order of the text.
package struct BoundConnection: Hashable, Sendable {
  package indirect enum Kind: Hashable, Sendable {
    case relationship(BoundRelationship)
    case group(BoundGroup)
  }

  /// Indices into the pattern's `nodes`.
  package var from: Int
  package var to: Int
  package var kind: Kind
  /// Which clause it comes from, where patterns of several were joined: relationships of different
  /// clauses may be the same.
  package var clause = 0

  package init(from: Int, to: Int, kind: Kind) {
    self.from = from
    self.to = to
    self.kind = kind
  }
}

/// One relationship, or with `length` a run of them.
package struct BoundRelationship: Hashable, Sendable {
  /// Holds an edge; with `length` a list of edges in the order of the text.
  package var slot: Slot
  package var isBound: Bool
  /// Whether the text names it: an unnamed one may be left out of the rows.
  package var isNamed: Bool
  /// Relative to the order of the text: `outgoing` leads from `from` to `to`.
  package var direction: Direction
  /// Alternatives; empty for any.
  package var types: [Text]
  package var length: BoundLength?
  /// With `length`: assigned to each edge of the run while `elementPredicates` are evaluated.
  package var elementSlot: Slot?
  package var elementPredicates: [BoundExpression]
  package var range: SourceRange

  package init(
    slot: Slot, isBound: Bool, isNamed: Bool, direction: Direction, types: [Text],
    length: BoundLength?, elementSlot: Slot?, elementPredicates: [BoundExpression],
    range: SourceRange
  ) {
    self.slot = slot
    self.isBound = isBound
    self.isNamed = isNamed
    self.direction = direction
    self.types = types
    self.length = length
    self.elementSlot = elementSlot
    self.elementPredicates = elementPredicates
    self.range = range
  }
}

/// Inclusive bounds; `maximum` is `nil` where there is none. An empty range matches nothing.
package struct BoundLength: Hashable, Sendable {
  package var minimum: Int
  package var maximum: Int?

  package init(minimum: Int, maximum: Int?) {
    self.minimum = minimum
    self.maximum = maximum
  }
}

/// `((a)-[e]->(b) WHERE p){2,5}`: the inner pattern is a single chain, repeated; the last node of
/// one repetition is the first of the next, the first of all is the connection's `from`, the last
/// of all its `to`.
package struct BoundGroup: Hashable, Sendable {
  /// Its slots are assigned anew in each repetition.
  package var pattern: BoundPattern
  /// Indices into `pattern.nodes`.
  package var first: Int
  package var last: Int
  /// Indices into `pattern.connections`, in the order of the text.
  package var chain: [Int]
  /// Evaluated in each repetition.
  package var predicates: [BoundExpression]
  package var length: BoundLength
  /// Inner variables and the outer slots that hold the lists of their values.
  package var variables: [BoundGroupVariable]
  package var range: SourceRange

  package init(
    pattern: BoundPattern, first: Int, last: Int, chain: [Int], predicates: [BoundExpression],
    length: BoundLength, variables: [BoundGroupVariable], range: SourceRange
  ) {
    self.pattern = pattern
    self.first = first
    self.last = last
    self.chain = chain
    self.predicates = predicates
    self.length = length
    self.variables = variables
    self.range = range
  }
}

package struct BoundGroupVariable: Hashable, Sendable {
  package var inner: Slot
  package var outer: Slot

  package init(inner: Slot, outer: Slot) {
    self.inner = inner
    self.outer = outer
  }
}

/// A path through the pattern. `shortestPath` is `selector == .shortest(count: 1)`, and
/// `allShortestPaths` is `.allShortest`. A selector chooses per pair of end nodes.
package struct BoundPath: Hashable, Sendable {
  /// Where the path itself goes, if it is named.
  package var slot: Slot?
  /// An index into the pattern's `nodes`.
  package var start: Int
  /// Indices into the pattern's `connections`; each leads on from where the last one ended.
  package var connections: [Int]
  package var selector: PathSelector?
  package var mode: PathMode?
  /// Predicates on inner elements that count before the selector chooses; empty without selector.
  package var predicates: [BoundExpression]

  package init(
    slot: Slot?, start: Int, connections: [Int], selector: PathSelector?, mode: PathMode?,
    predicates: [BoundExpression]
  ) {
    self.slot = slot
    self.start = start
    self.connections = connections
    self.selector = selector
    self.mode = mode
    self.predicates = predicates
  }
}
