// A coding agent's work as it is handed to the executor.

package import Sandbox

/// One start of a coding agent.
package struct AgentOrder: Sendable {
  /// Where the tree lies in its working folder, and where it starts.
  package static let tree = "tree"
  package static let request = "request.json"
  package static let brief = "brief.md"
  /// What it says of its change.
  package static let proposal = "proposal.json"

  /// `agent-7`: unique in the campaign.
  package var name: String
  /// Hash of the tree that is checked out.
  package var checkout: String
  /// What lies beside the tree, by name.
  package var files: [String: [UInt8]]
  package var command: [String]
  package var environment: [(name: String, value: String)]
  package var readOnly: [String]
  /// What runs see, where the campaign grants it; places in the tree are below the checkout.
  package var mounts: [PlacedMount]
  package var budget: SandboxBudget
  package var allowedWeaknesses: Set<String>
  /// The models that it may ask.
  package var models: RelayOrder?
}
