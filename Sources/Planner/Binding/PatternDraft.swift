// A pattern while it is bound. Variables are declared first, for the whole pattern; inline
// properties and predicates are bound afterwards, so that they can read all of them.

import Base
import Cypher

struct PatternDraft {
  /// Where an inline predicate belongs.
  enum Destination {
    /// Among the predicates of the clause.
    case clause
    /// Inside a path with a selector: it counts before the selector chooses.
    case path(Int)
    /// On each edge of a run.
    case connection(Int)
  }

  struct Pending {
    var slot: Slot
    var labels: LabelExpression?
    var properties: Expression?
    var predicate: Expression?
    var destination: Destination
    var range: SourceRange
  }

  var nodes: [BoundNode] = []
  var connections: [BoundConnection] = []
  var paths: [BoundPath] = []
  var pending: [Pending] = []
  /// Slots below were assigned before the pattern.
  let firstSlot: Int
  /// Relationships declared or used in this pattern: none may come twice.
  var relationships: SlotSet = []
  /// Whether names that are not in scope may be declared.
  var declares: Bool
  /// Whether this is the inside of a group: its names must all be new.
  var isGroup = false

  init(firstSlot: Int, declares: Bool) {
    self.firstSlot = firstSlot
    self.declares = declares
  }

  mutating func node(_ slot: Slot, range: SourceRange) -> Int {
    if let index = nodes.firstIndex(where: { $0.slot == slot }) { return index }
    nodes.append(
      BoundNode(slot: slot, isBound: slot.index < firstSlot, labels: [], range: range))
    return nodes.count - 1
  }

  mutating func addLabels(_ labels: [Text], to node: Int) {
    for label in labels where !nodes[node].labels.contains(label) {
      nodes[node].labels.append(label)
    }
  }

  var finished: BoundPattern {
    BoundPattern(nodes: nodes, connections: connections, paths: paths)
  }
}

extension LabelExpression {
  /// The labels where all of them are simply required; `nil` for anything else.
  var conjunction: [Text]? {
    switch self {
    case .label(let name): return [name.text]
    case .and(let parts):
      var labels: [Text] = []
      for part in parts {
        guard let more = part.conjunction else { return nil }
        labels += more
      }
      return labels
    case .or, .not, .any: return nil
    }
  }
}
