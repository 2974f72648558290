// What the loop knows: the campaign's nodes and edges, copied from the graph when the loop starts
// and kept equal to it afterwards by applying every operation that was appended. Resume is replay:
// loading and applying give the same mirror, so nothing else may be remembered between steps.
// Every question of the policy is answered from an index, never by going through all there is.

import Base
import Graph

/// The campaign's part of the graph, in memory. Belongs to the loop's own thread.
final class Mirror {
  private struct Entry {
    var node: MirrorNode
    var outgoing = NodeTies()
    /// By the label of the start too, in the order of creation.
    var incoming: NodeTies
  }

  private var entries: [Entry] = []
  private var places = NodePlaces()
  /// What leads to nodes that are not here.
  private var strangers: [NodeID: NodeTies] = [:]
  /// Labels and types of edges, as numbers.
  private var names = SymbolTable()
  /// By label, in the order of creation.
  private var byLabel: [Symbol: NodeList] = [:]
  private var byKey: [Text: NodeID] = [:]
  /// Sums and lists that the policy asks for at every step.
  private(set) var tally = Tally()

  // MARK: Reading

  subscript(_ id: NodeID) -> MirrorNode? { places[id].map { entries[$0].node } }

  /// Every node with a label, in the order of creation. O(n): for reports and summaries.
  func all(_ label: Text) -> [MirrorNode] { nodes(identities(label)) }

  func first(_ label: Text) -> MirrorNode? { identities(label).first.flatMap { self[$0] } }

  func last(_ label: Text) -> MirrorNode? { identities(label).last.flatMap { self[$0] } }

  func count(_ label: Text) -> Int { identities(label).count }

  /// The identities of the nodes with a label, in the order of creation.
  func identities(_ label: Text) -> NodeList { names[label].flatMap { byLabel[$0] } ?? .none }

  func node(key: Text) -> MirrorNode? { byKey[key].flatMap { self[$0] } }

  func nodes(_ ids: some Sequence<NodeID>) -> [MirrorNode] { ids.compactMap { self[$0] } }

  /// Where edges of a type from a node lead, also to nodes that are not in the mirror.
  func ends(of node: NodeID, _ type: Text) -> NodeList {
    guard let type = names[type], let place = places[node] else { return .none }
    return entries[place].outgoing[NodeTies.Name(type)]
  }

  func targets(of node: NodeID, _ type: Text) -> [MirrorNode] { nodes(ends(of: node, type)) }

  func target(of node: NodeID, _ type: Text) -> MirrorNode? {
    for end in ends(of: node, type) {
      if let found = self[end] { return found }
    }
    return nil
  }

  /// Nodes with a label that have an edge of a type to this one, in the order of creation.
  func sources(of node: NodeID, _ type: Text, label: Text) -> [MirrorNode] {
    nodes(starts(of: node, type, label))
  }

  /// The last of them of which something is true.
  func lastSource(
    of node: NodeID, _ type: Text, label: Text, where isWanted: (MirrorNode) -> Bool = { _ in true }
  ) -> MirrorNode? {
    for start in starts(of: node, type, label).reversed() {
      if let found = self[start], isWanted(found) { return found }
    }
    return nil
  }

  private func starts(of node: NodeID, _ type: Text, _ label: Text) -> NodeList {
    guard let type = names[type], let label = names[label] else { return .none }
    let name = NodeTies.Name(type, label)
    guard let place = places[node] else { return strangers[node]?[name] ?? .none }
    return entries[place].incoming[name]
  }

  // MARK: Writing

  /// What of a node is asked for by nobody here; the graph has it.
  private static let forgotten = SymbolTable([
    "specification", "command", "grants", "errorTail", "outputHash", "requestHash", "responseHash",
    "answerHash", "latencyMilliseconds", "logHash", "refusals", "statement", "signature",
    "standing", "commitment", "budgetWallSeconds", "budgetCpuSeconds", "budgetMemoryBytes",
    "budgetProcesses", "budgetDiskBytes", "budgetLogBytes", "peakMemoryBytes", "mediaType",
    "assignments", "predictedMetric", "predictedDirection",
  ])

  private static func forgets(_ name: Text, of label: Text) -> Bool {
    switch label {
    case "Campaign": name != "specification" && forgotten[name] != nil
    // The text of a report is read by people only.
    case "Report": name == "text" || forgotten[name] != nil
    default: forgotten[name] != nil
    }
  }

  /// Adds a node that is not here yet.
  func insert(_ id: NodeID, _ label: Text, key: Text, _ properties: [ValueMap.Entry]) {
    guard places[id] == nil else { return }
    let kept = properties.filter { !Self.forgets($0.key, of: label) }
    let node = MirrorNode(id: id, key: key, label: label, properties: ValueMap(distinct: kept))
    byLabel[symbol(label), default: .none].insert(id)
    places[id] = entries.count
    entries.append(
      Entry(node: node, incoming: strangers.removeValue(forKey: id) ?? NodeTies()))
    byKey[key] = id
    tally.add(node)
  }

  func insert(_ node: MirrorNode) {
    insert(node.id, node.label, key: node.key, node.properties.entries)
  }

  private func symbol(_ name: Text) -> Symbol {
    if let known = names[name] { return known }
    names.add(name)
    return Symbol(UInt32(names.names.count - 1))
  }

  /// Inserts in the order of creation; mostly that is the end.
  static func insert(_ id: NodeID, into ids: inout [NodeID]) {
    guard let last = ids.last, last >= id else { return ids.append(id) }
    let position = ids.firstIndex { $0 >= id } ?? ids.count
    if ids[position] != id { ids.insert(id, at: position) }
  }

  /// Both ends may be unknown; what starts at an unknown node is not kept.
  func connect(_ from: NodeID, _ type: Text, _ to: NodeID) {
    guard let place = places[from] else { return }
    let start = entries[place].node
    let type = (text: type, symbol: symbol(type))
    let name = NodeTies.Name(type.symbol, symbol(start.label))
    entries[place].outgoing.append(to, NodeTies.Name(type.symbol))
    guard let other = places[to] else {
      strangers[to, default: NodeTies()].insert(from, name)
      return
    }
    entries[other].incoming.insert(from, name)
    let end = entries[other].node
    tally.connect(start, type.text, end)
    settle(around: start, type.text, end)
  }

  func set(_ property: Property, of id: NodeID) {
    guard let place = places[id],
      !Self.forgets(property.name, of: entries[place].node.label)
    else { return }
    // The node is held by nobody while it changes, so that it is not copied.
    let before = Tally.Standing(entries[place].node)
    entries[place].node.properties[property.name] =
      property.value.isNull ? nil : property.value
    let after = entries[place].node
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
    guard let proposal = self[id], let round = ends(of: id, "IN").first else { return }
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
          insert(
            receipt.nodes[created], label, key: receipt.keys[created] ?? "",
            properties.map { ValueMap.Entry(key: $0.name, value: $0.value) })
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
