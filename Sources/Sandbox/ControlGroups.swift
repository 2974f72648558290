// The control groups of one run: made or lent, limited, read, killed, removed or given back.
// Version 2 where it carries the controllers; else version 1 for the limits and a version 2 group,
// which needs no controller, for the kill. It must never touch a group that is not its run's own or
// lent to it by its slot.

import Base
import Glibc
import Synchronization

/// The groups of one run: those that remember are fresh, the others are lent by its slot.
final class ControlGroups {
  /// Groups of this run alone, one for each hierarchy.
  private let fresh: [ControlGroup]
  private let memory: ControlGroup?
  private let processes: ControlGroup?
  private let freezer: ControlGroup?
  /// The version 2 group where it is fresh.
  private let unified: ControlGroup?
  /// Groups that other runs used before; `nil` where there are none of that kind, and at the end.
  private var kept: KeptGroups?
  private let isUnified: Bool
  /// Files of counters that are asked for again and again.
  private let memoryEvents: Descriptor?
  private let processorTime: Descriptor?
  private let countsNanoseconds: Bool
  /// What earlier runs used in the kept groups.
  private let earlierMicroseconds: Int
  private var hasEnded = false
  /// New groups of this machine have the period that we want.
  private static let periodIsUsual = Atomic<Bool>(false)
  private static let peaksAreKept = Atomic<Bool>(false)

  /// Which budgets these groups hold, for the record.
  let mechanism: String

  /// The version 2 group, in which a process can be born; a folder that this object keeps open.
  var birthplace: Int32? {
    if let folder = kept?.birthplace { return folder }
    return unified?.folder.number
  }

  /// The version 1 groups, which a process joins itself; folders that this object keeps open.
  var joined: [Int32] {
    var folders = fresh.filter { $0.path != unified?.path }.map(\.folder.number)
    if let folder = kept?.joined ?? nil { folders.append(folder) }
    return folders
  }

  /// The folders that a run of this name would make, or `nil` where groups cannot carry the
  /// budgets.
  /// `isProbe` changes nothing on the machine.
  static func folders(
    named name: String, _ layout: ControlGroupLayout, isProbe: Bool = false
  ) -> [String: String]? {
    parents(layout, isProbe: isProbe)?.mapValues { "\($0)/\(name)" }
  }

  /// The folders in which every run makes its own.
  static func parents(_ layout: ControlGroupLayout, isProbe: Bool) -> [String: String]? {
    if layout.unifiedCarriesBudgets {
      return unifiedParent(layout, isProbe: isProbe).map { ["": $0] }
    }
    guard let memory = layout.legacy["memory"], let processes = layout.legacy["pids"],
      let cpu = layout.legacy["cpu"], layout.unified != nil || layout.legacy["freezer"] != nil
    else { return nil }
    var result = ["memory": memory, "pids": processes, "cpu": cpu]
    result["freezer"] = layout.legacy["freezer"]
    result[""] = layout.unified
    // A version 2 group accounts for processor time without any controller.
    if layout.unified == nil { result["cpuacct"] = layout.legacy["cpuacct"] }
    return result
  }

  /// The nearest group at or above our own whose children get the controllers; a group that holds
  /// processes may not have such children, so it is mostly the one above.
  private static func unifiedParent(_ layout: ControlGroupLayout, isProbe: Bool) -> String? {
    guard var folder = layout.unified else { return nil }
    while KernelFile.exists(folder + "/cgroup.controllers") {
      let text = KernelFile.read(folder + "/cgroup.subtree_control") ?? ""
      let given = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
      if given.isSuperset(of: ["memory", "pids", "cpu"]) { return folder }
      let isEmpty = (KernelFile.read(folder + "/cgroup.procs") ?? "").isEmpty
      if isProbe, isEmpty, access(folder + "/cgroup.subtree_control", W_OK) == 0 { return folder }
      if !isProbe,
        KernelFile.write(folder + "/cgroup.subtree_control", "+memory +pids +cpu") == 0
      {
        return folder
      }
      guard let slash = folder.lastIndex(of: "/") else { return nil }
      folder = String(folder[..<slash])
    }
    return nil
  }

  /// Makes the groups that `kept` does not have and sets the limits; on an error nothing is left.
  init(
    named name: String, layout: ControlGroupLayout, budget: SandboxBudget,
    kept lent: consuming KeptGroups?
  ) throws {
    guard var places = ControlGroups.folders(named: name, layout) else {
      throw StemmaError(.sandboxUnavailable, "this machine has no control groups for the budgets")
    }
    let roles = KeptGroups.roles(layout)
    if !roles.isEmpty {
      var groups = lent.take()
      if groups == nil { groups = try KeptGroups(making: places.filter { roles.contains($0.key) }) }
      kept = groups.take()
      places = places.filter { !roles.contains($0.key) }
    }
    isUnified = layout.unifiedCarriesBudgets
    mechanism = isUnified ? "control groups version 2" : "control groups version 1"
    var made: [String: ControlGroup] = [:]
    do {
      // First the one that says whether anything has to be frozen to be killed.
      let first = try places[""].map { try ControlGroup(making: $0) }
      if let first { made[first.path] = first }
      if kept?.canKill ?? first?.has("cgroup.kill") ?? false { places["freezer"] = nil }
      // Two controllers may share one mount; then they share the folder.
      for place in Set(places.values) where made[place] == nil {
        made[place] = try ControlGroup(making: place)
      }
      unified = first
      memory = (isUnified ? places[""] : places["memory"]).flatMap { made[$0] }
      processes = (isUnified ? places[""] : places["pids"]).flatMap { made[$0] }
      freezer = places["freezer"].flatMap { made[$0] }
      fresh = made.values.sorted { $0.path < $1.path }
      let accounting = (places[""] ?? places["cpuacct"] ?? places["cpu"]).flatMap { made[$0] }
      memoryEvents = memory?.open(isUnified ? "memory.events" : "memory.oom_control", O_RDONLY)
      // Where version 1 mounts both controllers in one place, its cpu.stat does not say it.
      let time = kept == nil ? accounting?.open("cpu.stat", O_RDONLY) : nil
      countsNanoseconds =
        kept == nil
        && time.flatMap { KernelFile.integer(in: $0.number, key: ControlGroups.timeKey) } == nil
      processorTime = countsNanoseconds ? accounting?.open("cpuacct.usage", O_RDONLY) : time
      // Nobody is inside, so it stands still until the sandbox starts.
      earlierMicroseconds = kept?.microseconds ?? 0
      try limit(budget, cpu: places["cpu"].flatMap { made[$0] })
    } catch {
      for group in made.values { group.remove() }
      throw error
    }
  }

  private func limit(_ budget: SandboxBudget, cpu: ControlGroup?) throws {
    let quota = max(1_000, Int((budget.cpus * 100_000).rounded()))
    if isUnified, let group = unified {
      try group.set("memory.max", budget.memoryBytes)
      group.write("memory.swap.max", "0")
      group.write("memory.oom.group", "1")
      try group.set("pids.max", budget.processes)
      try ControlGroup.require(
        group.write("cpu.max", "\(quota) 100000"), "\(group.path)/cpu.max")
      return
    }
    if let memory {
      try memory.set("memory.limit_in_bytes", budget.memoryBytes)
      // Without the second limit swap would be free memory; machines without swap accounting lack
      // it.
      let both = "memory.memsw.limit_in_bytes"
      let code = memory.write(both, String(budget.memoryBytes))
      if code != 0, memory.has(both) {
        try ControlGroup.require(code, "\(memory.path)/\(both)")
      }
      // Buffers of sockets are counted apart in version 1, and not at all until they have a limit.
      memory.write("memory.kmem.tcp.limit_in_bytes", String(budget.memoryBytes / 4))
    }
    try processes?.set("pids.max", budget.processes)
    if let cpu {
      let file = try ControlGroups.quotaFile(cpu)
      try ControlGroup.require(
        KernelFile.write(to: file.number, String(quota)), "\(cpu.path)/\(ControlGroups.quotaName)")
    }
    try kept?.limit(quota)
  }

  static let quotaName = "cpu.cfs_quota_us"

  /// The file of the quota of a new version 1 group, for periods of a tenth of a second.
  static func quotaFile(_ cpu: ControlGroup) throws -> Descriptor {
    // A new group has this period, and setting it again costs as much as setting the quota.
    if !periodIsUsual.load(ordering: .relaxed) {
      if cpu.integer("cpu.cfs_period_us") == 100_000 {
        periodIsUsual.store(true, ordering: .relaxed)
      } else {
        try cpu.set("cpu.cfs_period_us", 100_000)
      }
    }
    guard let file = cpu.open(quotaName, O_WRONLY) else {
      throw SystemFailure(action: "cannot open \(cpu.path)/\(quotaName)", code: errno).error
    }
    return file
  }

  // MARK: Reading

  static let timeKey = "usage_usec"

  /// CPU time of everything that ever ran in the groups for this run.
  var cpuMilliseconds: Int {
    if let now = kept?.microseconds { return max(0, now - earlierMicroseconds) / 1_000 }
    guard let file = processorTime?.number else { return 0 }
    return countsNanoseconds
      ? (KernelFile.integer(in: file) ?? 0) / 1_000_000
      : (KernelFile.integer(in: file, key: ControlGroups.timeKey) ?? 0) / 1_000
  }

  /// How often the kernel ended a process because the memory was used up.
  var memoryKills: Int {
    memoryEvents.flatMap { KernelFile.integer(in: $0.number, key: "oom_kill") } ?? 0
  }

  /// The most memory ever charged, page cache included; `nil` before Linux 5.19 with version 2.
  var memoryPeakBytes: Int? {
    memory?.integer(isUnified ? "memory.peak" : "memory.max_usage_in_bytes")
  }

  /// What is charged now.
  var memoryNow: Int {
    memory?.integer(isUnified ? "memory.current" : "memory.usage_in_bytes") ?? 0
  }

  var processesNow: Int { processes?.integer("pids.current") ?? 0 }
  var processesPeak: Int? { processes?.integer("pids.peak") }
  /// Whether the kernel keeps both peaks: it does so for all groups of a machine or for none.
  var keepsPeaks: Bool {
    if ControlGroups.peaksAreKept.load(ordering: .relaxed) { return true }
    let areKept = processesPeak != nil && memoryPeakBytes != nil
    if areKept { ControlGroups.peaksAreKept.store(true, ordering: .relaxed) }
    return areKept
  }

  /// How often a fork was refused because there were too many processes.
  var refusedForks: Int { processes?.integer("pids.events", key: "max") ?? 0 }

  // MARK: The end

  private static let dyingMilliseconds = 20

  /// Kills everything in the groups and waits until they are empty; false where something lives on.
  /// What dies with bubblewrap, which is dead already, gets a moment for that: groups that had to
  /// be killed are not used again.
  func killAll(deadlineMilliseconds: Int = 5_000) -> Bool {
    let start = MonotonicClock.milliseconds()
    let end = start + deadlineMilliseconds
    if kept != nil {
      while !isEmpty, MonotonicClock.milliseconds() < start + ControlGroups.dyingMilliseconds {
        usleep(200)
      }
    }
    repeat {
      if isEmpty { return true }
      if !killAtOnce() { killFrozen() }
      usleep(500)
    } while MonotonicClock.milliseconds() < end
    return isEmpty
  }

  /// One write reaches every process, also one that forks meanwhile.
  private func killAtOnce() -> Bool {
    kept?.killAll() ?? unified.map { $0.write("cgroup.kill", "1") == 0 } ?? false
  }

  /// Kernels before 5.14: freeze, signal everyone, thaw.
  private func killFrozen() {
    kept?.freeze(true)
    unified?.write("cgroup.freeze", "1")
    freezer?.write("freezer.state", "FROZEN")
    for process in fresh.flatMap(\.processes) + (kept?.processes ?? []) where process > 1 {
      kill(process, SIGKILL)
    }
    freezer?.write("freezer.state", "THAWED")
    unified?.write("cgroup.freeze", "0")
    kept?.freeze(false)
  }

  private var isEmpty: Bool {
    if let isEmpty = kept?.isEmpty { return isEmpty }
    if let unified { return unified.integer("cgroup.events", key: "populated") == 0 }
    return fresh.allSatisfy(\.processes.isEmpty)
  }

  /// Removes the groups of this run and gives back those that were lent, which are nobody's from
  /// then on. Once: without a caller who wants them they are removed too.
  func end() -> KeptGroups? {
    hasEnded = true
    for group in fresh { group.remove() }
    return kept.take()
  }

  deinit {
    guard !hasEnded else { return }
    for group in fresh { group.remove() }
  }
}
