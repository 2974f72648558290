// The loop itself: asks the policy what is next, does it, records it, and again. It holds nothing
// that is not in the graph, so it can be killed at any moment and started again.

import Base
import Graph
import Models
import Recall
import Sandbox
import Stemma

/// A running loop over one campaign.
final class LoopEngine {
  let campaign: Campaign
  private let declaration: CampaignState.Declaration
  let database: Database
  var objects: PendingObjects { recorder.objects }
  let recorder: Recorder
  let executor: any RunExecutor
  let vault: any Vault
  let surroundings: Surroundings
  /// Which of the runners that share the campaign this is.
  let seat: any RunnerSeat
  /// Signs what is measured here, where there is a key.
  let attestor: Loop.Attestor?
  private let tell: (LoopEvent) -> Void
  /// So many steps share a commit at most.
  private let groupLimit: Int
  let environment: LoopEnvironment
  private let makeProvider: (ProviderDeclaration) throws -> any Provider
  private var providers: [ProviderDeclaration: any Provider] = [:]
  private var seedSource: SeedSource?
  let requestParts: RequestParts
  /// Finds what is like a proposal, for briefs.
  private(set) lazy var recall = RecallIndex(database: database)
  /// Failed evaluations in this process; only to give up on a broken machine, never to judge.
  var evaluationFailures: [Text: Int] = [:]
  /// Failed questions in a row in this process; likewise.
  var providerFailures: [ProviderDeclaration: Int] = [:]
  static let providerFailureLimit = 10
  /// What records name; made where a campaign does not keep everything.
  lazy var objectUse = ObjectUse(of: database)
  /// Rules over curves, by the incumbent that they compare with.
  var curveRules: [Text: CurveRuleOrder] = [:]
  /// What this machine is, once it was looked at.
  var environmentFacts: RunEnvironment?
  /// Shares of limits that were told in this process.
  var toldShares: Set<String> = []
  /// The budgets that are held only nearly here, all of them accepted by the campaign.
  var acceptedGuards: [InexactGuard] = []

  /// What a loop needs from outside.
  struct Parts {
    var database: Database
    var executor: any RunExecutor
    var vault: any Vault
    var surroundings: Surroundings
    var attestor: Loop.Attestor?
    var environment: LoopEnvironment
    var onEvent: (LoopEvent) -> Void
    var onBoundary: (LoopBoundary) throws -> Void
    var groupLimit: Int
    var seat: any RunnerSeat = OnlySeat()
    var makeProvider: (ProviderDeclaration) throws -> any Provider
  }

  init(_ campaign: Campaign, _ parts: Parts) throws {
    self.campaign = campaign
    declaration = CampaignState.Declaration(campaign)
    database = parts.database
    executor = parts.executor
    vault = parts.vault
    surroundings = parts.surroundings
    attestor = parts.attestor
    seat = parts.seat
    tell = parts.onEvent
    groupLimit = parts.groupLimit
    environment = parts.environment
    makeProvider = parts.makeProvider
    requestParts = RequestParts(campaign)
    recorder = try Recorder(
      database: parts.database, campaign: campaign.name, surroundings: parts.surroundings,
      left: parts.executor.leftObjects, onBoundary: parts.onBoundary)
  }

  var state: CampaignState {
    CampaignState(declaration, mirror: recorder.mirror, today: today)
  }

  private var today: Int64? { campaign.budgets.today(surroundings) }

  /// Goes on until the campaign is over, or until somebody has to decide and `waits` is false.
  /// Returns why it stopped.
  func run(waits: Bool) throws -> String {
    try checkSpecification()
    try refuseInexactGuards()
    try refuseMissingKeys()
    try checkReferences()
    // A runner may have died before it stored anything, in the middle of attacking the guards.
    try executor.removeLeftovers(except: ordersUnderWay)
    removeKept()
    if !seat.leads { guard try follow() else { return state.status } }
    try removeDropped()
    if let node = state.node { onEvent(.campaign(key: node.key.string, isResumed: true)) }
    try finishInterrupted()
    while true {
      try endIfInterrupted()
      guard let step = try performGroup() else { continue }
      switch step {
      case .over: return state.status
      case .wait(let reason):
        onEvent(.waiting(reason: reason))
        guard waits else { return reason }
        try pollForDecisions()
      default: try perform(step)
      }
    }
  }

  /// Does a group of steps, or the one that is next; `nil` where nothing can be done. For tests.
  func performNext() throws -> LoopStep? {
    guard let step = try performGroup() else { return try LoopPolicy(state).next() }
    switch step {
    case .over, .wait: return nil
    default:
      try perform(step)
      return step
    }
  }

  /// Does steps that need nothing but the store, as many as there are, with one commit. Returns the
  /// first that needs more; `nil` where there may be more of the same kind.
  private func performGroup() throws -> LoopStep? {
    var next = try LoopPolicy(state).next()
    guard groupLimit > 1, isGrouped(next) else { return next }
    var isOpen = true
    try recorder.group {
      for _ in 0..<groupLimit {
        next = try LoopPolicy(state).next()
        guard isGrouped(next) else {
          isOpen = false
          return
        }
        try perform(next)
        if environment.isInterrupted() { return }
      }
    }
    return isOpen ? nil : next
  }

  /// Whether a step is done at once: it runs no program and waits for nobody.
  private func isGrouped(_ step: LoopStep) -> Bool {
    switch step {
    case .startCampaign, .storeProviders, .searchDuplicates, .carryOut, .wait, .over: false
    case .obey(let control): isForUs(control)
    case .propose: campaign.proposer.needsNobody
    case .critique(_, let critic): campaign.critics[critic].needsNobody
    // What is let go is removed once that is durable.
    case .finishRound, .finishCampaign: campaign.run.keep == .all
    default: true
    }
  }

  /// Tells whoever watches, once it is durable.
  func onEvent(_ event: LoopEvent) { recorder.afterwards { [tell] in tell(event) } }

  /// A campaign does not change once it has started.
  func checkSpecification() throws {
    guard let node = state.node else { return }
    guard node.string("specificationHash") == SHA256.hash(campaign.text).hex else {
      throw StemmaError(
        .loopState, "the campaign '\(campaign.name)' has started with another file than this",
        advice: "Give the changed campaign a new name, or use the file as it was "
          + "(`stemma show \(node.key)` has it).")
    }
  }

  private func pollForDecisions() throws {
    let day = today
    while try !recorder.refresh(), today == day {
      try endIfInterrupted()
      environment.sleep(200)
    }
  }

  /// Ends the loop between two steps where whoever started it wants that; nothing is half done.
  func endIfInterrupted() throws {
    guard environment.isInterrupted() else { return }
    throw StemmaError(
      .limitCancelled, "the loop was interrupted; everything up to here is stored",
      advice: "The same `stemma loop run` goes on from here.")
  }

  private func perform(_ step: LoopStep) throws {
    switch step {
    case .startCampaign: try startCampaign()
    case .obey(let control):
      if isForUs(control) { try obey(control) } else { try waitForNews() }
    case .storeBaseline: try storeBaseline()
    case .storeProviders: try storeProviders()
    case .plan(let runs): try plan(runs)
    case .carryOut(let runs): try carryOut(runs)
    case .measureNoise(let proposal): try measureNoise(of: proposal)
    case .startRound(let number): try startRound(number)
    case .propose(let round): try propose(in: round)
    case .openGate(let gate, let subject, let proposal):
      try openGate(gate, subject: subject, proposal: proposal)
    case .searchDuplicates(let proposal): try searchDuplicates(of: proposal)
    case .critique(let proposal, let critic): try critique(proposal, critic: critic)
    case .rebase(let proposal, let incumbent): try rebase(proposal, onto: incumbent)
    case .screen(let proposal): try screen(proposal)
    case .judge(let proposal): try judge(proposal)
    case .end(let proposal, let status, let reason):
      try end(proposal, status: status, reason: reason)
    case .report(let proposal): try report(on: proposal)
    case .finishRound(let round): try finishRound(round)
    case .compareHoldout(let winner): try compareHoldout(winner)
    case .finishCampaign(let reason): try finishCampaign(reason: reason)
    case .wait, .over: break
    }
  }

  // MARK: Parts made when they are needed

  func provider(_ declaration: ProviderDeclaration) throws -> any Provider {
    if let known = providers[declaration] { return known }
    let made = try makeProvider(declaration)
    providers[declaration] = made
    return made
  }

  func requests(to declaration: ProviderDeclaration) -> RequestWriter {
    RequestWriter(
      state: state, parts: requestParts, historyLimit: declaration.historyLimit)
  }

  func seeds() throws -> SeedSource {
    if let seedSource { return seedSource }
    let made = try SeedSource(
      campaign: campaign.name, vault: vault, random: surroundings.random)
    seedSource = made
    return made
  }

  /// The node of an actor, found or created in the transaction.
  func actor(
    _ name: String, kind: Text, in transaction: inout StepTransaction
  ) throws -> NodeReference {
    if let known = recorder.known[name] { return .id(known) }
    let actor = try transaction.actor(name, kind: kind, in: database)
    if case .id(let id) = actor { recorder.known[name] = id }
    return actor
  }
}

/// What the loop needs of the machine, as values.
struct LoopEnvironment: Sendable {
  /// Sleeps for milliseconds.
  var sleep: @Sendable (Int) -> Void
  /// Whether whoever started the loop wants it to end soon; runs under way are cancelled.
  var isInterrupted: @Sendable () -> Bool
}
