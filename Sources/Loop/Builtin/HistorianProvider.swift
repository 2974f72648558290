// The built-in critic: asks the graph whether this was tried before and what came of it. Every
// objection cites the records that show it. It reads by named queries only and can change nothing.

import Base
import Lineage
package import Models
import Stemma

/// Judges a proposal by the history of its store.
package struct HistorianProvider: Provider {
  package let kind = "historian"
  private let database: Database
  private let parameters: [Parameter]

  /// Parameters closer than this (on their unit scales, all of them) are the same for all we know.
  static let nearDistance = 0.02
  /// Failures within this distance speak against a proposal.
  static let neighbourDistance = 0.1

  init(database: Database, campaign: Campaign) {
    self.database = database
    parameters = campaign.editable.parameters
  }

  package func reply(to request: ProviderRequest) -> ProviderReply {
    do {
      let ask = try HistorianRequest(request.body)
      return .answered(JSONWriter.bytes(try judge(ask)))
    } catch let error as StemmaError {
      return .failed(error.message)
    } catch {
      return .failed("\(error)")
    }
  }

  private func judge(_ ask: HistorianRequest) throws -> Value {
    let exact = try exactDuplicates(ask)
    let near = exact.isEmpty ? try nearDuplicates(ask) : []
    let neighbours = try failedNeighbours(ask, besides: exact + near)
    var objections: [CritiqueAnswer.Objection] = []
    if let first = exact.first {
      objections.append(
        .init(
          kind: "exact-duplicate", text: "the same change as \(first.described)",
          cites: exact.map(\.key)))
    }
    if let first = near.first {
      objections.append(
        .init(
          kind: "near-duplicate",
          text: "differs from \(first.described) by less than \(Self.nearDistance) of any range",
          cites: near.map(\.key)))
    }
    if !neighbours.isEmpty {
      let text =
        "\(neighbours.count) close neighbours came to nothing, such as \(neighbours[0].described)"
      objections.append(
        .init(kind: "failed-neighbour", text: Text(text), cites: neighbours.map(\.key)))
    }
    objections += try belowNoise(ask) + overBudget(ask)
    return answer(objections, ask, exact: !exact.isEmpty, near: !near.isEmpty)
  }

  private func answer(
    _ objections: [CritiqueAnswer.Objection], _ ask: HistorianRequest, exact: Bool, near: Bool
  ) -> Value {
    let isOverBudget = objections.contains { $0.kind == "over-budget" }
    let isRejected = exact || isOverBudget || (near && ask.statedDifference == nil)
    let verdict = isRejected ? "reject" : objections.isEmpty ? "approve" : "revise"
    let base = Double(ask.confirmed + 1) / Double(ask.tried + 4)
    let probability = isRejected ? 0.02 : base / Double(1 + objections.count)
    let summary = objections.first?.text ?? "nothing like it is on record"
    let listed = objections.map { objection in
      Value.map(
        ValueMap([
          ("kind", .string(objection.kind)), ("text", .string(objection.text)),
          ("cites", .list(objection.cites.map { .string($0) })),
        ]))
    }
    return .map(
      ValueMap([
        ("version", .integer(1)), ("verdict", .text(verdict)), ("summary", .string(summary)),
        ("objections", .list(listed)),
        (
          "prediction",
          .map(ValueMap([("probability", .float(Parameter.Domain.rounded(probability)))]))
        ),
      ]))
  }

  // MARK: Questions to the graph

  private func ask(_ name: String, _ arguments: [String: Value]) throws -> [ValueMap] {
    let result = try NamedQueries.shipped.named(name).run(on: database, arguments)
    return result.rows.map { row in
      ValueMap(zip(result.columns, row).map { (Text($0), $1) })
    }
  }

  private func text(_ row: ValueMap, _ name: Text) -> Text? {
    if case .string(let text)? = row[name] { return text }
    return nil
  }

  /// Proposals with the same change: likeness 1 in what was tried, the same hash in the history.
  private func exactDuplicates(_ ask: HistorianRequest) throws -> [HistorianRequest.Entry] {
    ask.history.filter { $0.changeHash == ask.changeHash && $0.key != ask.key }
  }

  /// What is most like it, by the graph's likeness first and parameter distance then.
  private func nearDuplicates(_ ask: HistorianRequest) throws -> [HistorianRequest.Entry] {
    let rows = try self.ask("tried-like", ["key": .string(ask.key), "limit": .integer(20)])
    let like = Set(rows.compactMap { text($0, "proposal") })
    return ask.history.filter { entry in
      like.contains(entry.key) && entry.kind != "baseline" && entry.patches == ask.patches
        && distance(ask, entry).map { $0 <= Self.nearDistance } ?? false
    }
  }

  private func failedNeighbours(
    _ ask: HistorianRequest, besides known: [HistorianRequest.Entry]
  ) throws -> [HistorianRequest.Entry] {
    let rows = try self.ask("failed-siblings", ["key": .string(ask.key), "limit": .integer(50)])
    let failed = Set(rows.compactMap { text($0, "proposal") })
    let lost: Set<Text> = ["screened", "refuted", "failed", "invalid"]
    return ask.history.filter { entry in
      guard failed.contains(entry.key) || lost.contains(entry.status), entry.key != ask.key,
        !known.contains(where: { $0.key == entry.key }), entry.patches == ask.patches,
        entry.kind != "baseline"
      else { return false }
      return distance(ask, entry).map { $0 <= Self.neighbourDistance } ?? false
    }
  }

  /// The largest distance over all parameters; `nil` where the trees may differ by files.
  private func distance(_ ask: HistorianRequest, _ entry: HistorianRequest.Entry) -> Double? {
    guard !ask.changesFiles, !entry.changesFiles else { return nil }
    return parameters.map { parameter in
      let name = Text(parameter.name)
      guard let left = ask.parameters[name].flatMap({ parameter.domain.value(of: $0) }),
        let right = entry.parameters[name].flatMap({ parameter.domain.value(of: $0) })
      else { return 1 }
      return parameter.domain.distance(left, right)
    }.max() ?? 0
  }

  /// A predicted effect that could not be told from noise.
  private func belowNoise(_ ask: HistorianRequest) throws -> [CritiqueAnswer.Objection] {
    guard let effect = ask.predictedEffect, let noise = ask.noiseKey,
      abs(effect) < ask.screenThreshold
    else { return [] }
    let text =
      "an effect of \(NumberText.short(abs(effect))) is below the noise floor: "
      + "\(NumberText.short(ask.screenThreshold)) passes a screen"
    return [.init(kind: "below-noise", text: Text(text), cites: [noise])]
  }

  private func overBudget(_ ask: HistorianRequest) throws -> [CritiqueAnswer.Objection] {
    guard let cost = ask.costSeconds else { return [] }
    let rows = try self.ask("budget", ["campaign": .string(ask.campaignKey)])
    for row in rows where text(row, "resource") == "wallSeconds" {
      guard let left = SearchRequest.number(row["left"]), cost > left else { continue }
      let text =
        "it would cost \(NumberText.short(cost)) s and \(NumberText.short(left)) s are left"
      return [.init(kind: "over-budget", text: Text(text), cites: [ask.campaignKey])]
    }
    return []
  }
}
