// Proposals by somebody who is not the campaign's proposer: checked here, so that who hands one in
// hears at once what is wrong with it, kept as a request, taken by the loop in order. Nothing but
// the request is written.

public import Base
import Models
import Sandbox
public import Stemma

/// What people, agents and optimisers outside a loop can do for it.
public enum Outside {
  /// One page of instructions that a coding agent can follow: docs/agent-guide.md.
  public static var guide: String { AgentGuideText.text }

  /// What of a worktree is read at most.
  private static let bounds = SandboxCollection(
    source: ".", maximumBytes: 256 << 20, maximumFiles: 20_000, maximumDepth: 64)

  /// Hands a proposal in. Returns the key of the request.
  ///
  /// - Parameters:
  ///   - answer: as in docs/provider-protocol.md, without `version`.
  ///   - worktree: a folder that started as the base; what is different there is the change.
  ///   - actor: who says so; kept as `outside:actor`, so that nobody can speak as somebody of the
  ///     campaign.
  /// - Throws: `proposal.refused` naming every reason, `loop.state`, `argument.invalid`.
  public static func propose(
    _ answer: ValueMap, worktree: String? = nil, to campaign: String, by actor: String,
    in database: Database, surroundings: Surroundings
  ) throws -> String {
    let name = try self.actor(actor)
    let open = try OpenCampaign(campaign, in: database)
    if let refusal = open.refusal { throw ChangeRefusal.error([refusal]) }
    var answer = answer
    answer["version"] = .integer(1)
    if let worktree { try add(worktree, to: &answer, open) }
    let proposal = try checked(answer, open)
    guard let node = open.state.node else { throw Loop.unknown(campaign, in: database) }
    let content = try DatabaseObjects(database: database).store(JSONWriter.bytes(.map(answer)))
    return try Loop.append(
      .init(action: "propose", content: content, reason: proposal.title.string), to: node.id,
      by: name, in: database, surroundings: surroundings)
  }

  /// Parameters written as texts, as values of the campaign's parameters.
  public static func parameters(
    _ texts: [String: String], of campaign: String, in database: Database
  ) throws -> ValueMap {
    try OpenCampaign(campaign, in: database).campaign.values(
      of: texts, orThrow: .argumentInvalid)
  }

  /// The name under which an actor outside is recorded.
  static func actor(_ name: String) throws -> String {
    let isPlain = name.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0)
        || [45, 46, 58, 64, 95].contains($0)
    }
    guard isPlain, (1...64).contains(name.utf8.count) else {
      throw StemmaError(
        .argumentInvalid, "'\(name)' cannot name an actor",
        advice: "Use at most 64 letters, digits and '.', '-', '_', '@', ':'.")
    }
    return "outside:" + name
  }

  // MARK: Checking

  /// Takes the difference between a folder and the tree that it started as.
  private static func add(
    _ worktree: String, to answer: inout ValueMap, _ open: OpenCampaign
  ) throws {
    let base: String?
    if case .string(let key)? = answer["base"] {
      base = key.string
    } else {
      base = try Checkout.base(of: worktree)
    }
    let proposal = try open.proposal(base)
    let surface = TreeChange.Surface(open.campaign)
    let found = try Sandbox.files(of: worktree, within: bounds, skipping: surface.skips)
    let change = TreeChange(
      from: try Tree.load(proposal.string("tree"), from: DatabaseObjects(database: open.database)),
      to: found.files, refused: found.refused, surface: surface,
      fileLimitBytes: TreeChange.fileLimitBytes)
    guard change.refusals.isEmpty else {
      throw ChangeRefusal.error(
        change.refusals,
        advice: "Editable here: \(open.campaign.editable.files.joined(separator: ", ")). "
          + "Nothing was handed in.")
    }
    answer["base"] = .string(proposal.key)
    answer["files"] = change.answer
  }

  /// Makes the proposal as the loop will, and keeps nothing of it.
  private static func checked(_ answer: ValueMap, _ open: OpenCampaign) throws -> ProposalAnswer {
    do {
      let proposal = try ProposalAnswer(.map(answer))
      let surface = TreeChange.Surface(open.campaign)
      let fixed = proposal.files.filter { !surface.isEditable($0.path.string) }
      guard fixed.isEmpty else {
        throw ChangeRefusal.error(fixed.map { ChangeRefusal(.notEditable, $0.path.string) })
      }
      let objects = PendingObjects(DatabaseObjects(database: open.database))
      objects.hold()
      defer { objects.abandon() }
      _ = try ProposalBuilder(campaign: open.campaign, state: open.state, objects: objects)
        .draft(proposal, incumbent: open.incumbent)
      return proposal
    } catch let error as StemmaError where error.code == .providerAnswer {
      throw ChangeRefusal.error([ChangeRefusal(.answer, error.message)], advice: error.advice)
    }
  }
}
