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
    var happened: [String: Int] = [:]
    func note(_ what: String, _ count: Int) { if count > 0 { happened[what] = count } }
    note("+nodes", nodesCreated)
    note("-nodes", nodesDeleted)
    note("+relationships", edgesCreated)
    note("-relationships", edgesDeleted)
    note("+properties", propertiesSet)
    note("-properties", propertiesRemoved)
    note("+labels", labelsAdded)
    note("-labels", labelsRemoved)
    return happened
  }
}
