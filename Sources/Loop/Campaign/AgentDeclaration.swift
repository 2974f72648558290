// A coding agent as a campaign file declares it: a program that edits a checkout in a sandbox. What
// it changed is found by the runner, never taken from its words.

public import Models
public import Sandbox

/// How a coding agent is started.
public struct AgentDeclaration: Sendable, Hashable {
  /// `{agent}` stands for `directory`.
  public var command: [String]
  /// The agent's own folder, absolute, mounted read-only.
  public var directory: String?
  public var environment: [String: String]
  /// Absolute paths mounted read-only, beside those of runs.
  public var readOnly: [String]
  /// Whether it sees the references and the environment that runs see, for smoke runs.
  public var seesMounts: Bool
  /// Of one proposal, trying things out included.
  public var budget: SandboxBudget
  /// A changed file may have this many bytes.
  public var fileLimitBytes: Int
  /// The models that it may ask for one proposal; `nil`: it has no socket for that.
  public var models: ModelGrant?

  /// Everything that it sees beside its checkout and what runs see.
  var visible: [String] { (directory.map { [$0] } ?? []) + readOnly }
}

extension Campaign {
  /// Everything of this machine that a coding agent sees; empty where there is none.
  var visibleToAgent: [String] {
    guard case .agent(let agent) = proposer.kind else { return [] }
    return agent.visible + run.readOnly
      + (agent.seesMounts ? mounts(for: .run).map(\.source) : [])
  }
}
