// The proposals nearest to a change, by four independent measures that are added up (CombSUM, Fox
// and Shaw 1994). Sums, not ranks: a measure that tells nothing apart then decides nothing.
// docs/briefs.md states the measures; deterministic for one snapshot.

import Base
import Glibc
import Graph
import Stemma

/// An earlier proposal and why it is near.
struct Neighbour {
  var node: NodeID
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
  /// They change files, and not in the same way.
  var hasOtherLines = false

  /// What the order is by: parameters halve with every decade, or other word, in all; descent
  /// counts a fifth of the others at most, and halves with every step.
  var score: Double {
    let parameters = distance.map { exp2(-$0.sum) } ?? 0
    let descent = steps.map { NearestProposals.descentWeight * exp2(1 - Double($0)) } ?? 0
    return parameters + (words ?? 0) + (lines ?? 0) + descent
  }
}

/// One search.
struct NearestProposals {
  /// What a parent adds to a score; the other measures add up to 1 each.
  static let descentWeight = 0.2
  /// A question whose words have this much rarity together, in nats, counts half: what nearly every
  /// proposal says is no likeness.
  static let wordDoubt = 1.0
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
    try parameters(graph, &found)
    try words(graph, &found)
    try lines(graph, &found)
    try descent(graph, &found)
    var ranked: [(score: Double, neighbour: Neighbour)] = []
    for neighbour in found.values {
      let whole = try completed(neighbour, graph)
      ranked.append((whole.score, whole))
    }
    ranked.sort { left, right in
      if left.neighbour.isExact != right.neighbour.isExact { return left.neighbour.isExact }
      return (left.score, left.neighbour.node) > (right.score, right.neighbour.node)
    }
    return ranked.map(\.neighbour)
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
      // Sketches leave out short lines: what has no line in common there may have none at all.
      whole.hasOtherLines =
        try graph.text("differenceHash", of: neighbour.node) != question.differenceHash
    }
    return whole
  }

  private func mayAnswer(_ node: NodeID, _ graph: borrowing GraphView) throws -> Bool {
    guard node != question.subject, node.rawValue < graph.nodeLimit, try graph.exists(node) else {
      return false
    }
    // Where a campaign starts, and what its models are told, was not tried.
    let kind = try graph.text("kind", of: node)
    return kind != "baseline" && kind != "prompt"
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
  ) throws {
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
    note(ranked, \.distance, in: &found)
  }

  private func words(
    _ graph: borrowing GraphView, _ found: inout [NodeID: Neighbour]
  ) throws {
    let weighted = try TermIndex.words.weighted(question.terms, below: graph.nodeLimit, file)
    let all = weighted.reduce(0) { $0 + $1.weight }
    guard all > 0 else { return }
    let candidates = try TermIndex.words.candidates(
      weighted, below: graph.nodeLimit, count: Self.candidateLimit, file)
    var ranked: [(share: Double, node: NodeID)] = []
    for (node, _) in candidates where try mayAnswer(node, graph) {
      let title = try graph.text("title", of: node) ?? ""
      let theirs = Set(
        WordSplitter.terms(in: title + " " + (try graph.text("hypothesis", of: node) ?? "")))
      let shared = weighted.reduce(0) { theirs.contains($1.term) ? $0 + $1.weight : $0 }
      if shared > 0 { ranked.append((shared / (all + Self.wordDoubt), node)) }
    }
    ranked.sort { ($0.share, $0.node) > ($1.share, $1.node) }
    note(ranked, \.words, in: &found)
  }

  private func lines(
    _ graph: borrowing GraphView, _ found: inout [NodeID: Neighbour]
  ) throws {
    guard let shape = question.shape, !shape.isEmpty else { return }
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
    note(ranked, \.lines, in: &found)
  }

  /// The first of a ranking, each with what its measure says of it.
  private func note<Likeness>(
    _ ranked: [(Likeness, NodeID)], _ measure: WritableKeyPath<Neighbour, Likeness?>,
    in found: inout [NodeID: Neighbour]
  ) {
    for (likeness, node) in ranked.prefix(Self.listLimit) {
      found[node, default: Neighbour(node: node)][keyPath: measure] = likeness
    }
  }

  /// Breadth first along descent, both ways: parents, siblings, children.
  private func descent(
    _ graph: borrowing GraphView, _ found: inout [NodeID: Neighbour]
  ) throws {
    guard let start = question.subject ?? question.base else { return }
    var visited: Set<NodeID> = [start]
    var frontier = [start]
    var count = 0
    // A change that nobody stored yet is one step away from its base.
    let isStored = question.subject != nil
    if !isStored, try mayAnswer(start, graph) {
      found[start, default: Neighbour(node: start)].steps = 1
      count += 1
    }
    for step in 1...Self.descentSteps where count < Self.descentLimit {
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
      for node in frontier where count < Self.descentLimit {
        guard try mayAnswer(node, graph) else { continue }
        found[node, default: Neighbour(node: node)].steps = isStored ? step : step + 1
        count += 1
      }
    }
  }
}
