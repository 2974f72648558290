// Turns what a proposer answered into a proposal that can be stored: parameters checked against
// their domains, the tree made and stored, the change hashed. Anything impossible is an error about
// the answer.

import Base
import Graph
import Models
import Signing

/// A proposal ready to be recorded.
struct ProposalDraft {
  var kind: Text
  var title: Text
  var hypothesis: Text
  var base: MirrorNode?
  var parameters: ValueMap
  var patches: [String]
  var changed: [Text]
  var baseTree: String
  var tree: String
  var difference: String?
  var answer: ProposalAnswer?
  var metric: String
  var direction: Objective.Direction
  var status: Text = "proposed"

  /// Equal for the same change of the same base tree: what runs is a function of these two.
  var changeHash: String {
    SHA256.hash(Array((tree + "\n" + JSONWriter.write(.map(parameters))).utf8)).hex
  }

  /// `name=value` texts, sorted by name, patches as `patch=name`.
  var assignments: [Text] {
    let values = parameters.entries.map { entry in
      Text("\(entry.key)=\(Self.plain(entry.value))")
    }
    return (values + patches.map { Text("patch=\($0)") }).sorted()
  }

  static func plain(_ value: Value) -> String {
    if case .string(let text) = value { return text.string }
    return JSONWriter.write(value)
  }

  /// Records the proposal with the edges to its base and its inspirations.
  func create(in transaction: inout StepTransaction, at now: Value) -> NodeReference {
    let effect = answer?.predictedEffect
    let node = transaction.create(
      "Proposal",
      [
        ("kind", .string(kind)), ("title", .string(title)), ("hypothesis", .string(hypothesis)),
        ("status", .string(status)), ("changeHash", .text(changeHash)),
        ("parameters", .text(JSONWriter.write(.map(parameters)))),
        ("assignments", .list(assignments.map { .string($0) })),
        ("changed", .list(changed.map { .string($0) })),
        ("patchName", patches.isEmpty ? nil : .text(patches.joined(separator: "+"))),
        ("predictedMetric", effect == nil ? nil : .text(metric)),
        (
          "predictedDirection",
          effect.map { .text($0 == 0 ? "none" : $0 < 0 ? "decrease" : "increase") }
        ),
        ("predictedEffect", effect.map { .float($0) }),
        ("predictedProbability", answer?.predictedProbability.map { .float($0) }),
        ("baseTree", .text(baseTree)), ("tree", .text(tree)),
        ("differenceHash", difference.map { .text($0) }),
        ("costEstimateSeconds", answer?.costSeconds.map { .float($0) }),
        ("killCriterion", answer?.killCriterion.map { .string($0) }),
        ("statedDifference", answer?.statedDifference.map { .string($0) }), ("at", now),
      ])
    if let base {
      transaction.connect(node, "BASED_ON", .id(base.id))
      transaction.connect(node, "DERIVED_FROM", .id(base.id), [("role", .text("base"))])
    }
    return node
  }
}

struct ProposalBuilder<Objects: ObjectStore> {
  let campaign: Campaign
  let state: CampaignState
  let objects: Objects

  private func wrong(_ message: String) -> StemmaError { StemmaError(.providerAnswer, message) }

  /// The code as the campaign found it, with every parameter at its default.
  func baseline(tree: String) throws -> ProposalDraft {
    ProposalDraft(
      kind: "baseline", title: "the starting point",
      hypothesis: "The code as the campaign found it; everything is compared with it.", base: nil,
      parameters: campaign.editable.defaults, patches: [], changed: [], baseTree: tree, tree: tree,
      metric: campaign.primary.metric, direction: campaign.primary.direction, status: "running")
  }

  /// Throws `provider.answer` with what is impossible about the answer.
  func draft(_ answer: ProposalAnswer, incumbent: MirrorNode) throws -> ProposalDraft {
    let base = try base(answer, incumbent)
    let metric = campaign.primary.metric
    if let other = answer.predictedMetric, other != Text(metric) {
      throw wrong("the prediction is about \(other); the campaign is about \(metric)")
    }
    let parameters = try parameters(answer, base)
    let patches = try patches(answer, base)
    let old = try Tree.load(base.string("tree"), from: objects)
    let tree = try tree(answer, base, patches, old)
    let hash = try tree.store(in: objects)
    let changed = changedNames(parameters, patches, answer, base)
    guard !changed.isEmpty else { throw wrong("the proposal changes nothing") }
    var difference: String?
    if hash != base.string("tree") {
      let patching = Patching(objects: objects, editable: campaign.editable.files)
      difference = try objects.store(
        Array(try patching.difference(from: old, to: tree).utf8))
    }
    return ProposalDraft(
      kind: try kind(answer, patches, base), title: answer.title, hypothesis: answer.hypothesis,
      base: base, parameters: parameters, patches: patches, changed: changed,
      baseTree: base.string("tree"), tree: hash, difference: difference, answer: answer,
      metric: campaign.primary.metric, direction: campaign.primary.direction)
  }

  private func base(_ answer: ProposalAnswer, _ incumbent: MirrorNode) throws -> MirrorNode {
    guard let key = answer.base else { return incumbent }
    guard let base = state.mirror.node(key: key), base.label == "Proposal" else {
      throw wrong("the base \"\(key)\" is not a proposal of this campaign")
    }
    return base
  }

  private func parameters(_ answer: ProposalAnswer, _ base: MirrorNode) throws -> ValueMap {
    var parameters = Self.parameters(of: base)
    for entry in answer.parameters.entries {
      let known = campaign.editable.parameters
      guard let parameter = known.first(where: { Text($0.name) == entry.key }) else {
        throw wrong(
          "there is no parameter \"\(entry.key)\". "
            + Suggestion.advice(for: entry.key.string, among: known.map(\.name)))
      }
      guard let value = parameter.domain.value(of: entry.value), parameter.domain.allows(value)
      else {
        throw wrong(
          "\(entry.key) cannot be \(JSONWriter.write(entry.value)); allowed: "
            + parameter.domain.summary)
      }
      parameters[entry.key] = value.value
    }
    return parameters
  }

  /// The parameters that a proposal runs with.
  static func parameters(of proposal: MirrorNode) -> ValueMap {
    let bytes = Array(proposal.string("parameters").utf8)
    guard case .map(let map)? = try? JSONReader.read(bytes, limitBytes: 1 << 20) else {
      return ValueMap()
    }
    return map
  }

  static func patches(of proposal: MirrorNode) -> [String] {
    proposal.string("patchName").split(separator: "+").map(String.init)
  }

  private func patches(_ answer: ProposalAnswer, _ base: MirrorNode) throws -> [String] {
    guard let wanted = answer.patches else { return Self.patches(of: base) }
    var groups: [String: String] = [:]
    for name in wanted.map(\.string) {
      guard let patch = campaign.editable.patches.first(where: { $0.name == name }) else {
        throw wrong("there is no patch \"\(name)\"")
      }
      if let other = groups[patch.group] {
        throw wrong("the patches \"\(other)\" and \"\(name)\" exclude each other")
      }
      groups[patch.group] = name
    }
    // In the order of the campaign file, whatever the proposer's.
    return campaign.editable.patches.map(\.name).filter { groups.values.contains($0) }
  }

  private func tree(
    _ answer: ProposalAnswer, _ base: MirrorNode, _ patches: [String], _ old: Tree
  ) throws -> Tree {
    let patching = Patching(objects: objects, editable: campaign.editable.files)
    var tree = old
    let before = Self.patches(of: base)
    if patches != before {
      guard try patched(before, patching).store(in: objects) == base.string("tree") else {
        throw wrong("\(base.key) changed files itself; its patches cannot be exchanged")
      }
      tree = try patched(patches, patching)
    }
    for file in answer.files {
      tree = try patching.put(try bytes(of: file), at: file.path.string, in: tree)
    }
    return tree
  }

  /// What is to be in a file; `nil` where it is to go.
  private func bytes(of file: ProposalAnswer.File) throws -> [UInt8]? {
    switch file.content {
    case .text(let text): return Array(text.string.utf8)
    case .removed: return nil
    case .base64(let text):
      guard let bytes = Base64.decode(text.string) else {
        throw wrong("the content of \(file.path) is no base64")
      }
      return bytes
    }
  }

  /// The campaign's base tree with declared patches applied in their order.
  private func patched(_ names: [String], _ patching: Patching<Objects>) throws -> Tree {
    let files = state.mirror.targets(of: state.node?.id ?? NodeID(0), "USES")
      .filter { $0.label == "Artifact" }
      .map { (name: $0.string("name"), hash: $0.string("contentHash")) }
    var tree = try Tree.load(state.node?.string("baseTree") ?? "", from: objects)
    for name in names {
      guard let captured = CapturedPatch.find(name, in: files) else {
        throw wrong("the patch \"\(name)\" was not stored when the campaign started")
      }
      do { tree = try patching.apply(captured, to: tree) } catch let error as StemmaError {
        throw wrong("the patches \(names.joined(separator: ", ")) do not fit: \(error.message)")
      }
    }
    return tree
  }

  private func changedNames(
    _ parameters: ValueMap, _ patches: [String], _ answer: ProposalAnswer, _ base: MirrorNode
  ) -> [Text] {
    let old = Self.parameters(of: base)
    var names = parameters.entries.filter { old[$0.key] != $0.value }.map(\.key)
    let before = Self.patches(of: base)
    names += (Set(patches).symmetricDifference(before)).map { Text("patch:\($0)") }
    names += answer.files.map { Text("file:\($0.path)") }
    return names.sorted()
  }

  private func kind(
    _ answer: ProposalAnswer, _ patches: [String], _ base: MirrorNode
  ) throws -> Text {
    let kinds: [Text] = [
      "parameters", "patch", "data", "loss", "architecture", "prompt", "evaluation",
    ]
    if let kind = answer.kind {
      guard kinds.contains(kind) else { throw wrong("\"\(kind)\" is not a kind of proposal") }
      return kind
    }
    let added = patches.filter { !Self.patches(of: base).contains($0) }
    if let name = added.first,
      let patch = campaign.editable.patches.first(where: { $0.name == name })
    {
      return Text(patch.kind)
    }
    return answer.files.isEmpty ? "parameters" : "patch"
  }
}

extension ParameterValue {
  var value: Value {
    switch self {
    case .integer(let number): .integer(number)
    case .number(let number): .float(number)
    case .choice(let text): .text(text)
    case .boolean(let flag): .boolean(flag)
    }
  }
}

extension Parameter.Domain {
  /// The parameter value that a JSON value stands for; `nil` where the kind is wrong.
  func value(of value: Value) -> ParameterValue? {
    switch (self, value) {
    case (.integer, .integer(let number)): .integer(number)
    case (.integer, .float(let number)): Int64(exactly: number).map { .integer($0) }
    case (.number, .integer(let number)): .number(Double(number))
    case (.number, .float(let number)): .number(number)
    case (.choice, .string(let text)): .choice(text.string)
    case (.boolean, .boolean(let flag)): .boolean(flag)
    default: nil
    }
  }
}
