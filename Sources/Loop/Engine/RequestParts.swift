// What stays the same from one request to the next, so that it is written once: what the campaign
// declares, and the entries of the history. Nothing is kept under a name alone: an entry is used
// again only for a proposal that is in all respects the one that it was written of.

import Base
import Models

/// The parts that the requests of one loop have in common. Belongs to the loop's own thread.
final class RequestParts {
  /// Finds the proposals that are most like one.
  let changes: ChangeIndex
  private let campaign: Campaign
  private var declaration: (key: Text?, members: [WrittenJSON.Member])?
  private var entries: [NodeID: Entry] = [:]

  /// An entry of a history, as it is written and as the built-in critic reads it.
  struct Entry {
    let told: ToldProposal
    let json: WrittenJSON
    let read: HistorianRequest.Entry

    fileprivate init(_ told: ToldProposal) {
      self.told = told
      let members = told.members
      json = WrittenJSON(.map(members))
      read = HistorianRequest.Entry(members)
    }
  }

  init(_ campaign: Campaign) {
    self.campaign = campaign
    changes = ChangeIndex(campaign)
  }

  /// The members that say what the campaign is about and what may be changed.
  func declared(_ state: CampaignState) -> [WrittenJSON.Member] {
    let key = state.node?.key
    if let declaration, declaration.key == key { return declaration.members }
    let members = [WrittenJSON.Member](campaign.declared(key: key))
    declaration = (key, members)
    return members
  }

  func entry(_ told: ToldProposal) -> Entry {
    if let kept = entries[told.proposal.id], kept.told == told { return kept }
    let made = Entry(told)
    entries[told.proposal.id] = made
    return made
  }
}

/// An earlier proposal with what became of it: all that its entry in a history is made of.
struct ToldProposal: Equatable {
  var proposal: MirrorNode
  /// The last of its confirmations, or else of its screens.
  var comparison: MirrorNode?
  var base: Text?

  init(_ proposal: MirrorNode, _ state: CampaignState) {
    self.proposal = proposal
    comparison =
      state.comparisons(of: proposal, stage: "confirm").last
      ?? state.comparisons(of: proposal, stage: "screen").last
    base = state.mirror.target(of: proposal.id, "BASED_ON")?.key
  }

  var members: ValueMap {
    let members: [(Text, Value?)] = [
      ("key", .string(proposal.key)), ("title", proposal["title"]), ("kind", proposal["kind"]),
      ("status", proposal["status"]),
      ("parameters", .map(ProposalBuilder<PendingObjects>.parameters(of: proposal))),
      ("patches", .strings(ProposalBuilder<PendingObjects>.patches(of: proposal))),
      ("changed", proposal["changed"]), ("changeHash", proposal["changeHash"]),
      ("base", base.map { .string($0) }),
      ("effect", comparison?["effect"]), ("lower", comparison?["lower"]),
      ("upper", comparison?["upper"]), ("reason", comparison?["reason"]),
      ("comparison", comparison.map { .string($0.key) }),
    ]
    return .object(members)
  }
}

extension Campaign {
  fileprivate func declared(key: Text?) -> [(Text, Value?)] {
    let objectives = objectives.map { objective in
      Value.object([
        ("metric", .text(objective.metric)), ("unit", .text(objective.unit)),
        ("direction", .text(objective.direction.rawValue)),
        ("role", .text(objective.role.rawValue)),
        ("threshold", objective.threshold.map { .float($0) }),
        ("margin", objective.margin.map { .float($0) }),
      ])
    }
    return [
      (
        "campaign",
        .object([
          ("key", key.map { .string($0) }), ("name", .text(name)), ("goal", .text(goal)),
          ("objectives", .list(objectives)),
        ])
      ),
      ("parameters", .list(editable.parameters.map(\.declared))),
      ("patches", .list(editable.patches.map(\.declared))),
      ("editable", .list(editable.files.map { .text($0) })),
    ]
  }
}

extension Parameter {
  fileprivate var declared: Value {
    var pairs: [(Text, Value?)] = [
      ("name", .text(name)), ("default", initial.value), ("description", .text(description)),
    ]
    switch domain {
    case .integer(let minimum, let maximum, let isLogarithmic):
      pairs += [
        ("type", .text("integer")), ("minimum", .integer(minimum)), ("maximum", .integer(maximum)),
        ("scale", .text(isLogarithmic ? "log" : "linear")),
      ]
    case .number(let minimum, let maximum, let isLogarithmic):
      pairs += [
        ("type", .text("number")), ("minimum", .float(minimum)), ("maximum", .float(maximum)),
        ("scale", .text(isLogarithmic ? "log" : "linear")),
      ]
    case .choice(let choices):
      pairs += [("type", .text("choice")), ("choices", .list(choices.map { .text($0) }))]
    case .boolean: pairs += [("type", .text("boolean"))]
    }
    return .object(pairs)
  }
}

extension DeclaredPatch {
  fileprivate var declared: Value {
    .object([
      ("name", .text(name)), ("group", .text(group)), ("kind", .text(kind)),
      ("description", .text(description)),
    ])
  }
}
