// Makes briefs: what a critic or proposer should know of a change, in one page under a budget.

import Base
import Graph
import Stemma

extension RecallIndex {
  /// The brief that is asked for.
  ///
  /// - Throws: `key.not-found`, `argument.invalid`, and what reading the store can throw.
  package func brief(_ request: BriefRequest) throws -> Brief {
    guard BriefRequest.tokenRange.contains(request.budgetTokens) else {
      throw StemmaError(
        .argumentInvalid,
        "a brief has \(BriefRequest.tokenRange.lowerBound) to "
          + "\(BriefRequest.tokenRange.upperBound) tokens, not \(request.budgetTokens)")
    }
    let cursor = try request.cursor.map { try BriefCursor($0) }
    var snapshot = cursor?.snapshot
    if snapshot == nil, let moment = request.asOf { snapshot = try transaction(at: moment) }
    if let snapshot { try check(snapshot) }
    return try read(at: snapshot) { graph, file in
      try BriefMaker(request: request, cursor: cursor, file: file, database: database).make(graph)
    }
  }

  private func transaction(at moment: SnapshotTime) throws -> TransactionNumber {
    try database.query("RETURN 1", options: QueryOptions(asOf: moment)).snapshot
  }

  private func check(_ snapshot: TransactionNumber) throws {
    let last = try database.lastTransaction()
    guard snapshot <= last else {
      throw StemmaError(
        .argumentInvalid,
        "there is no transaction \(snapshot.rawValue): the last one is \(last.rawValue)",
        advice: "name a transaction of the past")
    }
  }
}

/// One brief in the making.
struct BriefMaker {
  let request: BriefRequest
  let cursor: BriefCursor?
  let file: SideFile
  let database: Database

  func make(_ graph: borrowing GraphView) throws -> Brief {
    let question: Question
    switch request.subject {
    case .proposal(let key): question = try Question(graph.proposal(key), graph, database)
    case .change(let change): question = try Question(change, graph)
    }
    let near = try NearestProposals(question: question, file: file, database: database).find(graph)
    let duplicate = try DuplicateFinding(near, graph)
    let head = try BriefHead(request, question, duplicate, graph)
    let material = try Material(question, near, file, graph)
    // The account of a page takes room of its own; where it does not fit, less is filled in.
    let parts = try parts(material, graph)
    var room = request.budgetTokens - head.tokens
    while true {
      var page = BriefPage(
        format: request.format, estimator: request.estimator, snapshot: graph.snapshot,
        tokens: room)
      try page.fill(parts)
      page.namesEmptyParts = room > 0
      let text = head.text(with: page)
      let tokens = request.estimator.count(text)
      if tokens <= request.budgetTokens {
        return brief(text, tokens, page, duplicate, graph.snapshot)
      }
      guard room > 0 else {
        throw StemmaError(
          .argumentInvalid,
          "\(request.budgetTokens) tokens are too few: what it is about takes \(tokens)",
          advice: "give it some hundred more")
      }
      room -= max(20, tokens - request.budgetTokens)
    }
  }

  private func brief(
    _ text: String, _ tokens: Int, _ page: BriefPage, _ duplicate: DuplicateFinding?,
    _ snapshot: TransactionNumber
  ) -> Brief {
    Brief(
      text: text, snapshot: snapshot, format: request.format, tokens: tokens,
      budgetTokens: request.budgetTokens, estimator: request.estimator.name, parts: page.accounts,
      cites: page.cites, duplicate: duplicate)
  }

  // MARK: Parts

  /// What the parts are made from, found once.
  private struct Material {
    var failed: [Neighbour] = []
    var others: [Neighbour] = []
    var ancestors: [NodeID] = []
    var doubts: [CampaignFacts.Doubt] = []
    var noise: [NodeID] = []
    var budget: [BriefRecord] = []
    var literature: [NodeID] = []

    init(
      _ question: Question, _ near: [Neighbour], _ file: SideFile, _ graph: borrowing GraphView
    ) throws {
      for neighbour in near {
        if try ProposalFacts.hasFailed(neighbour.node, graph) {
          failed.append(neighbour)
        } else {
          others.append(neighbour)
        }
      }
      let start = question.subject ?? question.base
      ancestors = try CampaignFacts.ancestors(of: start, graph)
      if question.subject == nil, let base = question.base { ancestors.insert(base, at: 0) }
      doubts = try CampaignFacts.doubts(graph)
      let campaign = try start.flatMap { try CampaignFacts.campaign(of: $0, graph) }
      noise = try CampaignFacts.noise(in: campaign, graph)
      budget = try CampaignFacts.budget(of: campaign, graph)
      literature = try CampaignFacts.literature(question, file, graph)
    }
  }

  private func parts(
    _ material: Material, _ graph: borrowing GraphView
  ) throws -> [BriefPage.Part] {
    // A view cannot be kept by a closure, so the records are made in one go, as many as could fit.
    var parts: [BriefPage.Part] = []
    for name in BriefPartName.allCases {
      if let cursor, cursor.part != name.rawValue { continue }
      let first = cursor?.offset ?? 0
      let count = count(of: name, material)
      var records: [Int: BriefRecord] = [:]
      var cost = 0
      for place in first..<max(first, count) where cost <= request.budgetTokens {
        guard let record = try record(name, place, material, graph) else { continue }
        cost += request.estimator.count(request.format == .json ? record.json : record.markdown)
        records[place] = record
      }
      parts.append(
        BriefPage.Part(name: name, available: count, record: { records[$0] }, first: first))
    }
    return parts
  }

  private func count(of part: BriefPartName, _ material: Material) -> Int {
    switch part {
    case .failed: material.failed.count
    case .others: material.others.count
    case .descent: material.ancestors.count
    case .doubts: material.doubts.count
    case .noise: material.noise.count
    case .budget: material.budget.count
    case .literature: material.literature.count
    }
  }

  private func record(
    _ part: BriefPartName, _ place: Int, _ material: Material, _ graph: borrowing GraphView
  ) throws -> BriefRecord? {
    switch part {
    case .failed: try ProposalFacts.record(material.failed[place], graph)
    case .others: try ProposalFacts.record(material.others[place], graph)
    case .descent: try ProposalFacts.ancestor(material.ancestors[place], graph)
    case .doubts: try CampaignFacts.record(material.doubts[place], graph)
    case .noise: try CampaignFacts.noiseRecord(material.noise[place], graph)
    case .budget: material.budget[place]
    case .literature: try CampaignFacts.sourceRecord(material.literature[place], graph)
    }
  }
}
