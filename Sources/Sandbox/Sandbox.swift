// The sandbox's door: run a program under hard budgets and collect what it left. It knows nothing
// of campaigns or graphs. Whatever happens, when a run returns or throws nothing of it is alive or
// mounted.

import Base
import Glibc

/// Runs programs under hard budgets, with no network and no way out.
public struct Sandbox: Sendable {
  let machine: MachineProbe
  /// Shared by the copies of this value; what they keep between runs is gone with the last of them.
  private let slots = SlotPool()

  public init() { machine = MachineProbe.current }

  /// For tests of machines that have less than this one.
  package init(machine: MachineProbe) { self.machine = machine }

  /// Runs a program and returns when its whole process tree is gone and its files are safe to read.
  /// Blocks its thread; call it from a thread of your own, not from a concurrency pool.
  ///
  /// - Parameters:
  ///   - started: told the names (control groups) that a janitor would have to remove if this
  ///     process were killed, before they are made; see `removeLeftovers`.
  ///   - isCancelled: asked every 20 ms.
  ///   - onOutput: standard output and error as they come, up to the log budget.
  /// - Throws: `sandbox.unavailable` where a budget cannot be held here, `argument.invalid` for a
  ///   specification that makes no sense, `sandbox.failed` for faults of the machine.
  public func run(
    _ specification: SandboxSpecification,
    started: (_ resources: [String]) throws -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false },
    onOutput: @escaping (SandboxStream, ArraySlice<UInt8>) -> Void = { _, _ in }
  ) throws -> SandboxOutcome {
    let specification = try SpecificationCheck.resolve(specification)
    // Opened before anything hostile runs: a folder that is replaced later is not followed.
    let target = try specification.collection?.destination.map { try FolderWriter(path: $0) }
    let home =
      specification.writesBack && specification.layout == nil
      ? try FolderWriter(path: specification.workDirectory) : nil
    let plan = try GuardPlan(specification, on: machine)
    // Where anything throws the slot goes, and what it keeps with it.
    var slot = plan.usesSlot ? try slots.take() : nil
    let groups = try makeGroups(plan, specification.budget, &slot, started)
    let user = slot?.user
    let files = try slot?.files(isWatchedByLooks: groups == nil)
    let workSpace =
      plan.disk == .folder
      ? try WorkSpace(folder: specification)
      : try WorkSpace(specification, plan.disk, user: user ?? getuid())
    let kept = try specification.kept.map {
      try KeptDisk($0, onDisks: plan.disk != .folder && machine.hasLoopDevices, user: user)
    }
    let launcher = Launcher(
      specification: specification, machine: machine, plan: plan, workSpace: workSpace,
      groups: groups, user: user, files: try files ?? PassedFiles(isWatchedByLooks: groups == nil),
      kept: kept)
    let launch: Launch
    do { launch = try launcher.start() } catch {
      _ = groups?.killAll()
      throw error
    }
    var supervisor = Supervisor(
      specification: specification, launch: launch, groups: groups, workSpace: workSpace,
      kept: kept, isCancelled: isCancelled, onOutput: onOutput)
    var outcome = supervisor.run()
    outcome.guards = plan.guards
    if let collection = specification.collection {
      try Collector.collect(
        collection, from: workSpace.work, to: target, large: specification.largeFiles,
        into: &outcome)
    }
    if let home, workSpace.disk != nil {
      Collector.writeBack(
        from: workSpace.work, to: home, copied: workSpace.copied, budget: specification.budget,
        into: &outcome)
    }
    var lent = groups?.end()
    if outcome.status != .failed, var free = slot.take() {
      swap(&free.groups, &lent)
      slots.keep(free)
    }
    return outcome
  }

  /// The groups of a run: those that its slot keeps, and fresh ones.
  private func makeGroups(
    _ plan: GuardPlan, _ budget: SandboxBudget, _ slot: inout Slot?,
    _ started: (_ resources: [String]) throws -> Void
  ) throws -> ControlGroups? {
    guard plan.usesGroups else {
      try started([])
      return nil
    }
    let name = RunName.next().text
    var kept = slot?.groups.take() ?? nil
    var folders = ControlGroups.folders(named: name, machine.groups) ?? [:]
    if kept != nil {
      for role in KeptGroups.roles(machine.groups) { folders[role] = nil }
    }
    try started(Set(folders.values).union(kept?.paths ?? []).sorted())
    return try ControlGroups(
      named: name, layout: machine.groups, budget: budget, kept: kept.take())
  }

  /// Which mechanism would hold which budget of a run here, weaker ones named as such.
  ///
  /// - Throws: `sandbox.unavailable` where nothing can run at all.
  public func guards() throws -> [(name: String, mechanism: String)] { try anyPlan().guards }

  /// The budgets that would be held only nearly here, in the order of `guards`; none where all are
  /// exact.
  ///
  /// - Throws: `sandbox.unavailable` where nothing can run at all.
  public func inexactGuards() throws -> [InexactGuard] { try anyPlan().inexact }

  /// Every name by which an owner may accept a weaker guard.
  public static var weaknesses: [String] { Weakness.allCases.map(\.rawValue) }

  /// Starts `true`, weaker guards allowed: what no look at files can tell, such as whether
  /// bubblewrap is one.
  ///
  /// - Throws: `sandbox.unavailable` where nothing can run here.
  public func check() throws {
    _ = try anyPlan()
    let folder = try ScratchFolder()
    var specification = SandboxSpecification(
      command: ["true"], workDirectory: folder.path, budget: SandboxBudget())
    specification.allowedWeaknesses = Set(Self.weaknesses)
    let outcome = try run(specification)
    guard outcome.status == .exited, outcome.exitCode == 0 else {
      throw StemmaError(
        .sandboxUnavailable,
        "a sandbox does not even start `true`: "
          + (outcome.message ?? "exit code \(outcome.exitCode ?? -1)"),
        advice: "Look whether \(machine.bubblewrap ?? "bwrap") is bubblewrap.")
    }
  }

  private func anyPlan() throws -> GuardPlan {
    var specification = SandboxSpecification(
      command: ["true"], workDirectory: "/", budget: SandboxBudget())
    specification.allowedWeaknesses = Set(Self.weaknesses)
    return try GuardPlan(specification, on: machine)
  }

  /// Folders of programs and libraries that are seen in every sandbox.
  package static var systemFolders: [String] { BubblewrapOptions.system }

  /// Whether a folder of one's own can be at that place, or it is the system's.
  package static func isMountable(_ path: String) -> Bool { SpecificationCheck.isMountable(path) }

  package static let mountAdvice =
    "The system's programs and libraries are there already; name a folder of your own."
}
