// What a writing query did, in the words of the TCK's side effects.

import Graph

/// Counts of changes.
package struct GraphChanges: Sendable, Hashable {
  package var nodesCreated = 0
  package var nodesDeleted = 0
  package var edgesCreated = 0
  package var edgesDeleted = 0
  package var propertiesSet = 0
  package var propertiesRemoved = 0
  package var labelsAdded = 0
  package var labelsRemoved = 0

  package init() {}

  /// `+nodes`, `-relationships`, ...; what did not happen is absent.
  package var sideEffects: [String: Int] {
    let all = [
      "+nodes": nodesCreated, "-nodes": nodesDeleted, "+relationships": edgesCreated,
      "-relationships": edgesDeleted, "+properties": propertiesSet,
      "-properties": propertiesRemoved, "+labels": labelsAdded, "-labels": labelsRemoved,
    ]
    return all.filter { $0.value > 0 }
  }
}
