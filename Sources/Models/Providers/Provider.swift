// Whoever proposes or criticises: a structured request in, a structured answer out. Built-ins,
// programs and recordings all pass this door, so every one of them is recorded and can be replayed
// alike.

/// Which question is asked.
package enum ProviderRole: String, Sendable, CaseIterable {
  case proposer, critic, judge
}

/// One question.
package struct ProviderRequest: Sendable {
  package var role: ProviderRole
  /// Which question of its role this is in the campaign, from 0.
  package var ordinal: Int
  /// Canonical JSON.
  package var body: [UInt8]
  /// What the body says, for a built-in that need not read its text again.
  package var told: (any Sendable)?
  /// What a model is told to do; `nil` for the built-in text of the role.
  package var prompt: String?
  /// Tokens that a model may use for it at most, all its requests together.
  package var tokenLimit: Int?
  /// What a coding agent finds where it starts; others ask for nothing of it.
  package var desk: AgentDesk?

  package init(role: ProviderRole, ordinal: Int, body: [UInt8]) {
    self.role = role
    self.ordinal = ordinal
    self.body = body
  }
}

/// What a coding agent is given to work with.
package struct AgentDesk: Sendable {
  /// Hash of the tree that is checked out.
  package var tree: String
  package var brief: String?
  /// The campaign's run command with the parameters of that tree and the seed 0: for trying out.
  package var command: [String]
  /// The same parameters, as JSON.
  package var parameters: String

  package init(tree: String, brief: String?, command: [String], parameters: String) {
    self.tree = tree
    self.brief = brief
    self.command = command
    self.parameters = parameters
  }
}

/// What came of a question. A failure is a fact to be recorded, not an error to stop on.
package enum ProviderReply: Sendable {
  case answered([UInt8])
  /// What was done is not allowed; each entry is `reason: what`, the reason one of a fixed list.
  case refused([String])
  case timedOut(String)
  case failed(String)
}

/// Answers questions. Must not throw for anything that the other side does.
package protocol Provider: Sendable {
  /// `search`, `historian`, `command`, `replay`, ...
  var kind: String { get }
  func reply(to request: ProviderRequest) -> ProviderReply
  /// The same, with an account of what was sent to a model and what came back.
  func reply(
    to request: ProviderRequest, _ transcript: inout ModelTranscript
  ) -> ProviderReply
}

extension Provider {
  package func reply(
    to request: ProviderRequest, _ transcript: inout ModelTranscript
  ) -> ProviderReply { reply(to: request) }
}
