// The proposals nearest to a change, by four independent measures, fused by their ranks: reciprocal
// rank fusion (Cormack, Clarke and Büttcher 2009), which needs no common scale. docs/briefs.md
// states the measures; deterministic for one snapshot.

import Base
import Graph
import Stemma

/// An earlier proposal and why it is near.
struct Neighbour {
  var node: NodeID
  /// The sum over the measures of weight / (60 + rank).
  var score = 0.0
  /// The same canonical change of the same base.
  var isExact = false
  var distance: ParameterSet.Distance?
  /// The share of the question's words, by weight, that it has.
  var words: Double?
  /// The share of changed lines that both have.
  var lines: Double?
  /// Steps along descent.
  var steps: Int?

  /// Close enough that a difference has to be stated: what parameters differ in is slight, and no
  /// changed line differs.
  var isNear: Bool {
    guard !isExact, !isBase, let distance, distance.isSlight else { return false }
    return lines.map { $0 == 1 } ?? !hasOtherLines
  }

  /// What the change was made to: like it by nature, and no repetition.
  var isBase = false
  /// Only one of the two changes files.
  var hasOtherLines = false
}

/// One search.
struct NearestProposals {
  /// The constant of reciprocal rank fusion.
  static let rankOffset = 60.0
  /// What each measure adds up to in a fused score.
  static let weights = (parameters: 1.0, words: 1.0, lines: 1.0, descent: 0.5)
  /// How many each measure may name.
  static let listLimit = 100
  /// How many are looked at exactly, per measure.
  static let candidateLimit = 192
  static let descentSteps = 3
  static let descentLimit = 100

  let question: Question
  let file: SideFile
  let database: Database

  /// Nearest first; exact repetitions before all.
  func find(_ graph: borrowing GraphView) throws -> [Neighbour] {
    var found: [NodeID: Neighbour] = [:]
    for node in try exact(graph) { found[node, default: Neighbour(node: node)].isExact = true }
    let measures: [(weight: Double, nodes: [NodeID])] = [
      (Self.weights.parameters, try parameters(graph, &found)),
      (Self.weights.words, try words(graph, &found)),
      (Self.weights.lines, try lines(graph, &found)),
      (Self.weights.descent, try descent(graph, &found)),
    ]
    for (weight, nodes) in measures {
      for (rank, node) in nodes.enumerated() {
        found[node, default: Neighbour(node: node)].score +=
          weight / (Self.rankOffset + Double(rank + 1))
      }
    }
    let ranked = found.values.filter { $0.score > 0 || $0.isExact }.sorted { left, right in
      if left.isExact != right.isExact { return left.isExact }
      return (left.score, left.node.rawValue) > (right.score, right.node.rawValue)
    }
    return try ranked.map { try completed($0, graph) }
  }

  /// Every measure of a neighbour, also those that did not find it.
  private func completed(
    _ neighbour: Neighbour, _ graph: borrowing GraphView
  ) throws -> Neighbour {
    var whole = neighbour
    whole.isBase = neighbour.node == question.base
    if whole.distance == nil {
      whole.distance = question.parameters.distance(
        to: try ProposalTexts.parameters(of: neighbour.node, graph))
    }
    if whole.distance?.isSlight == true, whole.lines == nil {
      let theirs =
        try file.number(
          "SELECT 1 FROM patches WHERE node = ?", [.integer(Int64(neighbour.node.rawValue))]) != nil
      whole.hasOtherLines = theirs || question.shape?.isEmpty == false
    }
    return whole
  }

  private func mayAnswer(_ node: NodeID, _ graph: borrowing GraphView) throws -> Bool {
    guard node != question.subject, node.rawValue < graph.nodeLimit, try graph.exists(node) else {
      return false
    }
    return try graph.text("kind", of: node) != "baseline"
  }

  // MARK: The measures

  private func exact(_ graph: borrowing GraphView) throws -> [NodeID] {
    guard let hash = question.changeHash, !hash.isEmpty,
      let index = try graph.indexes().first(where: {
        $0.definition.label == "Proposal" && $0.definition.properties == ["changeHash"]
      })
    else { return [] }
    var position = IndexPosition()
    var nodes: [NodeID] = []
    try graph.seek(
      index, prefix: [.string(hash)], range: nil, isDescending: false, after: &position,
      into: &nodes, limit: Self.listLimit)
    return try nodes.filter { try mayAnswer($0, graph) }
  }

  private func parameters(
    _ graph: borrowing GraphView, _ found: inout [NodeID: Neighbour]
  ) throws -> [NodeID] {
    let scan = GridScan(
      question: question.parameters, limit: graph.nodeLimit, count: Self.candidateLimit)
    var ranked: [(distance: ParameterSet.Distance, node: NodeID)] = []
    for node in try scan.nodes(file) where try mayAnswer(node, graph) {
      let theirs = try ProposalTexts.parameters(of: node, graph)
      guard let distance = question.parameters.distance(to: theirs), distance.mean < 1 else {
        continue
      }
      ranked.append((distance, node))
    }
    ranked.sort { ($0.distance.mean, $1.node) < ($1.distance.mean, $0.node) }
    return note(ranked, \.distance, in: &found)
  }

  private func words(
    _ graph: borrowing GraphView, _ found: inout [NodeID: Neighbour]
  ) throws -> [NodeID] {
    let weighted = try TermIndex.words.weighted(question.terms, below: graph.nodeLimit, file)
    let all = weighted.reduce(0) { $0 + $1.weight }
    guard all > 0 else { return [] }
    let candidates = try TermIndex.words.candidates(
      weighted, below: graph.nodeLimit, count: Self.candidateLimit, file)
    var ranked: [(share: Double, node: NodeID)] = []
    for (node, _) in candidates where try mayAnswer(node, graph) {
      let title = try graph.text("title", of: node) ?? ""
      let theirs = Set(
        WordSplitter.terms(in: title + " " + (try graph.text("hypothesis", of: node) ?? "")))
      let shared = weighted.reduce(0) { theirs.contains($1.term) ? $0 + $1.weight : $0 }
      // Long texts have everything, so the sizes of both count.
      let sizes = Double(2 * weighted.count) / Double(weighted.count + theirs.count)
      let share = shared / all * sizes
      if shared > 0 { ranked.append((min(1, share), node)) }
    }
    ranked.sort { ($0.share, $0.node) > ($1.share, $1.node) }
    return note(ranked, \.words, in: &found)
  }

  private func lines(
    _ graph: borrowing GraphView, _ found: inout [NodeID: Neighbour]
  ) throws -> [NodeID] {
    guard let shape = question.shape, !shape.isEmpty else { return [] }
    let weighted = try TermIndex.lines.weighted(shape.terms, below: graph.nodeLimit, file)
    let candidates = try TermIndex.lines.candidates(
      weighted, below: graph.nodeLimit, count: Self.candidateLimit, file)
    var ranked: [(likeness: Double, node: NodeID)] = []
    for (node, _) in candidates where try mayAnswer(node, graph) {
      var likeness = 0.0
      try file.query(
        "SELECT lines FROM patches WHERE node = ?", [.integer(Int64(node.rawValue))]
      ) { row in
        likeness = shape.likeness(to: PatchShape(packed: row.bytes(0)))
        return false
      }
      if likeness > 0 { ranked.append((likeness, node)) }
    }
    ranked.sort { ($0.likeness, $0.node) > ($1.likeness, $1.node) }
    return note(ranked, \.lines, in: &found)
  }

  /// The first of a ranking, each with what its measure says of it.
  private func note<Likeness>(
    _ ranked: [(Likeness, NodeID)], _ measure: WritableKeyPath<Neighbour, Likeness?>,
    in found: inout [NodeID: Neighbour]
  ) -> [NodeID] {
    ranked.prefix(Self.listLimit).map { likeness, node in
      found[node, default: Neighbour(node: node)][keyPath: measure] = likeness
      return node
    }
  }

  /// Breadth first along descent, both ways: parents, siblings, children.
  private func descent(
    _ graph: borrowing GraphView, _ found: inout [NodeID: Neighbour]
  ) throws -> [NodeID] {
    guard let start = question.subject ?? question.base else { return [] }
    var visited: Set<NodeID> = [start]
    var frontier = [start]
    var ranked: [NodeID] = []
    if question.subject == nil, try mayAnswer(start, graph) {
      found[start, default: Neighbour(node: start)].steps = 0
      ranked.append(start)
    }
    for step in 1...Self.descentSteps where ranked.count < Self.descentLimit {
      var next: [NodeID] = []
      for node in frontier {
        for way in [Direction.outgoing, .incoming] {
          for type in ["BASED_ON", "DERIVED_FROM"] as [Text] {
            next += try graph.neighbours(of: node, way, type).suffix(Self.descentLimit)
              .filter { visited.insert($0).inserted }
          }
        }
      }
      frontier = next.sorted(by: >)
      for node in frontier where ranked.count < Self.descentLimit {
        guard try mayAnswer(node, graph) else { continue }
        found[node, default: Neighbour(node: node)].steps = step
        ranked.append(node)
      }
    }
    return ranked
  }
}
