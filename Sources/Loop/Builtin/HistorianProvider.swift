// The built-in critic: was this tried before, and what came of it? It judges by the request alone,
// which tells of the earlier proposals nearest to the one in question, and every objection cites
// the records that show it.

import Base
package import Models

/// Judges a proposal by the history of its campaign.
package struct HistorianProvider: Provider {
  package let kind = "historian"
  private let parameters: [Parameter]

  /// Parameters closer than this (on their unit scales, all of them) are the same for all we know.
  static let nearDistance = 0.02
  /// Failures within this distance speak against a proposal.
  static let neighbourDistance = 0.1

  init(campaign: Campaign) {
    parameters = campaign.editable.parameters
  }

  package func reply(to request: ProviderRequest) -> ProviderReply {
    do {
      let ask = try request.told as? HistorianRequest ?? HistorianRequest(request.body)
      return .answered(JSONWriter.bytes(judge(ask)))
    } catch let error as StemmaError {
      return .failed(error.message)
    } catch {
      return .failed("\(error)")
    }
  }

  private func judge(_ ask: HistorianRequest) -> Value {
    let exact = exactDuplicates(ask)
    let near = exact.isEmpty ? nearDuplicates(ask) : []
    let neighbours = failedNeighbours(ask, besides: exact + near)
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
    objections += belowNoise(ask) + overBudget(ask)
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

  // MARK: Questions to the history

  /// Proposals with the same change.
  private func exactDuplicates(_ ask: HistorianRequest) -> [HistorianRequest.Entry] {
    ask.history.filter { $0.changeHash == ask.changeHash && $0.key != ask.key }
  }

  /// What differs from it by next to nothing.
  private func nearDuplicates(_ ask: HistorianRequest) -> [HistorianRequest.Entry] {
    ask.history.filter { entry in
      entry.kind != "baseline" && entry.patches == ask.patches
        && distance(ask, entry).map { $0 <= Self.nearDistance } ?? false
    }
  }

  private func failedNeighbours(
    _ ask: HistorianRequest, besides known: [HistorianRequest.Entry]
  ) -> [HistorianRequest.Entry] {
    let lost: Set<Text> = ["screened", "refuted", "failed", "invalid"]
    return ask.history.filter { entry in
      guard lost.contains(entry.status), entry.key != ask.key,
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
  private func belowNoise(_ ask: HistorianRequest) -> [CritiqueAnswer.Objection] {
    guard let effect = ask.predictedEffect, let noise = ask.noiseKey,
      abs(effect) < ask.screenThreshold
    else { return [] }
    let text =
      "an effect of \(NumberText.short(abs(effect))) is below the noise floor: "
      + "\(NumberText.short(ask.screenThreshold)) passes a screen"
    return [.init(kind: "below-noise", text: Text(text), cites: [noise])]
  }

  private func overBudget(_ ask: HistorianRequest) -> [CritiqueAnswer.Objection] {
    guard let cost = ask.costSeconds, let left = ask.secondsLeft, cost > left else { return [] }
    let text = "it would cost \(NumberText.short(cost)) s and \(NumberText.short(left)) s are left"
    return [.init(kind: "over-budget", text: Text(text), cites: [ask.campaignKey])]
  }
}
