// Paths over a pattern: their values, their restrictions and the choice among them.

import Base
import Cypher

extension PatternPlanner {
  func pathIndex(of index: Int) -> Int? {
    pattern.paths.firstIndex { $0.connections.contains(index) }
  }

  func path(of index: Int) -> BoundPath? {
    pathIndex(of: index).map { pattern.paths[$0] }
  }

  func restriction(of index: Int) -> PathRestriction {
    switch path(of: index)?.mode {
    case .walk: .walk
    case .acyclic: .acyclic
    case .simple: .simple
    case .trail, nil: .trail
    }
  }

  func isSelected(_ index: Int) -> Bool { path(of: index)?.isSelective ?? false }

  /// Whether a connection is searched breadth first between its bound ends.
  func isSearched(_ index: Int) -> Bool {
    guard let path = path(of: index) else { return false }
    return path.isSearch(in: pattern)
  }

  func wantsAllShortest(_ index: Int) -> Bool {
    path(of: index)?.selector == .allShortest
  }

  mutating func guardSlots(of path: BoundPath) {
    var inner: SlotSet = []
    for index in path.connections {
      let connection = pattern.connections[index]
      if let slot = connection.edgeSlot { inner.insert(slot) }
      inner.formUnion([pattern.nodes[connection.from].slot, pattern.nodes[connection.to].slot])
    }
    inner.remove(pattern.nodes[path.start].slot)
    inner.remove(pattern.nodes[end(of: path)].slot)
    if let slot = path.slot { inner.insert(slot) }
    guarded.formUnion(inner)
  }

  func end(of path: BoundPath) -> Int {
    path.connections.reduce(path.start) { node, index in
      let connection = pattern.connections[index]
      return connection.from == node ? connection.to : connection.from
    }
  }

  /// Makes the values of paths whose connections are all matched, and chooses among them.
  mutating func finishPaths(_ allocator: inout SlotAllocator) {
    for index in openPaths {
      let path = pattern.paths[index]
      let edges = path.connections.compactMap { edgeSlots[$0] }
      guard edges.count == path.connections.count, bound.contains(pattern.nodes[path.start].slot)
      else { continue }
      openPaths.removeAll { $0 == index }
      let restriction = wholeRestriction(of: path)
      if let slot = path.slot ?? (restriction == .trail ? nil : allocator.make()) {
        let step = PathStep(
          slot: slot, start: pattern.nodes[path.start].slot, edges: edges,
          restriction: restriction)
        plan = Plan(.path(step), inputs: [plan], rows: plan.rows)
        bound.insert(slot)
      }
      filter(path.predicates)
      guard path.isSelective else { continue }
      if let selector = path.selector, let number = rowNumbers[index] {
        let step = SelectPathsStep(
          selector: selector, outer: number, start: pattern.nodes[path.start].slot,
          end: pattern.nodes[end(of: path)].slot, edges: edges)
        plan = Plan(.selectPaths(step), inputs: [plan], rows: max(1, plan.rows / 10))
      }
      release(path)
    }
    applyPredicates()
  }

  /// What is tested over the whole path: its parts keep their mode each for themselves, and a run
  /// that is all of a path needs no second look.
  private func wholeRestriction(of path: BoundPath) -> PathRestriction {
    guard path.mode == .acyclic || path.mode == .simple, !path.connections.isEmpty else {
      return .trail
    }
    if path.connections.count == 1,
      case .relationship(let edge) = pattern.connections[path.connections[0]].kind,
      edge.length != nil
    {
      return .trail
    }
    return path.mode == .acyclic ? .acyclic : .simple
  }

  mutating func release(_ path: BoundPath) {
    guarded = []
    for index in openPaths where pattern.paths[index].isSelective {
      guardSlots(of: pattern.paths[index])
    }
  }
}

extension BoundPath {
  /// Whether a selector drops some of the paths.
  var isSelective: Bool {
    guard let selector else { return false }
    return selector != .all
  }

  /// Whether the path is one run of relationships for which a breadth-first search finds what the
  /// selector asks for.
  func isSearch(in pattern: BoundPattern) -> Bool {
    guard connections.count == 1, predicates.isEmpty, mode == nil || mode == .trail,
      case .relationship(let edge) = pattern.connections[connections[0]].kind,
      edge.length != nil, !edge.isBound
    else { return false }
    return selector == .allShortest || selector == .shortest(count: 1)
      || selector == .any(count: 1)
  }
}
