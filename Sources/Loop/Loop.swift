// The door to the loop for programs: run a campaign, see how far it is, steer it from another
// terminal. Everything that is remembered is in the store.

public import Base
import Glibc
import Graph
import Models
public import Signing
public import Stemma

/// Runs campaigns.
public enum Loop {
  /// A key of the store's runner, and the name of the log that its statements are for.
  public struct Attestor: Sendable {
    public var key: SigningKey
    public var log: String

    public init(key: SigningKey, log: String) {
      self.key = key
      self.log = log
    }
  }

  /// What a run of the loop needs besides the campaign.
  public struct Options: Sendable {
    /// Whether to wait for people at `ask` gates and pauses, or to return there.
    public var waits: Bool
    /// Whether to carry out runs beside another runner of the campaign, where there is one, instead
    /// of being refused.
    public var shares = false
    /// Set to end soon; runs under way are cancelled and tried again later.
    public var cancellation: CancellationToken?
    /// Opens the vault; made in the store's folder where it is missing.
    public var owner: SigningKey
    /// Signs what the runner measures; without one, evals are claims like everybody's.
    public var attestor: Attestor?
    /// Told at every boundary; what it throws ends the loop there. For tests.
    public var onBoundary: @Sendable (LoopBoundary) throws -> Void
    /// So many steps share one durable commit at most; 1 for a commit per step. For tests.
    package var groupLimit = 64

    public init(
      owner: SigningKey, attestor: Attestor? = nil, waits: Bool = true,
      cancellation: CancellationToken? = nil,
      onBoundary: @escaping @Sendable (LoopBoundary) throws -> Void = { _ in }
    ) {
      self.owner = owner
      self.attestor = attestor
      self.waits = waits
      self.cancellation = cancellation
      self.onBoundary = onBoundary
    }
  }

  /// Runs a campaign until it is over, or goes on with one that was interrupted at any moment.
  ///
  /// - Returns: what became of it.
  /// - Throws: `store.busy` where another runner has it, `loop.state` where it cannot go on,
  ///   `limit.cancelled` where it was interrupted, and what sandbox and store throw.
  public static func run(
    _ campaign: Campaign, in database: Database, surroundings: Surroundings, options: Options,
    events: (LoopEvent) -> Void = { _ in }
  ) throws -> CampaignSummary {
    guard let path = database.path else {
      throw StemmaError(
        .loopState, "a loop needs a store on disk", advice: "Make one with `stemma init`.")
    }
    try LineageCheck.require(database)
    // Absolute from here on: paths go to other programs, which start elsewhere.
    let store = FilePaths.absolute(path, in: FilePaths.currentDirectory())
    try checkApart(store, from: campaign)
    let lock = try RunnerLock(
      store: store, campaign: campaign.name, shares: options.shares)
    defer { lock.release() }
    // What is not kept may have been removed since it was stored last, by another runner too.
    let objects = PendingObjects(
      DatabaseObjects(database: database), remembers: campaign.run.keep == .all)
    let local = SandboxExecutor(
      objects: objects,
      workspace: store + "/work/\(campaign.name)" + (lock.number == 0 ? "" : ".\(lock.number)"),
      keptFolder: store + "/resume/\(campaign.name)",
      callsFolder: store + "/calls/\(campaign.name)")
    let executor: any RunExecutor =
      try campaign.slurm.map {
        try SlurmExecutor(
          campaign, $0, store: HexText.encode(Array(database.storeIdentity.prefix(4))),
          objects: objects, local: local)
      } ?? local
    let vault = try FolderVault(directory: store + "/vault", key: options.owner)
    return try run(
      campaign, in: database, surroundings: surroundings, executor: executor, vault: vault,
      options: options, seat: lock, events: events)
  }

  /// An agent that sees the store sees sealed values, and the keys beside it.
  static func checkApart(_ store: String, from campaign: Campaign) throws {
    for path in campaign.visibleToAgent
    where FilePaths.contains(path, store) || FilePaths.contains(store, path) {
      throw StemmaError(
        .loopState, "the agent would see the store: \(path) and \(store) overlap",
        advice: "Keep the store outside what [proposer] and [run] mount, with --store.")
    }
  }

  /// The same with another executor and vault: for simulations and tests.
  package static func run(
    _ campaign: Campaign, in database: Database, surroundings: Surroundings,
    executor: any RunExecutor, vault: any Vault, options: Options,
    events: (LoopEvent) -> Void = { _ in }
  ) throws -> CampaignSummary {
    try run(
      campaign, in: database, surroundings: surroundings, executor: executor, vault: vault,
      options: options, seat: OnlySeat(), events: events)
  }

  static func run(
    _ campaign: Campaign, in database: Database, surroundings: Surroundings,
    executor: any RunExecutor, vault: any Vault, options: Options, seat: any RunnerSeat,
    events: (LoopEvent) -> Void
  ) throws -> CampaignSummary {
    try LineageCheck.grow(database, surroundings: surroundings)
    let cancellation = options.cancellation
    let isInterrupted: @Sendable () -> Bool = { cancellation?.isCancelled ?? false }
    return try withoutActuallyEscaping(events) { events in
      let engine = try LoopEngine(
        campaign,
        LoopEngine.Parts(
          database: database, executor: executor, vault: vault, surroundings: surroundings,
          attestor: options.attestor,
          environment: LoopEnvironment(
            sleep: { usleep(UInt32($0) * 1_000) },
            isInterrupted: isInterrupted),
          onEvent: events, onBoundary: options.onBoundary,
          groupLimit: options.groupLimit, seat: seat,
          makeProvider: { try provider($0, campaign, database, executor, isInterrupted) }))
      let end = try engine.run(waits: options.waits)
      return CampaignSummary(engine.state, end: end)
    }
  }

  /// Without a database a model gets no tools; without an executor no coding agent is started.
  static func provider(
    _ declaration: ProviderDeclaration, _ campaign: Campaign, _ database: Database?,
    _ executor: (any RunExecutor)?, _ isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> any Provider {
    switch declaration.kind {
    case .search(let exploration): SearchProvider(campaign: campaign, exploration: exploration)
    case .historian: HistorianProvider(campaign: campaign)
    case .command(let command, let timeout, let limit):
      CommandProvider(
        command: command, directory: campaign.directory, timeoutMilliseconds: timeout,
        outputLimitBytes: limit, isCancelled: isInterrupted)
    case .model(let endpoint):
      ModelProvider(
        ModelClient(endpoint, isCancelled: isInterrupted),
        tools: database.map(HistoryTools.all) ?? [])
    case .replay(let path):
      try ReplayProvider(
        jsonLines: FileBytes.read(path, limitBytes: 256 << 20), name: path)
    case .agent(let agent):
      try AgentProvider(
        agent: agent, campaign: campaign, executor: given(executor),
        objects: DatabaseObjects(database: given(database)), isCancelled: isInterrupted)
    // Nobody is asked: the policy waits for what is handed in.
    case .outside: ReplayProvider(answers: [:])
    }
  }

  /// What a coding agent needs, and only a loop has.
  private static func given<Part>(_ part: Part?) throws -> Part {
    guard let part else {
      throw StemmaError(
        .argumentInvalid, "a coding agent is only asked by a loop, where it has a tree",
        advice: "Leave --ask out: recorded answers are checked without it.")
    }
    return part
  }

  // MARK: From other terminals

  /// How far a campaign is, and whether anybody is at it; `nil` where the store has none of that
  /// name.
  public static func status(
    of campaign: String, in database: Database, surroundings: Surroundings
  ) throws -> CampaignSummary? {
    try LineageCheck.require(database)
    let mirror = try Mirror.load(campaign: campaign, from: database)
    guard let node = mirror.all("Campaign").first else { return nil }
    let declared = try Campaign.stored(node, name: campaign)
    return CampaignSummary(
      CampaignState(
        campaign: declared, mirror: mirror, today: declared.budgets.today(surroundings)),
      runnerIsAlive: runnerIsAlive(campaign, in: database))
  }

  /// Whether a campaign has started there with this very file.
  static func hasStarted(_ campaign: Campaign, in database: Database) throws -> Bool {
    let found = try database.query(
      "MATCH (c:Campaign {name: $name, specificationHash: $hash}) RETURN c",
      parameters: [
        "name": .text(campaign.name), "hash": .text(SHA256.hash(campaign.text).hex),
      ])
    return !found.rows.isEmpty
  }

  /// Whether a living runner holds a campaign; `nil` where that cannot be seen.
  public static func runnerIsAlive(_ campaign: String, in database: Database) -> Bool? {
    guard let path = database.path else { return nil }
    return RunnerLock.isHeld(
      store: FilePaths.absolute(path, in: FilePaths.currentDirectory()), campaign: campaign)
  }

  /// The names of the campaigns in a store, oldest first.
  public static func campaigns(in database: Database) throws -> [String] {
    try LineageCheck.require(database)
    let result = try database.query("MATCH (c:Campaign) RETURN c.name AS name ORDER BY id(c)")
    return result.rows.compactMap { row in
      if case .string(let name)? = row.first { name.string } else { nil }
    }
  }

  /// The name of the campaign that somebody means: the one named, or the only one of the store.
  /// Throws `loop.state` where it is not there, or where there are none or several.
  public static func campaign(_ named: String?, in database: Database) throws -> String {
    let names = try campaigns(in: database)
    if let named {
      guard names.contains(named) else { throw unknown(named, in: database) }
      return named
    }
    guard names.count == 1, let name = names.first else {
      throw StemmaError(
        .loopState,
        names.isEmpty ? "there is no campaign in this store" : "there are several campaigns",
        advice: names.isEmpty
          ? "start one with: stemma loop run FILE" : "name one: \(names.joined(separator: ", "))")
    }
    return name
  }

  /// What a running loop can be asked for.
  public enum Request: String, Sendable, CaseIterable { case pause, resume, stop }

  /// What can be asked for one run.
  public enum RunRequest: String, Sendable, CaseIterable {
    /// End it; its proposal ends with it.
    case cancel
    /// End the attempt that is under way and start another.
    case requeue
  }

  /// Asks the loop to end one run, or to start it anew; it obeys within a second while it carries
  /// runs out. Where no loop is running, the next one obeys first.
  ///
  /// - Returns: the name of the run's campaign.
  /// - Throws: `key.not-found` where there is no such run, `loop.state` where it has ended.
  @discardableResult
  public static func request(
    _ request: RunRequest, ofRun run: String, reason: String, by actor: String,
    in database: Database, surroundings: Surroundings
  ) throws -> String {
    try LineageCheck.require(database)
    try requireReason(reason)
    let found = try database.query(
      "MATCH (r:Run {key: $key})-[:IN*1..2]->(c:Campaign) RETURN c, c.name, c.status, r.status, "
        + "EXISTS { (:Eval)-[:EVALUATES]->(r) }",
      parameters: ["key": .text(run)])
    guard let row = found.rows.first, case .node(let id) = row[0], case .string(let name) = row[1],
      case .string(let status) = row[2], case .string(let ending) = row[3]
    else {
      throw StemmaError(
        .keyNotFound, "there is no run '\(run)' in this store",
        advice: "`stemma query 'MATCH (r:Run) RETURN r.key, r.status'` lists them.")
    }
    let isOpen =
      ending == "planned" || ending == "running"
      || (ending == "finished" && row[4] == .boolean(false))
    guard isOpen, status != "finished", status != "stopped" else {
      throw StemmaError(
        .loopState, "\(run) is \(ending); there is nothing to \(request.rawValue)",
        advice: "Only a run that is planned or under way can be cancelled or queued again.")
    }
    try append(
      Control(action: request.rawValue, about: run, reason: reason), to: id, by: actor,
      in: database, surroundings: surroundings)
    return name.string
  }

  /// A request as it is stored.
  struct Control {
    var action: String
    var about: String?
    var content: String?
    var reason: String
  }

  /// Returns its key.
  @discardableResult
  static func append(
    _ control: Control, to campaign: NodeID, by actor: String, in database: Database,
    surroundings: Surroundings
  ) throws -> String {
    var transaction = StepTransaction()
    let node = transaction.create(
      "Control",
      [
        ("action", .text(control.action)), ("about", control.about.map { .text($0) }),
        ("contentHash", control.content.map { .text($0) }),
        ("reason", .text(control.reason)), ("at", .dateTime(ZonedDateTime(surroundings.now()))),
      ])
    transaction.connect(node, "IN", .id(campaign))
    if control.content != nil {
      transaction.connect(node, "BY", try transaction.actor(actor, kind: "agent", in: database))
    }
    let what = control.action + (control.about.map { " \($0)" } ?? "")
    return try append(
      transaction, by: actor, reason: "asked to \(what): \(control.reason)", in: database,
      surroundings: surroundings)
  }

  /// Appends something that no step of a loop is; returns the key of the first node that it makes.
  static func append(
    _ transaction: StepTransaction, by actor: String, reason: String, in database: Database,
    surroundings: Surroundings
  ) throws -> String {
    try LineageCheck.grow(database, surroundings: surroundings)
    let receipt = try database.append(
      TransactionRequest(
        requestID: RequestID(high: surroundings.random(), low: surroundings.random()),
        actor: Text(actor), reason: Text(reason), operations: transaction.operations))
    return (receipt.keys.first ?? nil)?.string ?? ""
  }

  /// Asks the loop of a campaign for something; it obeys at its next step, at once where it waits.
  /// Where no loop is running, the next one obeys first.
  ///
  /// - Throws: `loop.state` where the campaign is over: a finished one can be asked for nothing, a
  ///   stopped one only to go on.
  public static func request(
    _ request: Request, of campaign: String, reason: String, by actor: String,
    in database: Database, surroundings: Surroundings
  ) throws {
    try LineageCheck.require(database)
    try requireReason(reason)
    let found = try database.query(
      "MATCH (c:Campaign {name: $name}) RETURN c, c.status", parameters: ["name": .text(campaign)])
    guard let row = found.rows.first, case .node(let id) = row[0], case .string(let status) = row[1]
    else { throw unknown(campaign, in: database) }
    try refusePointless(request, of: campaign, status: status.string)
    try append(
      Control(action: request.rawValue, about: nil, reason: reason), to: id, by: actor,
      in: database, surroundings: surroundings)
  }

  private static func requireReason(_ reason: String) throws {
    guard reason.allSatisfy(\.isWhitespace) else { return }
    throw StemmaError(
      .argumentInvalid, "the reason is empty; it is kept in the log for whoever asks why",
      advice: "For example: --reason 'the machine is needed'")
  }

  private static func refusePointless(
    _ request: Request, of campaign: String, status: String
  ) throws {
    guard status == "finished" || (status == "stopped" && request != .resume) else { return }
    throw StemmaError(
      .loopState,
      "the campaign '\(campaign)' is \(status); there is nothing to \(request.rawValue)",
      advice: status == "finished"
        ? "`stemma loop status \(campaign)` shows what it found."
        : "`stemma loop resume` lets it go on with the next `stemma loop run`.")
  }

  package static func unknown(_ campaign: String, in database: Database) -> StemmaError {
    let names = (try? campaigns(in: database)) ?? []
    return StemmaError(
      .loopState, "there is no campaign '\(campaign)' in this store",
      advice: names.isEmpty
        ? "`stemma loop run FILE` starts one." : Suggestion.advice(for: campaign, among: names))
  }
}
