// What is said of one proposal: how near it is, what came of it, what critics and deciders said.
// Every number and text comes from the graph at the snapshot of the brief.

import Base
import Graph
import Stemma

/// Writes the records of proposals.
struct ProposalFacts {
  /// Critiques and decisions that are shown of one proposal.
  static let voiceLimit = 2
  /// Runs whose values are averaged where there is no comparison.
  private static let runLimit = 32
  private static let differenceLimit = 6

  static let failing: Set<String> = [
    "rejected", "screened", "refuted", "indistinguishable", "invalid", "failed", "terminated",
  ]

  static func hasFailed(_ node: NodeID, _ graph: borrowing GraphView) throws -> Bool {
    failing.contains(try graph.text("status", of: node) ?? "")
  }

  /// The record of a neighbour.
  static func record(
    _ neighbour: Neighbour, _ graph: borrowing GraphView
  ) throws -> BriefRecord {
    var record = try headline(neighbour.node, graph)
    addLikeness(neighbour, to: &record)
    try addOutcome(neighbour.node, graph, to: &record)
    try addVoices(neighbour.node, graph, to: &record)
    return record
  }

  /// The record of an ancestor: only what came of it.
  static func ancestor(_ node: NodeID, _ graph: borrowing GraphView) throws -> BriefRecord {
    var record = try headline(node, graph)
    let changed = try graph.value("changed", of: node)
    if case .list(let names) = changed, !names.isEmpty {
      record.add("changed", changed)
      record.line += ", changed " + BriefRecord.json(changed)
    }
    try addOutcome(node, graph, to: &record)
    return record
  }

  private static func headline(
    _ node: NodeID, _ graph: borrowing GraphView
  ) throws -> BriefRecord {
    var record = BriefRecord(try graph.key(of: node) ?? Text("#\(node.rawValue)"))
    let title = BriefRecord.cut(try graph.text("title", of: node) ?? "")
    let status = try graph.text("status", of: node) ?? "unknown"
    record.add("title", .text(title))
    record.add("status", .text(status))
    record.line = "title \(BriefRecord.quoted(title)) [\(status)]"
    return record
  }

  // MARK: Likeness

  private static func addLikeness(_ neighbour: Neighbour, to record: inout BriefRecord) {
    var reasons: [String] = []
    var members: [(Text, Value)] = []
    func add(_ name: Text, _ words: String, _ value: Double) {
      let rounded = (value * 1_000).rounded() / 1_000
      reasons.append("\(words) \(BriefRecord.number(rounded))")
      members.append((name, .float(rounded)))
    }
    if neighbour.isExact {
      reasons.append("the same change")
      members.append(("exact", .boolean(true)))
    } else if neighbour.isNear {
      reasons.append("a near duplicate")
      members.append(("near", .boolean(true)))
    }
    if let distance = neighbour.distance, distance.mean < 1 {
      add("parameterDistance", "parameter distance", distance.mean)
    }
    if let words = neighbour.words { add("words", "words", words) }
    if let lines = neighbour.lines { add("lines", "changed lines", lines) }
    if let steps = neighbour.steps {
      reasons.append("descent \(steps)")
      members.append(("steps", .integer(Int64(steps))))
    }
    record.add("likeness", .map(ValueMap(members)))
    record.line += "; " + reasons.joined(separator: ", ")
    guard let distance = neighbour.distance, !distance.differences.isEmpty else { return }
    let texts = distance.differences.prefix(differenceLimit).map(described)
    let more = distance.differences.count - texts.count
    record.add("differs", .list(texts.map { .text($0) }))
    if more > 0 { record.add("differsMore", .integer(Int64(more))) }
    record.details.append(
      "differs: " + texts.joined(separator: "; ") + (more > 0 ? "; and \(more) more" : ""))
  }

  /// `order 4, here 5`: theirs first, then that of the subject.
  static func described(_ difference: ParameterSet.Difference) -> String {
    let theirs = difference.theirs?.described ?? "none"
    let mine = difference.mine?.described ?? "none"
    return BriefRecord.cut("\(difference.name.string) \(theirs), here \(mine)", to: 120)
  }

  // MARK: Outcome

  private static func addOutcome(
    _ node: NodeID, _ graph: borrowing GraphView, to record: inout BriefRecord
  ) throws {
    let comparisons = try graph.neighbours(of: node, .incoming, "COMPARES").suffix(runLimit)
    let confirmed = try comparisons.last { try graph.text("stage", of: $0) == "confirm" }
    if let comparison = confirmed ?? comparisons.last {
      try addComparison(comparison, graph, to: &record)
    } else {
      try addMean(node, graph, to: &record)
    }
    if let failure = try failure(node, graph) {
      record.add("runSays", .text(BriefRecord.cut(failure)))
      record.details.append("run says \(BriefRecord.quoted(failure))")
    }
  }

  private static func addComparison(
    _ node: NodeID, _ graph: borrowing GraphView, to record: inout BriefRecord
  ) throws {
    guard let key = try graph.key(of: node) else { return }
    record.cites.append(key)
    var members: [(Text, Value)] = [("key", .string(key))]
    for name in [
      "stage", "metric", "verdict", "passed", "effect", "lower", "upper", "confidence", "sigma",
    ] as [Text] {
      let value = try graph.value(name, of: node)
      if value != .null { members.append((name, value)) }
    }
    record.add("outcome", .map(ValueMap(members)))
    let stage = try graph.text("stage", of: node) ?? "comparison"
    var line = "\(key) \(stage)"
    if let verdict = try graph.text("verdict", of: node) { line += ": \(verdict)" }
    if let effect = try graph.number("effect", of: node) {
      line += ", effect \(BriefRecord.number(effect))"
      if let lower = try graph.number("lower", of: node),
        let upper = try graph.number("upper", of: node)
      {
        line += " [\(BriefRecord.number(lower)), \(BriefRecord.number(upper))]"
      }
      if let sigma = try graph.number("sigma", of: node), sigma > 0 {
        line += ", \(BriefRecord.number((effect / sigma * 100).rounded() / 100)) sigma"
      }
    }
    record.details.append(line)
  }

  /// The mean of the values that its runs were given, where nothing was compared.
  private static func addMean(
    _ node: NodeID, _ graph: borrowing GraphView, to record: inout BriefRecord
  ) throws {
    var sums: [String: (total: Double, count: Int)] = [:]
    for run in try graph.neighbours(of: node, .incoming, "EXECUTES").suffix(runLimit) {
      for eval in try graph.neighbours(of: run, .incoming, "EVALUATES") {
        let split = try graph.text("split", of: eval)
        guard split == nil || split == "validation", let value = try graph.number("value", of: eval)
        else { continue }
        let metric = try graph.text("metric", of: eval) ?? "value"
        sums[metric, default: (0, 0)].total += value
        sums[metric]?.count += 1
      }
    }
    guard !sums.isEmpty else { return }
    let metrics = sums.sorted { $0.key < $1.key }
    record.add(
      "means",
      .map(
        ValueMap(
          metrics.map { entry in
            (
              Text(entry.key),
              .map(
                ValueMap([
                  ("mean", .float(entry.value.total / Double(entry.value.count))),
                  ("evals", .integer(Int64(entry.value.count))),
                ]))
            )
          })))
    record.details.append(
      metrics.map { entry in
        let mean = BriefRecord.number(entry.value.total / Double(entry.value.count))
        return "\(BriefRecord.cut(entry.key, to: 60)) \(mean) (mean of \(entry.value.count))"
      }.joined(separator: ", "))
  }

  private static func failure(_ node: NodeID, _ graph: borrowing GraphView) throws -> String? {
    for run in try graph.neighbours(of: node, .incoming, "EXECUTES").suffix(runLimit).reversed() {
      let status = try graph.text("status", of: run)
      guard status == "failed" || status == "killed" else { continue }
      if let failure = try graph.text("failure", of: run) { return failure }
      if let limit = try graph.text("killedBy", of: run) { return "killed: \(limit)" }
    }
    return nil
  }

  // MARK: Critiques and decisions

  private static func addVoices(
    _ node: NodeID, _ graph: borrowing GraphView, to record: inout BriefRecord
  ) throws {
    let critiques = try graph.neighbours(of: node, .incoming, "CRITIQUES").suffix(runLimit)
    let sorted = try critiques.map { critique in
      (critique, try graph.text("verdict", of: critique) ?? "")
    }.sorted { left, right in
      // Rejections first, then the newest.
      (left.1 == "reject" ? 0 : 1, right.0) < (right.1 == "reject" ? 0 : 1, left.0)
    }
    var shown: [Value] = []
    for (critique, verdict) in sorted.prefix(voiceLimit) {
      guard let key = try graph.key(of: critique) else { continue }
      let summary = try graph.text("summary", of: critique) ?? ""
      // Who is nobody of the campaign decided nothing.
      let origin = try graph.text("origin", of: critique)
      let speaker = origin == "judge" ? "judge" : origin == nil ? "critic" : "outsider"
      record.cites.append(key)
      shown.append(
        .map(
          ValueMap([
            ("key", .string(key)), ("verdict", .text(verdict)),
            (Text("\(speaker)Says"), .text(BriefRecord.cut(summary))),
          ])))
      record.details.append("\(key) \(verdict), \(speaker) says \(BriefRecord.quoted(summary))")
    }
    if !shown.isEmpty { record.add("critiques", .list(shown)) }
    try addDecisions([node] + critiques, graph, to: &record)
  }

  private static func addDecisions(
    _ subjects: [NodeID], _ graph: borrowing GraphView, to record: inout BriefRecord
  ) throws {
    var decisions: [NodeID] = []
    for subject in subjects {
      for decision in try graph.neighbours(of: subject, .incoming, "DECIDES").suffix(runLimit) {
        // A policy that lets things pass says nothing.
        let isRoutine =
          try graph.text("madeBy", of: decision) == "policy"
          && ["approve", "pending"].contains(try graph.text("action", of: decision))
        if !isRoutine { decisions.append(decision) }
      }
    }
    var shown: [Value] = []
    for decision in decisions.sorted(by: >).prefix(voiceLimit) {
      guard let key = try graph.key(of: decision) else { continue }
      let action = try graph.text("action", of: decision) ?? ""
      let maker = try graph.text("madeBy", of: decision) ?? ""
      let reason = try graph.text("reason", of: decision) ?? ""
      record.cites.append(key)
      shown.append(
        .map(
          ValueMap([
            ("key", .string(key)), ("action", .text(action)), ("madeBy", .text(maker)),
            ("reason", .text(BriefRecord.cut(reason))),
          ])))
      record.details.append("\(key) \(action) by \(maker), reason \(BriefRecord.quoted(reason))")
    }
    if !shown.isEmpty { record.add("decisions", .list(shown)) }
  }
}
