// The sums and lists that the policy asks for at every step: what was spent, who was asked, what is
// open. Kept up with every operation, and a pure function of the campaign's graph: loading gives
// the same tally as applying, to the last digit, because amounts are whole numbers of millionths.

import Base
import Models

/// Running answers to the policy's questions.
struct Tally: Hashable {
  /// Millionths of a unit by resource.
  typealias Amounts = [Text: Int64]

  private struct RunsKey: Hashable {
    var proposal: NodeID
    var kind: Text
    var purpose: Text
  }

  private(set) var spent: Amounts = [:]
  private(set) var spentByRound: [NodeID: Amounts] = [:]
  private(set) var spentByDay: [Int64: Amounts] = [:]
  /// How often each role was asked.
  private(set) var calls: [Text: Int] = [:]
  private(set) var proposerCalls: [NodeID: Int] = [:]
  /// By the key of the proposal.
  private(set) var criticCalls: [Text: Int] = [:]
  /// What runs asked of models, by their keys.
  private(set) var relayed: [Text: RelayUse] = [:]
  private(set) var runningRounds: [NodeID] = []
  private(set) var openControls: [NodeID] = []
  /// Proposals that were handed in and not taken yet, in order.
  private(set) var openSubmissions: [NodeID] = []
  /// Comparisons of confirmations, in order.
  private(set) var confirmations: [NodeID] = []
  /// Those of them that found something better.
  private(set) var improvements: [NodeID] = []
  /// Proposals by the hash of their change.
  private(set) var byChange: [Text: [NodeID]] = [:]
  private(set) var runsByPurpose: [Text: [NodeID]] = [:]
  private var runs: [RunsKey: [NodeID]] = [:]
  private var unsettled: [NodeID: [NodeID]] = [:]
  /// Proposals by status.
  private(set) var statuses: [Text: Int] = [:]

  // MARK: Asking

  /// What was spent, and what is reserved and not yet settled.
  func spent(_ resource: Text, in round: NodeID?, on day: Int64?) -> Double {
    let amounts =
      round.map { spentByRound[$0] ?? [:] } ?? day.map { spentByDay[$0] ?? [:] } ?? spent
    return Double(amounts[resource] ?? 0) / 1_000_000
  }

  /// Runs of a proposal for a purpose, in the order of creation.
  func runs(of proposal: NodeID, kind: Text, purpose: Text) -> [NodeID] {
    runs[RunsKey(proposal: proposal, kind: kind, purpose: purpose)] ?? []
  }

  /// The proposals of a round with which something is left to do.
  func unsettled(in round: NodeID) -> [NodeID] { unsettled[round] ?? [] }

  // MARK: Following

  mutating func add(_ node: MirrorNode) {
    switch node.label {
    case "Charge": charge(Self.amount(node), node, round: nil)
    case "Call":
      let role = node.text("role") ?? ""
      calls[role, default: 0] += 1
      guard let about = node.text("about") else { return }
      if role == "critic" { criticCalls[about, default: 0] += 1 }
      if role == "run" { relayed[about] = (relayed[about] ?? RelayUse()) + Self.use(of: node) }
    case "Round": Self.mark(node.id, in: &runningRounds, node.text("status") == "running")
    case "Control": markControl(node)
    case "Comparison" where node.text("stage") == "confirm":
      Mirror.insert(node.id, into: &confirmations)
      Self.mark(node.id, in: &improvements, node.text("verdict") == "better")
    case "Proposal":
      statuses[node.text("status") ?? "", default: 0] += 1
      if let hash = node.text("changeHash") {
        Mirror.insert(node.id, into: &byChange[hash, default: []])
      }
    case "Run":
      if let purpose = node.text("purpose") {
        Mirror.insert(node.id, into: &runsByPurpose[purpose, default: []])
      }
    default: break
    }
  }

  mutating func connect(_ start: MirrorNode, _ type: Text, _ end: MirrorNode) {
    switch (start.label, type, end.label) {
    case ("Charge", "IN", "Round"):
      let resource = start.text("resource") ?? ""
      Self.add(Self.amount(start), resource, to: &spentByRound[end.id, default: [:]])
    case ("Call", "IN", "Round") where start.text("role") == "proposer":
      proposerCalls[end.id, default: 0] += 1
    case ("Run", "EXECUTES", "Proposal"):
      let key = RunsKey(
        proposal: end.id, kind: start.text("kind") ?? "", purpose: start.text("purpose") ?? "")
      Mirror.insert(start.id, into: &runs[key, default: []])
    default: break
    }
  }

  /// What was counted of a node before it changed.
  struct Standing {
    fileprivate let amount: Int64
    fileprivate let status: Text

    init(_ node: MirrorNode) {
      amount = node.label == "Charge" ? Tally.amount(node) : 0
      status = node.label == "Proposal" ? node.text("status") ?? "" : ""
    }
  }

  /// Follows a change of one property. `round` is where the node is.
  mutating func change(_ before: Standing, to new: MirrorNode, round: NodeID?) {
    switch new.label {
    case "Charge": charge(Self.amount(new) - before.amount, new, round: round)
    case "Round": Self.mark(new.id, in: &runningRounds, new.text("status") == "running")
    case "Control": markControl(new)
    case "Proposal":
      let after = new.text("status") ?? ""
      guard before.status != after else { return }
      statuses[before.status, default: 0] -= 1
      if statuses[before.status] == 0 { statuses[before.status] = nil }
      statuses[after, default: 0] += 1
    default: break
    }
  }

  private mutating func markControl(_ node: MirrorNode) {
    let isOpen = node["handledAt"] == nil
    if node.text("action") == "propose" {
      Self.mark(node.id, in: &openSubmissions, isOpen)
    } else {
      Self.mark(node.id, in: &openControls, isOpen)
    }
  }

  mutating func mark(_ proposal: NodeID, in round: NodeID, isSettled: Bool) {
    Self.mark(proposal, in: &unsettled[round, default: []], !isSettled)
    if unsettled[round]?.isEmpty == true { unsettled[round] = nil }
  }

  private static func mark(_ id: NodeID, in ids: inout [NodeID], _ belongs: Bool) {
    if belongs {
      Mirror.insert(id, into: &ids)
    } else if let index = ids.firstIndex(of: id) {
      ids.remove(at: index)
    }
  }

  // MARK: Charges

  private mutating func charge(_ amount: Int64, _ node: MirrorNode, round: NodeID?) {
    let resource = node.text("resource") ?? ""
    Self.add(amount, resource, to: &spent)
    if let round { Self.add(amount, resource, to: &spentByRound[round, default: [:]]) }
    if let day = node.day("at") {
      Self.add(amount, resource, to: &spentByDay[day, default: [:]])
    }
  }

  /// Nothing is kept for nothing, so that equal sums have equal representations.
  private static func add(_ amount: Int64, _ resource: Text, to amounts: inout Amounts) {
    let sum = (amounts[resource] ?? 0) + amount
    amounts[resource] = sum == 0 ? nil : sum
  }

  private static func use(of call: MirrorNode) -> RelayUse {
    let isSent = call.text("status") != "invalid"
    return RelayUse(
      calls: isSent ? 1 : 0, tokens: call.integer("chargedTokens") ?? 0,
      money: call.number("money") ?? 0)
  }

  /// What is spent, or else reserved; whatever a record says, the sums stay far from overflow.
  fileprivate static func amount(_ charge: MirrorNode) -> Int64 {
    let amount = charge.number("spent") ?? charge.number("reserved") ?? 0
    guard amount.isFinite else { return 0 }
    return Int64(max(-1e15, min(1e15, (amount * 1_000_000).rounded())))
  }
}
