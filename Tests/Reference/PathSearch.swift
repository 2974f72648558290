// Answers path questions by walking every path that the pattern allows, then choosing as the
// selector says. Nothing here is shared with the engine, nothing is clever.

/// All that a question binds in a graph.
public struct PathSearch {
  /// A path and the values of the variables, as numbers.
  public struct Binding: Hashable, Sendable {
    public var nodes: [Int]
    public var edges: [Int] = []
    var values: [String: [Int]] = [:]
    var row: [[Int]] = []
  }

  let graph: NaiveGraph
  private let question: PathQuestion
  private let mode: PathQuestion.Mode
  private var found: [Binding] = []
  private var effort = 0
  private static let mostEffort = 60_000

  /// Every path, before a selector chooses. Throws `NaiveError.tooLarge`.
  public static func bindings(
    _ question: PathQuestion, in graph: NaiveGraph
  ) throws -> [Binding] {
    var search = PathSearch(graph: graph, question: question)
    for number in graph.nodes.keys.sorted() {
      try search.visit(Binding(nodes: [number]), place: 0)
    }
    return search.found
  }

  private init(graph: NaiveGraph, question: PathQuestion) {
    self.graph = graph
    self.question = question
    mode = question.mode ?? .trail
  }

  // MARK: Walking

  /// Puts the last node of the path at a place of the pattern, and goes on.
  private mutating func visit(_ binding: Binding, place: Int) throws {
    try spend()
    var binding = binding
    let pattern = question.nodes[place]
    let node = binding.nodes[binding.nodes.count - 1]
    guard allows(pattern, node) else { return }
    if let name = pattern.name {
      if let bound = binding.values[name], bound != [node] { return }
      binding.values[name] = [node]
    }
    guard place < question.steps.count else {
      var ended = binding
      ended.row =
        [ended.nodes, ended.edges] + question.names.map { ended.values[$0] ?? [] }
      found.append(ended)
      return
    }
    switch question.steps[place] {
    case .hop(let hop):
      for next in hops(hop, binding) { try visit(next, place: place + 1) }
    case .run(let hop, let low, let high):
      if let name = hop.name { binding.values[name] = [] }
      try run(hop, low, high, 0, binding, place)
    case .group(let group, let low, let high):
      for name in group.nodes.map(\.name) + group.hops.map(\.name) {
        if let name { binding.values[name] = [] }
      }
      try repeated(group, low, high, 0, binding, place)
    }
  }

  private mutating func run(
    _ hop: PathQuestion.Hop, _ low: Int, _ high: Int?, _ count: Int, _ binding: Binding,
    _ place: Int
  ) throws {
    if count >= low { try visit(binding, place: place + 1) }
    guard high.map({ count < $0 }) ?? true else { return }
    for next in hops(hop, binding, appends: true) {
      try run(hop, low, high, count + 1, next, place)
    }
  }

  private mutating func repeated(
    _ group: PathQuestion.Group, _ low: Int, _ high: Int?, _ count: Int, _ binding: Binding,
    _ place: Int
  ) throws {
    if count >= low { try visit(binding, place: place + 1) }
    guard high.map({ count < $0 }) ?? true else { return }
    var states = [binding]
    for index in group.nodes.indices {
      let pattern = group.nodes[index]
      states = states.compactMap { state in
        let node = state.nodes[state.nodes.count - 1]
        guard allows(pattern, node) else { return nil }
        var state = state
        if let name = pattern.name { state.values[name, default: []].append(node) }
        return state
      }
      guard index < group.hops.count else { break }
      states = states.flatMap { hops(group.hops[index], $0, appends: true) }
    }
    for state in states where holds(group, state) {
      try repeated(group, low, high, count + 1, state, place)
    }
  }

  private func allows(_ pattern: PathQuestion.Node, _ node: Int) -> Bool {
    guard let label = pattern.label else { return true }
    return graph.nodes[node]?.labels.contains(label) ?? false
  }

  /// The condition of a group, over its first and last node; their numbers are their property `i`.
  private func holds(_ group: PathQuestion.Group, _ binding: Binding) -> Bool {
    guard let condition = group.condition else { return true }
    guard let first = group.nodes[0].name, let last = group.nodes[group.nodes.count - 1].name,
      let left = binding.values[first]?.last, let right = binding.values[last]?.last
    else { return false }
    return condition.contains("<>") ? left != right : left < right
  }

  /// The paths with one more edge.
  private func hops(
    _ hop: PathQuestion.Hop, _ binding: Binding, appends: Bool = false
  ) -> [Binding] {
    let node = binding.nodes[binding.nodes.count - 1]
    var result: [Binding] = []
    for (number, edge) in graph.edges.sorted(by: { $0.key < $1.key }) {
      if let type = hop.type, edge.type != type { continue }
      var ends: Set<Int> = []
      if hop.direction != 1, edge.from == node { ends.insert(edge.to) }
      if hop.direction != 0, edge.to == node { ends.insert(edge.from) }
      for end in ends.sorted() where isAllowed(number, end, binding) {
        var next = binding
        next.edges.append(number)
        next.nodes.append(end)
        if let name = hop.name {
          next.values[name] = appends ? (next.values[name] ?? []) + [number] : [number]
        }
        result.append(next)
      }
    }
    return result
  }

  /// What the path's mode says about one more edge to a node.
  private func isAllowed(_ edge: Int, _ end: Int, _ binding: Binding) -> Bool {
    let nodes = binding.nodes
    switch mode {
    case .walk: return true
    case .trail: return !binding.edges.contains(edge)
    case .acyclic: return !nodes.contains(end)
    case .simple:
      // Cypher's own rule, no edge twice in a MATCH, holds as well: no going back and forth.
      if binding.edges.contains(edge) { return false }
      if nodes.count > 1, nodes[nodes.count - 1] == nodes[0] { return false }
      return !nodes.dropFirst().contains(end)
    }
  }

  private mutating func spend() throws {
    effort += 1
    if effort > Self.mostEffort { throw NaiveError.tooLarge }
  }
}

// MARK: Choosing

extension PathQuestion {
  /// Whether an answer of the engine is one that the question allows; otherwise what is wrong with
  /// it. Each row is the nodes, the edges, and one list for each variable.
  public func complaint(
    about rows: [[[Int]]], among all: [PathSearch.Binding]
  ) -> String? {
    let pairs = Dictionary(grouping: all) { [$0.nodes[0], $0.nodes[$0.nodes.count - 1]] }
    let answers = Dictionary(grouping: rows) { row in
      [row[0].first ?? -1, row[0].last ?? -1]
    }
    for pair in answers.keys where pairs[pair] == nil { return "no path joins \(pair)" }
    for (pair, paths) in pairs {
      let given = answers[pair] ?? []
      var left = paths.reduce(into: [[[Int]]: Int]()) { $0[$1.row, default: 0] += 1 }
      for row in given {
        guard let count = left[row], count > 0 else { return "\(row) is no such path" }
        left[row] = count - 1
      }
      guard let lengths = wantedLengths(paths.map(\.edges.count).sorted()) else {
        let wanted = wantedCount(paths.count)
        if given.count != wanted { return "\(given.count) paths join \(pair), expected \(wanted)" }
        continue
      }
      let wanted = lengths.filter { length in leastLength.map { length > $0 } ?? true }
      let actual = given.map { $0[1].count }.sorted()
      if actual != wanted { return "\(pair): lengths \(actual), expected \(wanted)" }
    }
    return nil
  }

  /// The lengths of the chosen paths among the sorted ones; nil where any will do.
  private func wantedLengths(_ lengths: [Int]) -> [Int]? {
    switch selector {
    case .all: return lengths
    case .any: return nil
    case .shortestPath: return Array(lengths.prefix(1))
    case .shortest(let count): return Array(lengths.prefix(count))
    case .allShortest, .allShortestPaths: return lengths.filter { $0 == lengths[0] }
    case .groups(let count):
      let kept = Set(lengths).sorted().prefix(count)
      return lengths.filter { kept.contains($0) }
    }
  }

  private func wantedCount(_ count: Int) -> Int {
    if case .any(let wanted) = selector { return min(wanted, count) }
    return count
  }
}
