// The models and prompts that questions are asked with, as records. A prompt whose text is new is a
// new version of it, and a proposal of its own in the lineage; every call names the version that it
// used. What a prompt says never changes what the runner does.

import Base
import Graph
import Models
import Recall
import Stemma

/// What a question carries beside the request itself.
struct Shown {
  var brief: Brief?
  var prompt: DrawnPrompt?

  /// A model is told its prompt apart; a program reads it in the request.
  func textInRequest(to declaration: ProviderDeclaration) -> String? {
    declaration.isModel ? nil : prompt?.file.text
  }
}

/// The prompt that was chosen for one question.
struct DrawnPrompt {
  var file: PromptFile
  var node: MirrorNode
  /// How it was drawn; `nil` where there was no choice.
  var draw: Value?
}

/// What the campaign declares and the graph does not have.
struct UnknownProviders {
  var models: [ModelEndpoint] = []
  var prompts: [PromptFile] = []

  var isEmpty: Bool { models.isEmpty && prompts.isEmpty }

  /// For the identifier of the step.
  var names: [String] {
    models.map { "\($0.dialect.rawValue) \($0.model)" }
      + prompts.map { "\($0.name) \($0.contentHash)" }
  }
}

extension CampaignState {
  /// The record of a prompt's present text.
  func node(of prompt: PromptFile) -> MirrorNode? {
    mirror.all("Prompt").last {
      $0.string("contentHash") == prompt.contentHash && $0.string("name") == prompt.name
    }
  }

  func node(of endpoint: ModelEndpoint) -> MirrorNode? {
    mirror.all("Model").last {
      $0.string("name") == endpoint.model && $0.string("provider") == endpoint.dialect.rawValue
    }
  }

  var unknownProviders: UnknownProviders {
    var unknown = UnknownProviders()
    for (_, declaration) in campaign.asked {
      if case .model(let endpoint) = declaration.kind, node(of: endpoint) == nil,
        !unknown.models.contains(where: {
          $0.model == endpoint.model && $0.dialect == endpoint.dialect
        })
      {
        unknown.models.append(endpoint)
      }
      for prompt in declaration.prompts
      where node(of: prompt) == nil && !unknown.prompts.contains(prompt) {
        unknown.prompts.append(prompt)
      }
    }
    return unknown
  }
}

extension LoopEngine {
  /// The prompt for a question, drawn where there are several; `nil` for who has none.
  func prompt(
    for declaration: ProviderDeclaration, _ role: ProviderRole, _ ordinal: Int
  ) -> DrawnPrompt? {
    let arms = declaration.prompts.compactMap { file in
      state.node(of: file).map { DrawnPrompt(file: file, node: $0) }
    }
    guard arms.count > 1 else { return arms.first }
    let records = arms.map { state.record(ofPrompt: $0.node, role: Text(role.rawValue)) }
    let seed = PromptDraw.seed(campaign.seed, role.rawValue, declaration.name, ordinal)
    let draw = PromptDraw(records, seed: seed)
    let listed = arms.indices.map { index in
      Value.map(
        ValueMap([
          ("prompt", .string(arms[index].node.key)),
          ("successes", .float(records[index].successes)),
          ("failures", .float(records[index].failures)), ("sample", .float(draw.samples[index])),
        ]))
    }
    var chosen = arms[draw.chosen]
    chosen.draw = .map(
      ValueMap([
        ("rule", .text("thompson")), ("seed", .text(String(seed))), ("arms", .list(listed)),
        ("chosen", .string(chosen.node.key)),
      ]))
    return chosen
  }

  /// What a model was told, or a program could read.
  func promptText(_ asked: Asked) -> String? {
    asked.transcript.prompt ?? asked.shown.prompt?.file.text
  }

  /// Connects a call, and what came of it, with its model and its prompt; what was handed in has
  /// neither.
  func connectMeans(
    of asked: Asked, _ declaration: ProviderDeclaration, to node: NodeReference,
    in transaction: inout StepTransaction
  ) {
    if asked.submission == nil, case .model(let endpoint) = declaration.kind,
      let model = state.node(of: endpoint)
    {
      transaction.connect(node, "USES", .id(model.id))
    }
    if let prompt = asked.shown.prompt { transaction.connect(node, "USES", .id(prompt.node.id)) }
  }

  /// Records what the graph does not know yet: at the start, and where a prompt's file has changed
  /// since.
  func storeProviders() throws {
    guard let node = state.node else { return }
    let unknown = state.unknownProviders
    try recorder.record(
      .providersStored, unknown.names, reason: "models and prompts were recorded"
    ) { transaction in
      for endpoint in unknown.models {
        let model = transaction.create(
          "Model",
          [
            ("name", .text(endpoint.model)), ("provider", .text(endpoint.dialect.rawValue)),
            ("settings", .text("base address \(endpoint.baseAddress)")),
          ])
        transaction.connect(.id(node.id), "USES", model)
      }
      var versions = try PromptVersions(state: state, database: database)
      for prompt in unknown.prompts {
        try versions.add(prompt, objects, at: recorder.now, in: &transaction) {
          proposal, transaction in
          transaction.connect(proposal, "IN", .id(node.id))
          transaction.connect(
            proposal, "BY", try actor("loop", kind: "program", in: &transaction))
        }
      }
    }
    // The proposals of prompts belong to no round: the policy does not see them.
    try recorder.reload()
  }
}
