// Which mechanism holds which budget here, decided before anything starts. As root every budget
// has an exact mechanism or the run is refused, unless the owner allowed the weaker one by name.
// An ordinary user has no exact mechanism for most; then the weaker ones are used and the record
// names them.

import Base
import Glibc

/// A mechanism that holds a budget only nearly; the owner may allow it by this name.
enum Weakness: String, CaseIterable, Sendable {
  case memoryByPolling = "memory-by-polling"
  case processesByPolling = "processes-by-polling"
  case cpuByPolling = "cpu-by-polling"
  case cpusByAffinity = "cpus-by-affinity"
  case diskByPolling = "disk-by-polling"
  case sharedUser = "shared-user"
}

/// A budget that this machine holds only nearly.
public struct InexactGuard: Sendable, Hashable {
  /// What is guarded, for example `disk`.
  public var name: String
  /// What the owner calls it to accept it, for example `disk-by-polling`.
  public var weakness: String
  /// What holds it instead, in words.
  public var mechanism: String

  public init(name: String, weakness: String, mechanism: String) {
    self.name = name
    self.weakness = weakness
    self.mechanism = mechanism
  }
}

/// What guards a run.
struct GuardPlan: Sendable {
  var usesGroups: Bool
  var disk: RunDisk.Kind
  var usesSlot: Bool
  var guards: [(name: String, mechanism: String)]
  /// The budgets among them that are held only nearly.
  var inexact: [InexactGuard] = []

  /// Throws `sandbox.unavailable` where the machine or the specification rules the run out.
  init(_ specification: SandboxSpecification, on machine: MachineProbe) throws {
    try GuardPlan.requireIsolation(machine)
    let groups = machine.carriesBudgetsInGroups
    usesGroups = groups
    disk = GuardPlan.disk(specification, on: machine)
    usesSlot = machine.isRoot
    guards = [
      ("isolation", "bubblewrap: own user, process, mount, network, ipc and host-name spaces"),
      ("system-calls", "seccomp deny list, sockets of unix, inet, inet6 and route netlink only"),
      ("privileges", "no capabilities, no-new-privileges"),
      ("descriptors", "all closed but those passed"), ("environment", "empty but the declared one"),
    ]
    var used: Set<Weakness> = []
    func hold(_ name: String, exact: String?, weak: String, _ weakness: Weakness) {
      guards.append((name, exact ?? "\(weak) (\(weakness.rawValue), not exact)"))
      guard exact == nil else { return }
      used.insert(weakness)
      inexact.append(InexactGuard(name: name, weakness: weakness.rawValue, mechanism: weak))
    }
    let exact = groups ? machine.groupMechanism : nil
    hold(
      "identity", exact: usesSlot ? "own user id per run" : nil,
      weak: "the caller's own user id", .sharedUser)
    hold("memory", exact: exact, weak: "polling of proportional set sizes", .memoryByPolling)
    hold("processes", exact: exact, weak: "polling", .processesByPolling)
    hold(
      "cpu", exact: exact.map { $0 + ", polled accounting" },
      weak: "polling and RLIMIT_CPU", .cpuByPolling)
    hold("cpus", exact: exact, weak: "processor affinity, rounded up", .cpusByAffinity)
    hold(
      "disk", exact: GuardPlan.exactDisk(disk), weak: "polling and RLIMIT_FSIZE", .diskByPolling)
    guards.append(("wall", "monotonic clock, whole tree killed"))
    guards.append(("log", "pipes read to the budget, the rest dropped"))
    try GuardPlan.refuse(used, specification, isRoot: machine.isRoot)
  }

  /// A disk of at most this part of the memory budget may lie in memory: it is made in a tenth of
  /// the time of an image, and what a program writes there counts as its memory.
  static let memoryShareOfDisk = 16

  private static func disk(
    _ specification: SandboxSpecification, on machine: MachineProbe
  ) -> RunDisk.Kind {
    guard machine.isRoot else { return .folder }
    let budget = specification.budget
    let small = budget.memoryBytes / memoryShareOfDisk
    // What is inspected is ours, and is in nobody's budget: only as much as is small too.
    let inspected = specification.inspected.map { $0.layout.map { $0.needs.bytes } }
    if machine.carriesBudgetsInGroups, budget.diskBytes <= small,
      inspected.allSatisfy({ ($0 ?? .max) <= small })
    {
      return .memory
    }
    return machine.hasLoopDevices && machine.hasFileSystemTools ? .image : .folder
  }

  private static func exactDisk(_ disk: RunDisk.Kind) -> String? {
    switch disk {
    case .folder: nil
    case .image: "ext4 image of that size"
    case .memory: "tmpfs of that size, counted as memory"
    }
  }

  private static func requireIsolation(_ machine: MachineProbe) throws {
    guard machine.bubblewrap != nil else {
      throw StemmaError(
        .sandboxUnavailable, "bubblewrap (bwrap) is not installed",
        advice: "Install it (apt-get install bubblewrap); nothing runs unconfined.")
    }
    guard machine.isRoot || !machine.hasRootUser else {
      throw StemmaError(
        .sandboxUnavailable, "root here may neither mount nor change users (a container)",
        advice: "Run as an ordinary user, or give the container CAP_SYS_ADMIN.")
    }
    guard machine.hasUserNamespaces else {
      throw StemmaError(
        .sandboxUnavailable, "this machine lets nobody make user namespaces",
        advice: "See kernel.unprivileged_userns_clone, user.max_user_namespaces, and AppArmor's "
          + "apparmor_restrict_unprivileged_userns.")
    }
  }

  private static func refuse(
    _ used: Set<Weakness>, _ specification: SandboxSpecification, isRoot: Bool
  ) throws {
    let allowed = specification.allowedWeaknesses
    if let unknown = allowed.filter({ Weakness(rawValue: $0) == nil }).sorted().first {
      let known = Weakness.allCases.map(\.rawValue).sorted()
      throw StemmaError(
        .argumentInvalid, "there is no weakness named \(unknown)",
        advice: "Known: \(known.joined(separator: ", ")).")
    }
    guard isRoot, !used.isEmpty else { return }
    let missing = used.filter { !allowed.contains($0.rawValue) }
    guard let first = missing.map(\.rawValue).sorted().first else { return }
    throw StemmaError(
      .sandboxUnavailable, "a budget cannot be held exactly on this machine: \(first)",
      advice: "See `stemma sandbox probe`; allow the weakness by that name to run anyway.")
  }
}
