// Starts a coding agent in a sandbox with a checkout of its own, and takes what it left.

import Base
package import Sandbox

extension SandboxExecutor {
  /// More is no change of a source; what is over it is refused by name.
  private static let limitBytesOfCheckout = 256 << 20

  package func work(
    _ order: AgentOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome {
    let folder = workspace + "/" + order.name
    var specification = SandboxSpecification(
      command: order.command, workDirectory: folder, budget: order.budget)
    specification.startDirectory = folder + "/" + AgentOrder.tree
    var layout = try layout(order.checkout, below: AgentOrder.tree + "/")
    layout.folders = [AgentOrder.tree]
    layout.files += order.files.sorted { $0.key < $1.key }.map { name, bytes in
      SandboxLayout.File(path: name, isExecutable: false, byteCount: bytes.count) {
        try $0(bytes)
      }
    }
    specification.layout = layout
    let places = [
      ("STEMMA_TREE", AgentOrder.tree), ("STEMMA_REQUEST", AgentOrder.request),
      ("STEMMA_BRIEF", AgentOrder.brief), ("STEMMA_PROPOSAL", AgentOrder.proposal),
    ]
    specification.environment =
      order.environment + places.map { (name: $0, value: "\(folder)/\($1)") }
    specification.readOnly = order.readOnly
    specification.placed = order.mounts.map { $0.inside(folder + "/" + AgentOrder.tree) }
    specification.allowedWeaknesses = order.allowedWeaknesses
    specification.collection = SandboxCollection(
      source: ".", maximumBytes: min(order.budget.diskBytes, Self.limitBytesOfCheckout),
      maximumFiles: order.budget.inodes)
    return try withModels(order.models, named: order.name, &specification) { whole in
      try contained { try sandbox.run(whole, isCancelled: isCancelled) }
    }
  }
}
