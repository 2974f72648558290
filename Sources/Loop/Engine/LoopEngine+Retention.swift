// What runs leave is kept as long as the campaign's `keep` says. That it went, and when, is in the
// record of the step that let it go; the list of its files stays with their hashes. Files are
// removed only while nothing else can store outputs, and only where no record needs them.

import Base

extension LoopEngine {
  /// Says of the outputs that are not kept any more that they are removed.
  func dropOutputs(in transaction: inout StepTransaction) {
    guard campaign.run.keep != .all else { return }
    let kept = keptProposal
    for run in state.mirror.all("Run") where !state.isOpen(run) {
      if let kept, state.mirror.target(of: run.id, "EXECUTES")?.id == kept { continue }
      for output in state.mirror.targets(of: run.id, "PRODUCED")
      where output.label == "Artifact" && output["removedAt"] == nil {
        transaction.set(output, "removedAt", recorder.now)
      }
    }
  }

  /// The proposal of which all outputs are kept.
  private var keptProposal: NodeID? {
    switch campaign.run.keep {
    case .all, .none: nil
    case .best: state.incumbent?.id
    case .last:
      state.mirror.all("Run").filter { $0.text("status") == "finished" }
        .compactMap { state.mirror.target(of: $0.id, "EXECUTES")?.id }.max()
    }
  }

  /// Removes what was dropped, also by a runner that died before it could. Runners of other
  /// campaigns may be storing the same content at this moment: while there are any it waits.
  func removeDropped() throws {
    guard campaign.run.keep != .all, state.openRuns.isEmpty else { return }
    let others = try Loop.campaigns(in: database).filter { $0 != campaign.name }
    guard !others.contains(where: { Loop.runnerIsAlive($0, in: database) == true }) else { return }
    try objectUse.removeDropped()
  }
}
