// Pattern matching by trying everything, in the order of the text.

struct NaiveMatcher {
  let evaluator: NaiveEvaluator
  private static let mostRows = 4_000

  private struct State {
    var row: NaiveRow
    /// Edges used so far in this MATCH.
    var used: Set<Int> = []
    var nodes: [Int] = []
    var edges: [Int] = []
  }

  /// The rows of a MATCH for one outer row, its condition applied.
  func rows(_ match: NaiveMatch, from row: NaiveRow) throws -> [NaiveRow] {
    var states = [State(row: row)]
    for pattern in match.patterns {
      var next: [State] = []
      for state in states {
        var start = state
        start.nodes = []
        start.edges = []
        for number in evaluator.graph.nodes.keys.sorted() {
          try extend(start, pattern, 0, number, &next)
        }
        if next.count > Self.mostRows { throw NaiveError.tooLarge }
      }
      states = next
    }
    let found = states.map(\.row)
    guard let condition = match.condition else { return found }
    return try found.filter { try evaluator.condition(condition, $0) == true }
  }

  /// Puts node `number` at a place of the pattern and goes on from there.
  private func extend(
    _ state: State, _ pattern: NaivePattern, _ place: Int, _ number: Int, _ found: inout [State]
  ) throws {
    let wanted = pattern.nodes[place]
    guard let node = evaluator.graph.nodes[number] else { return }
    guard wanted.labels.allSatisfy({ node.labels.contains($0) }) else { return }
    if let property = wanted.property,
      (node.properties[property.name] ?? .null).equals(property.value) != true
    {
      return
    }
    var state = state
    state.nodes.append(number)
    if let name = wanted.name {
      if let bound = state.row[name], bound != .node(number) { return }
      state.row[name] = .node(number)
    }
    guard place < pattern.steps.count else {
      if let path = pattern.path {
        state.row[path] = .path(nodes: state.nodes, edges: state.edges)
      }
      found.append(state)
      if found.count > Self.mostRows { throw NaiveError.tooLarge }
      return
    }
    try walk(state, pattern, place, number, [], &found)
  }

  /// Follows edges of a step from `node`, after those in `run`.
  private func walk(
    _ state: State, _ pattern: NaivePattern, _ place: Int, _ node: Int, _ run: [Int],
    _ found: inout [State]
  ) throws {
    let step = pattern.steps[place]
    let low = step.length?.low ?? 1
    let high = step.length == nil ? 1 : step.length?.high ?? .max
    if run.count >= low, run.count <= high {
      var ended = state
      if let name = step.name {
        ended.row[name] =
          step.length == nil ? .edge(run[0]) : .list(run.map { .edge($0) })
      }
      // The node at the end is the one that `extend` appends.
      ended.nodes.removeLast()
      try extend(ended, pattern, place + 1, node, &found)
    }
    guard run.count < high else { return }
    try evaluator.effort.spend()
    for (number, edge) in evaluator.graph.edges.sorted(by: { $0.key < $1.key }) {
      guard !state.used.contains(number), step.types.isEmpty || step.types.contains(edge.type)
      else { continue }
      if let property = step.property,
        (edge.properties[property.name] ?? .null).equals(property.value) != true
      {
        continue
      }
      var ends: Set<Int> = []
      if step.direction != 1, edge.from == node { ends.insert(edge.to) }
      if step.direction != 0, edge.to == node { ends.insert(edge.from) }
      for end in ends.sorted() {
        var next = state
        next.used.insert(number)
        next.edges.append(number)
        next.nodes.append(end)
        try walk(next, pattern, place, end, run + [number], &found)
      }
    }
  }
}
