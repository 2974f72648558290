// Models that a sandboxed program may ask, as a campaign file grants them: `models` and
// `model_budget` of [run], and of whoever else is started in a sandbox.

import Base
import Models

extension CampaignReader {
  private enum Kind: String, CaseIterable { case openai, anthropic }

  /// What a table grants; `nil` where it grants no model.
  func modelGrant(_ section: inout Section) throws -> ModelGrant? {
    var models: [ModelGrant.Model] = []
    let place = section.table["models"]?.keyPlace ?? section.table.place
    for var entry in try section.sections("models") {
      guard let kind = try entry.choice("kind", Kind.self) else {
        throw entry.missing("kind", example: "\"openai\" (or \"anthropic\")")
      }
      let name = try entry.string("name")
      let endpoint = try reach(kind == .openai ? .openai : .anthropic, &entry)
      let model = ModelGrant.Model(name: name ?? endpoint.model, endpoint: endpoint)
      guard !models.contains(where: { $0.name == model.name }) else {
        throw errors.failure("there are two models '\(model.name)'", at: entry.table.place)
      }
      try entry.finish()
      models.append(model)
    }
    guard !models.isEmpty else {
      guard let stray = section.entry("model_budget") else { return nil }
      throw errors.failure(
        "'model_budget' limits nothing: no model is granted", at: stray.keyPlace,
        advice: "Grant one with 'models', or leave this out.")
    }
    guard root["slurm"] == nil else {
      throw errors.failure(
        "a job of Slurm cannot ask models: the runner, which has the keys, is not on its node",
        at: place)
    }
    var grant = ModelGrant(models: models)
    guard var budget = try section.section("model_budget") else { return grant }
    grant.calls = Int(try budget.integer("calls", in: 1...1_000_000) ?? Int64(grant.calls))
    grant.tokens = Int(
      try budget.integer("tokens", in: 64...1_000_000_000) ?? Int64(grant.tokens))
    grant.money = try budget.number("money", in: 0...1e9)
    try budget.finish()
    if grant.money != nil { try checkPrices(grant, at: budget.table.place) }
    return grant
  }

  private func checkPrices(_ grant: ModelGrant, at place: TOMLPlace) throws {
    guard
      let free = grant.models.first(where: {
        $0.endpoint.inputPrice == nil && $0.endpoint.outputPrice == nil
      })
    else { return }
    throw errors.failure(
      "'money' is limited, but '\(free.name)' has no price", at: place,
      advice: "Say input_price and output_price, in money per million tokens.")
  }

  /// Limits on money that no price counts against help nobody.
  func checkGrant(_ grant: ModelGrant?, _ budgets: CampaignBudgets) throws {
    guard let grant, case .table(let declared)? = root["budgets"]?.value.content else { return }
    let scopes = [
      ("campaign", budgets.campaign), ("round", budgets.round), ("day", budgets.day),
    ]
    for (name, limits) in scopes where limits.money != nil {
      guard case .table(let table)? = declared[name]?.value.content else { continue }
      try checkPrices(grant, at: table["money"]?.value.place ?? root.place)
    }
  }
}
