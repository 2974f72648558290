// Gives prompts their versions: a node by content, what it supersedes, and the proposal of kind
// `prompt` that brings it into the lineage, with the difference from the version that it changes.

import Base
import Graph
import Stemma

/// The versions of a campaign's prompts, those of an open transaction included.
struct PromptVersions {
  private struct Version {
    var number: Int
    var text: String
    var prompt: NodeReference
    var proposal: NodeReference?
  }

  private let state: CampaignState
  /// The newest of each name.
  private var newest: [String: Version] = [:]

  /// Must not be made inside a group: it asks the database.
  init(state: CampaignState, database: Database) throws {
    self.state = state
    let found = try database.query(
      "MATCH (:Campaign {name: $name})-[:USES]->(n:Prompt)<-[:PRODUCED]-(p:Proposal) RETURN n, p",
      parameters: ["name": .text(state.campaign.name)])
    var proposals: [NodeID: NodeID] = [:]
    for row in found.rows {
      if case .node(let prompt) = row[0], case .node(let proposal) = row[1] {
        proposals[prompt] = proposal
      }
    }
    for node in state.mirror.all("Prompt") {
      let name = node.string("name")
      newest[name] = Version(
        number: (newest[name]?.number ?? 0) + 1, text: node.string("text"), prompt: .id(node.id),
        proposal: proposals[node.id].map { .id($0) })
    }
  }

  /// Records a prompt whose text is new. What is built in has no proposal: nobody here proposed it.
  mutating func add(
    _ prompt: PromptFile, _ objects: some ObjectStore, at now: Value,
    in transaction: inout StepTransaction,
    place: (NodeReference, inout StepTransaction) throws -> Void
  ) throws {
    guard let campaign = state.node else { return }
    let earlier = newest[prompt.name]
    let number = (earlier?.number ?? 0) + 1
    let node = transaction.create(
      "Prompt",
      [
        ("name", .text(prompt.name)), ("version", .text(String(number))),
        ("contentHash", .text(try objects.store(Array(prompt.text.utf8)))),
        ("text", .text(prompt.text)),
      ])
    transaction.connect(.id(campaign.id), "USES", node)
    if let earlier { transaction.connect(node, "SUPERSEDES", earlier.prompt) }
    var proposal: NodeReference?
    if !prompt.isBuiltIn {
      let base = earlier ?? alternative(to: prompt)
      let made = try draft(prompt, number: number, changing: base, objects)
        .create(in: &transaction, at: now)
      if let before = base?.proposal {
        transaction.connect(made, "BASED_ON", before)
        transaction.connect(made, "DERIVED_FROM", before, [("role", .text("base"))])
      }
      transaction.connect(made, "PRODUCED", node)
      try place(made, &transaction)
      proposal = made
    }
    newest[prompt.name] = Version(
      number: number, text: prompt.text, prompt: node, proposal: proposal)
  }

  /// The first of the prompts that are drawn among: the others are changes of it.
  private func alternative(to prompt: PromptFile) -> Version? {
    for (_, declaration) in state.campaign.asked
    where declaration.prompts.dropFirst().contains(prompt) {
      return declaration.prompts.first.flatMap { newest[$0.name] }
    }
    return nil
  }

  private func draft(
    _ prompt: PromptFile, number: Int, changing base: Version?, _ objects: some ObjectStore
  ) throws -> ProposalDraft {
    let path = prompt.name.split(separator: "/").last.map(String.init) ?? "prompt"
    func tree(_ text: String) throws -> String {
      let bytes = Array(text.utf8)
      let file = Tree.File(
        path: path, isExecutable: false, hash: try objects.store(bytes), size: bytes.count)
      return try Tree([file]).store(in: objects)
    }
    let difference = base.map {
      TextDifference.unified(old: Array($0.text.utf8), new: Array(prompt.text.utf8), path: path)
    }
    let mine = try tree(prompt.text)
    return ProposalDraft(
      kind: "prompt", title: "the prompt \(Text(prompt.name)), version \(number)",
      hypothesis: base == nil
        ? "What the campaign asks with; changes of it are held against it."
        : "Who is asked with this text answers better than with the one it changes.",
      base: nil, parameters: ValueMap(), patches: [], changed: ["prompt:\(Text(prompt.name))"],
      baseTree: try base.map { try tree($0.text) } ?? mine, tree: mine,
      difference: try difference.map { try objects.store(Array($0.utf8)) },
      metric: state.campaign.primary.metric, direction: state.campaign.primary.direction,
      status: "running")
  }
}
