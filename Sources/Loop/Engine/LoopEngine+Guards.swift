// What must be there before anything of a campaign runs: a machine that holds every budget exactly,
// unless the owner accepted a weaker guard by name, and every guard against an attack of our own;
// and the keys of the models that it asks.

import Base
import Models
import Sandbox

extension LoopEngine {
  /// Refuses where a budget is held only nearly and the campaign does not accept that by name.
  /// Asked on every start: the machine or the user may be another than last time.
  func refuseInexactGuards() throws {
    guard !["finished", "stopped"].contains(state.status) else { return }
    acceptedGuards = try executor.inexactGuards()
    let allowed = campaign.run.allowedWeaknesses
    let refused = acceptedGuards.filter { !allowed.contains($0.weakness) }
    guard !refused.isEmpty else {
      if !acceptedGuards.isEmpty { onEvent(.inexact(acceptedGuards.map(\.weakness))) }
      return
    }
    let names = allowed.union(refused.map(\.weakness)).sorted().map { "\"\($0)\"" }
    throw StemmaError(
      .sandboxUnavailable,
      "these budgets cannot be held exactly here: "
        + refused.map { "\($0.name) (only \($0.mechanism))" }.joined(separator: ", "),
      advice: "To accept that by name, write in [run]: "
        + "allow_weaker = [\(names.joined(separator: ", "))]. As root they are exact.")
  }

  /// Refuses where a model's key cannot be read: every question would come to nothing, and the
  /// campaign be used up by that.
  func refuseMissingKeys() throws {
    guard !["finished", "stopped"].contains(state.status) else { return }
    let judge = campaign.judge.map { [$0.provider] } ?? []
    let asked = [campaign.proposer] + campaign.critics + judge
    var endpoints = campaign.run.models?.models.map(\.endpoint) ?? []
    for case .model(let endpoint) in asked.map(\.kind) { endpoints.append(endpoint) }
    for endpoint in endpoints { _ = try endpoint.key.read() }
  }

  /// The guards of this machine, attacked; one that does not hold stops the campaign before it
  /// starts. One that is accepted as inexact may overshoot, and its check says so.
  func provenGuards() throws -> [GuardCheck] {
    let checks = try executor.proveGuards(allowedWeaknesses: campaign.run.allowedWeaknesses)
    let accepted = Set(acceptedGuards.map(\.name))
    if let broken = checks.first(where: { !$0.isProven && !accepted.contains($0.name) }) {
      throw StemmaError(
        .sandboxUnavailable,
        "the guard '\(broken.name)' does not hold on this machine: "
          + (broken.controlPassed ? "" : "its positive control failed; ") + broken.evidence,
        advice: "`stemma doctor --guards` shows all of them.")
    }
    return checks
  }
}
