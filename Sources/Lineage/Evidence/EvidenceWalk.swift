// Walks from a record to what it rests on, one query per kind and direction and level, so that the
// number of queries depends on the depth of the argument and not on the size of the history.

import Base
public import Stemma

/// How far `why` goes.
public struct EvidenceLimits: Sendable, Hashable {
  public var depth: Int
  /// Records per step from one record.
  public var breadth: Int
  /// Records shown, the nearest first.
  public var records: Int

  public init(depth: Int = 12, breadth: Int = 1_000, records: Int = 2_000) {
    self.depth = depth
    self.breadth = breadth
    self.records = records
  }
}

extension Evidence {
  /// The evidence for the record with a key.
  ///
  /// - Throws: `key.not-found` where there is no such record; errors of queries.
  public static func of(
    _ key: String, in database: Database, options: QueryOptions = QueryOptions(),
    limits: EvidenceLimits = EvidenceLimits()
  ) throws -> Evidence {
    var walk = EvidenceWalk(database: database, options: options, limits: limits)
    return try walk.run(from: key)
  }
}

private struct EvidenceWalk {
  /// What one step from one record found.
  struct Found {
    var step: EvidenceStep
    var records: [RecordSummary]
    var total: Int
  }

  let database: Database
  var options: QueryOptions
  let limits: EvidenceLimits
  /// What was found from each record, in the order of the rules.
  var found: [String: [Found]] = [:]
  var expanded: Set<String> = []
  /// The records that the tree may show: the nearest.
  var allowed: Set<String> = []
  var isComplete = true

  init(database: Database, options: QueryOptions, limits: EvidenceLimits) {
    self.database = database
    self.options = options
    self.limits = limits
  }

  mutating func run(from key: String) throws -> Evidence {
    let (start, snapshot) = try RecordLookup.find(key, in: database, options: options)
    // All further queries read the same snapshot, whatever is written meanwhile.
    options.asOf = .transaction(snapshot)
    var frontier = [start]
    allowed = [start.key]
    var depth = 0
    while !frontier.isEmpty, depth < limits.depth {
      var next: [RecordSummary] = []
      for (kind, keys) in Self.byKind(frontier) {
        for step in EvidenceRules.steps(from: kind, isStart: depth == 0) {
          next += try take(step, from: keys, of: kind)
        }
      }
      frontier = next.filter {
        allowed.count < limits.records && allowed.insert($0.key).inserted
      }
      depth += 1
    }
    if frontier.contains(where: Self.restsOnMore) { isComplete = false }
    expanded = []
    let root = node(start, caption: "", depth: 0)
    return Evidence(
      root: root, records: expanded.count, complete: isComplete, snapshot: snapshot)
  }

  /// Whether a record is of a kind that stands on others.
  private static func restsOnMore(_ record: RecordSummary) -> Bool {
    guard let kind = RecordKind(rawValue: record.kind) else { return false }
    return !EvidenceRules.steps(from: kind, isStart: false).isEmpty
  }

  /// Keys by kind, in the order of kinds.
  private static func byKind(_ records: [RecordSummary]) -> [(RecordKind, [String])] {
    RecordKind.allCases.compactMap { kind in
      let keys = records.filter { $0.kind == kind.rawValue }.map(\.key)
      return keys.isEmpty ? nil : (kind, keys)
    }
  }

  private mutating func take(
    _ step: EvidenceStep, from keys: [String], of kind: RecordKind
  ) throws -> [RecordSummary] {
    let type = step.relation.rawValue
    let arrow = step.isOutgoing ? "-[:\(type)]->" : "<-[:\(type)]-"
    let result = try database.query(
      """
      UNWIND $keys AS key
      MATCH (n:\(kind.rawValue) {key: key})\(arrow)(m)
      WITH DISTINCT key, m ORDER BY id(m)
      RETURN key, collect(m)[..$breadth] AS records, count(m) AS total
      """,
      parameters: [
        "keys": .list(keys.map { .text($0) }), "breadth": .integer(Int64(limits.breadth)),
      ], options: options)
    if !result.complete { isComplete = false }
    var all: [RecordSummary] = []
    for row in result.rows {
      guard case .string(let key) = row[0], case .list(let nodes) = row[1],
        case .integer(let total) = row[2]
      else { continue }
      let records = nodes.compactMap { value -> RecordSummary? in
        guard case .node(let id) = value else { return nil }
        return result.entities.nodes[id].map { RecordSummary($0) }
      }
      found[key.string, default: []].append(
        Found(step: step, records: records, total: Int(total)))
      all += records
    }
    return all
  }

  /// The tree, depth first: a record is expanded where it is met first.
  private mutating func node(
    _ record: RecordSummary, caption: String, depth: Int
  ) -> EvidenceNode {
    var node = EvidenceNode(
      record: record, caption: caption, isRepeated: false, children: [], omitted: [])
    guard expanded.insert(record.key).inserted else {
      node.isRepeated = !(found[record.key] ?? []).isEmpty
      return node
    }
    guard depth < limits.depth else { return node }
    for found in found[record.key] ?? [] {
      var omitted = found.total - found.records.count
      for child in found.records where !isKnown(child, from: found.step) {
        guard allowed.contains(child.key) else {
          omitted += 1
          continue
        }
        node.children.append(self.node(child, caption: found.step.caption, depth: depth + 1))
      }
      if omitted > 0 {
        node.omitted.append(.init(caption: found.step.caption, count: omitted))
        isComplete = false
      }
    }
    return node
  }

  /// Whether a record has been shown and says nothing new here: what many records share (programs,
  /// environments, the proposal that a run executes) is shown with the first of them, and a run of
  /// the proposal asked about under the eval that judges it.
  private func isKnown(_ record: RecordSummary, from step: EvidenceStep) -> Bool {
    expanded.contains(record.key)
      && ([.uses, .executes, .reports].contains(step.relation)
        || (step.relation == .produced && !step.isOutgoing))
  }
}
