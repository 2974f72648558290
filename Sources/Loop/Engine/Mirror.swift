// What the loop knows: the campaign's nodes and edges, copied from the graph when the loop starts
// and kept equal to it afterwards by applying every operation that was appended. Resume is replay:
// loading and applying give the same mirror, so nothing else may be remembered between steps.
// Every question of the policy is answered from an index, never by going through all there is.

import Base
import Graph

/// The campaign's part of the graph, in memory. Belongs to the loop's own thread.
final class Mirror {
  private struct Relation: Hashable {
    var node: NodeID
    var type: Text
  }

  private struct Origin: Hashable {
    var node: NodeID
    var type: Text
    var label: Text
  }

  private(set) var nodes: [NodeID: MirrorNode] = [:]
  /// By label, in the order of creation.
  private var byLabel: [Text: [NodeID]] = [:]
  private var outgoing: [Relation: [NodeID]] = [:]
  private var incoming: [Origin: [NodeID]] = [:]
  private var byKey: [Text: NodeID] = [:]
  /// Sums and lists that the policy asks for at every step.
  private(set) var tally = Tally()

  // MARK: Reading

  subscript(_ id: NodeID) -> MirrorNode? { nodes[id] }

  /// Every node with a label, in the order of creation. O(n): for reports and summaries.
  func all(_ label: Text) -> [MirrorNode] { nodes(byLabel[label] ?? []) }

  func first(_ label: Text) -> MirrorNode? { byLabel[label]?.first.flatMap { nodes[$0] } }

  func last(_ label: Text) -> MirrorNode? { byLabel[label]?.last.flatMap { nodes[$0] } }

  func count(_ label: Text) -> Int { byLabel[label]?.count ?? 0 }

  /// The identities of the nodes with a label, in the order of creation.
  func identities(_ label: Text) -> [NodeID] { byLabel[label] ?? [] }

  func node(key: Text) -> MirrorNode? { byKey[key].flatMap { nodes[$0] } }

  func nodes(_ ids: [NodeID]) -> [MirrorNode] { ids.compactMap { nodes[$0] } }

  /// Where edges of a type from a node lead, also to nodes that are not in the mirror.
  func ends(of node: NodeID, _ type: Text) -> [NodeID] {
    outgoing[Relation(node: node, type: type)] ?? []
  }

  func targets(of node: NodeID, _ type: Text) -> [MirrorNode] { nodes(ends(of: node, type)) }

  func target(of node: NodeID, _ type: Text) -> MirrorNode? {
    ends(of: node, type).lazy.compactMap { self.nodes[$0] }.first
  }

  /// Nodes with a label that have an edge of a type to this one, in the order of creation.
  func sources(of node: NodeID, _ type: Text, label: Text) -> [MirrorNode] {
    nodes(incoming[Origin(node: node, type: type, label: label)] ?? [])
  }

  func lastSource(of node: NodeID, _ type: Text, label: Text) -> MirrorNode? {
    incoming[Origin(node: node, type: type, label: label)]?.last.flatMap { nodes[$0] }
  }

  // MARK: Writing

  /// What of a node is asked for by nobody here; the graph has it.
  private static let forgotten: Set<Text> = [
    "specification", "command", "grants", "errorTail", "outputHash", "requestHash", "responseHash",
    "answerHash", "latencyMilliseconds", "logHash", "refusals",
  ]

  func insert(_ node: MirrorNode) {
    guard nodes[node.id] == nil else { return }
    var node = node
    for name in Self.forgotten where !(node.label == "Campaign" && name == "specification") {
      node.properties[name] = nil
    }
    // The text of a report is read by people only.
    if node.label == "Report" { node.properties["text"] = nil }
    Self.insert(node.id, into: &byLabel[node.label, default: []])
    nodes[node.id] = node
    byKey[node.key] = node.id
    tally.add(node)
  }

  /// Inserts in the order of creation; mostly that is the end.
  static func insert(_ id: NodeID, into ids: inout [NodeID]) {
    guard let last = ids.last, last >= id else { return ids.append(id) }
    let position = ids.firstIndex { $0 >= id } ?? ids.count
    if ids[position] != id { ids.insert(id, at: position) }
  }

  /// Both ends may be unknown; what starts at an unknown node is not kept.
  func connect(_ from: NodeID, _ type: Text, _ to: NodeID) {
    guard let start = nodes[from] else { return }
    outgoing[Relation(node: from, type: type), default: []].append(to)
    Self.insert(
      from, into: &incoming[Origin(node: to, type: type, label: start.label), default: []])
    guard let end = nodes[to] else { return }
    tally.connect(start, type, end)
    settle(around: start, type, end)
  }

  func set(_ property: Property, of id: NodeID) {
    guard let before = nodes[id], !Self.forgotten.contains(property.name) else { return }
    nodes[id]?.properties[property.name] = property.value.isNull ? nil : property.value
    guard let after = nodes[id] else { return }
    tally.change(before, to: after, round: ends(of: id, "IN").first)
    if after.label == "Proposal" {
      settle(id)
    } else if after.label == "Decision", let subject = target(of: id, "DECIDES") {
      settle(around: after, "DECIDES", subject)
    }
  }

  // MARK: What is done with

  private func settle(around start: MirrorNode, _ type: Text, _ end: MirrorNode) {
    switch (start.label, type, end.label) {
    case ("Proposal", "IN", "Round"): settle(start.id)
    case ("Report", "REPORTS", "Proposal"): settle(end.id)
    case ("Decision", "DECIDES", "Report"):
      for proposal in targets(of: end.id, "REPORTS") where proposal.label == "Proposal" {
        settle(proposal.id)
      }
    default: break
    }
  }

  private func settle(_ id: NodeID) {
    guard let proposal = nodes[id], let round = ends(of: id, "IN").first else { return }
    tally.mark(id, in: round, isSettled: ProposalEnd(self, proposal).isSettled)
  }

  // MARK: Applying

  /// Applies the operations of a transaction that was just appended. Only the kinds of operations
  /// that the loop makes are known, and only the kinds of nodes that loading would find.
  func apply(_ operations: [Operation], _ receipt: TransactionReceipt) {
    func id(_ reference: NodeReference) -> NodeID? {
      switch reference {
      case .id(let id): id
      case .key(let key): byKey[key]
      case .new(let index): receipt.nodes[index]
      }
    }
    var created = 0
    for operation in operations {
      switch operation {
      case .createNode(let labels, _, let properties):
        let label = labels.first ?? ""
        if Self.labels.contains(label) {
          let map = ValueMap(properties.map { ($0.name, $0.value) })
          insert(
            MirrorNode(
              id: receipt.nodes[created], key: (receipt.keys[created] ?? nil) ?? "", label: label,
              properties: map))
        }
        created += 1
      case .createEdge(let type, let from, let to, _):
        guard let start = id(from), let end = id(to) else { continue }
        connect(start, type, end)
      case .setProperty(.node(let reference), let property):
        guard let node = id(reference) else { continue }
        set(property, of: node)
      default: break
      }
    }
  }
}

/// How far a proposal is that is over.
struct ProposalEnd {
  let report: MirrorNode?
  let decision: MirrorNode?
  let isUnfinished: Bool
  /// Whether a reviewer took back what had been confirmed.
  let isWithdrawn: Bool

  init(_ mirror: Mirror, _ proposal: MirrorNode) {
    isUnfinished = LoopPolicy.isUnfinished(proposal)
    let report = mirror.lastSource(of: proposal.id, "REPORTS", label: "Report")
    let decision = report.flatMap { report in
      mirror.sources(of: report.id, "DECIDES", label: "Decision")
        .last { $0.text("gate") == "report" }
    }
    let action = decision?.string("action") ?? ""
    isWithdrawn =
      ["reject", "retract", "quarantine"].contains(action)
      && proposal.text("status") == "confirmed"
    self.report = report
    self.decision = decision
  }

  /// Nothing is left to do about it.
  var isSettled: Bool {
    guard let decision, !isUnfinished, !isWithdrawn else { return false }
    return decision.text("action") != "pending"
  }
}
