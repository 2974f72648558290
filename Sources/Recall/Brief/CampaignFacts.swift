// What is said of the campaign around a proposal: descent, doubts, noise, budget, literature.

import Base
import Graph
import Stemma

/// Finds and writes the records that are no neighbours.
enum CampaignFacts {
  /// Steps that are walked back; a longer line is told as such.
  static let descentLimit = 10_000
  /// Edges of doubt that are looked at, newest first.
  static let doubtLimit = 256
  /// Charges that are added up for one brief; beyond, the named query `budget` has the sum.
  static let chargeLimit = 20_000
  static let sourceLimit = 50

  /// The proposals on the way back to the baseline, nearest first.
  static func ancestors(
    of node: NodeID?, _ graph: borrowing GraphView
  ) throws -> [NodeID] {
    var line: [NodeID] = []
    var visited: Set<NodeID> = []
    var next = node
    // A line may be long, so what names mean is asked once.
    var types: [Symbol] = []
    for name in ["BASED_ON", "DERIVED_FROM"] as [Text] {
      if let symbol = try graph.symbol(for: name) { types.append(symbol) }
    }
    var edges: [AdjacentEdge] = []
    while let current = next, line.count < descentLimit {
      edges.removeAll(keepingCapacity: true)
      for type in types where edges.isEmpty {
        try graph.expand(current, .outgoing, types: [type], into: &edges)
      }
      guard let parent = edges.first?.neighbour, visited.insert(parent).inserted else { break }
      line.append(parent)
      next = parent
    }
    return line
  }

  /// The campaign that a proposal is in, over its round or sweep.
  static func campaign(of node: NodeID, _ graph: borrowing GraphView) throws -> NodeID? {
    var current = node
    for _ in 0..<4 {
      guard let parent = try graph.neighbours(of: current, .outgoing, "IN").first else {
        return nil
      }
      if try graph.hasLabel("Campaign", parent) { return parent }
      current = parent
    }
    return nil
  }

  // MARK: Doubts

  struct Doubt {
    var edge: EdgeEnds
    var word: String
  }

  /// Withdrawals and refutations, newest first.
  static func doubts(_ graph: borrowing GraphView) throws -> [Doubt] {
    var found: [Doubt] = []
    for (type, word) in [("RETRACTS", "withdrawn"), ("REFUTES", "contradicted")] as [(Text, String)]
    {
      guard let symbol = try graph.symbol(for: type) else { continue }
      var position = ScanPosition()
      var edges: [EdgeEnds] = []
      while !position.isExhausted {
        let before = edges.count
        try graph.scanEdges(type: symbol, after: &position, into: &edges, limit: 1_024)
        if edges.count == before { break }
      }
      found += edges.suffix(doubtLimit).map { Doubt(edge: $0, word: word) }
    }
    return found.sorted { $0.edge.edge > $1.edge.edge }
  }

  static func record(_ doubt: Doubt, _ graph: borrowing GraphView) throws -> BriefRecord? {
    guard let key = try graph.key(of: doubt.edge.to), let by = try graph.key(of: doubt.edge.from)
    else { return nil }
    var record = BriefRecord(key)
    record.cites.append(by)
    record.add("standing", .text(doubt.word))
    record.add("by", .string(by))
    record.line = "\(doubt.word) by \(by)"
    if let statement = try graph.text("statement", of: doubt.edge.to) {
      record.add("statement", .text(BriefRecord.cut(statement)))
      record.line += ", statement \(BriefRecord.quoted(statement))"
    }
    if let reason = try graph.text("reason", of: doubt.edge.from) {
      record.add("reason", .text(BriefRecord.cut(reason)))
      record.line += ", reason \(BriefRecord.quoted(reason))"
    }
    return record
  }

  // MARK: Noise and budget

  /// Measurements of noise in the campaign, newest first.
  static func noise(
    in campaign: NodeID?, _ graph: borrowing GraphView
  ) throws -> [NodeID] {
    guard let symbol = try graph.symbol(for: "Noise"), let campaign else { return [] }
    var nodes: [NodeID] = []
    var position = ScanPosition()
    while !position.isExhausted {
      let before = nodes.count
      try graph.scanNodes(label: symbol, after: &position, into: &nodes, limit: 1_024)
      if nodes.count == before { break }
    }
    return try nodes.reversed().filter { try self.campaign(of: $0, graph) == campaign }
  }

  static func noiseRecord(_ node: NodeID, _ graph: borrowing GraphView) throws -> BriefRecord? {
    guard let key = try graph.key(of: node) else { return nil }
    var record = BriefRecord(key)
    var words: [String] = []
    for name in ["metric", "sigma", "mean", "runs", "screenThreshold"] as [Text] {
      let value = try graph.value(name, of: node)
      record.add(name, value)
      switch value {
      case .float(let number): words.append("\(name) \(BriefRecord.number(number))")
      case .integer(let number): words.append("\(name) \(number)")
      case .string(let text): words.append(BriefRecord.cut(text.string, to: 60))
      default: break
      }
    }
    record.line = words.joined(separator: ", ")
    return record
  }

  /// One record per resource that the campaign has a budget of.
  static func budget(
    of campaign: NodeID?, _ graph: borrowing GraphView
  ) throws -> [BriefRecord] {
    guard let campaign, let key = try graph.key(of: campaign) else { return [] }
    let limits: [(resource: String, property: Text)] = [
      ("runs", "budgetRuns"), ("wallSeconds", "budgetWallSeconds"),
      ("cpuSeconds", "budgetCpuSeconds"), ("tokens", "budgetTokens"), ("money", "budgetMoney"),
    ]
    let used = try spent(in: campaign, graph)
    var records: [BriefRecord] = []
    for (resource, property) in limits {
      guard let limit = try graph.number(property, of: campaign) else { continue }
      var record = BriefRecord(key)
      record.add("resource", .text(resource))
      record.add("budget", .float(limit))
      record.line = "\(resource): "
      if let used {
        let left = limit - (used[resource] ?? 0)
        record.add("left", .float(left))
        record.line += "\(BriefRecord.number(left)) of \(BriefRecord.number(limit)) left"
      } else {
        record.add("left", .text("not added up"))
        record.line +=
          "\(BriefRecord.number(limit)) in all; over \(chargeLimit) charges: ask @budget"
      }
      records.append(record)
    }
    return records
  }

  /// Spent and still reserved per resource; `nil` where there are too many charges to add up here.
  private static func spent(
    in campaign: NodeID, _ graph: borrowing GraphView
  ) throws -> [String: Double]? {
    guard let charge = try graph.symbol(for: "Charge"), let type = try graph.symbol(for: "IN")
    else { return [:] }
    guard try graph.nodeCount(label: charge) <= chargeLimit * 8 else { return nil }
    var sums: [String: Double] = [:]
    var count = 0
    var places = [campaign]
    while let place = places.popLast() {
      var edges: [AdjacentEdge] = []
      try graph.expand(place, .incoming, types: [type], into: &edges)
      for edge in edges {
        if try graph.hasLabel(charge, edge.neighbour) {
          count += 1
          guard count <= chargeLimit else { return nil }
          let resource = try graph.text("resource", of: edge.neighbour) ?? ""
          let amount = try graph.number("spent", of: edge.neighbour)
          sums[resource, default: 0] +=
            try amount ?? graph.number("reserved", of: edge.neighbour) ?? 0
        } else if place == campaign, try graph.hasLabel("Round", edge.neighbour) {
          places.append(edge.neighbour)
        }
      }
    }
    return sums
  }

  // MARK: Literature

  /// Sources that the proposal names, then those that share its words.
  static func literature(
    _ question: Question, _ file: SideFile, _ graph: borrowing GraphView
  ) throws -> [NodeID] {
    var found: [NodeID] = []
    if let subject = question.subject {
      for type in ["USES", "CITES"] as [Text] {
        for node in try graph.neighbours(of: subject, .outgoing, type)
        where try graph.hasLabel("Source", node) { found.append(node) }
      }
    }
    let weighted = try TermIndex.literature.weighted(
      question.terms, below: graph.nodeLimit, file)
    let like = try TermIndex.literature.candidates(
      weighted, below: graph.nodeLimit, count: sourceLimit, file)
    for (node, _) in like where try graph.exists(node) && !found.contains(node) {
      found.append(node)
    }
    return found
  }

  static func sourceRecord(_ node: NodeID, _ graph: borrowing GraphView) throws -> BriefRecord? {
    guard let key = try graph.key(of: node) else { return nil }
    var record = BriefRecord(key)
    let title = try graph.text("title", of: node) ?? ""
    record.add("title", .text(BriefRecord.cut(title)))
    record.line = BriefRecord.quoted(title)
    if let year = try graph.number("year", of: node) {
      record.add("year", .integer(Int64(year)))
      record.line += " (\(Int64(year)))"
    }
    if let note = try graph.text("note", of: node), !note.isEmpty {
      let isNote = try graph.neighbours(of: node, .outgoing, "BY").contains {
        try graph.text("name", of: $0)?.hasPrefix("outside:") ?? false
      }
      record.add(isNote ? "outsiderSays" : "sourceSays", .text(BriefRecord.cut(note, to: 480)))
      record.details.append(
        "\(isNote ? "outsider" : "source") says \(BriefRecord.quoted(note, to: 480))")
    }
    return record
  }
}
