// The control groups of one run: made, limited, read, killed, removed. Version 2 where it carries
// the controllers; else version 1 for the limits and a version 2 group, which needs no controller,
// for the kill. It must never touch a group that is not named after its own run.

import Base
import Glibc
import Synchronization

/// The groups of one run.
final class ControlGroups: Sendable {
  /// Group folders; each is one hierarchy's.
  let folders: [String]
  /// The version 2 group, in which a process can be born.
  var birthplace: String? { unified }
  /// The version 1 groups, which a process joins itself.
  var legacyFolders: [String] { folders.filter { $0 != unified } }
  private let unified: String?
  private let memory: String?
  private let processes: String?
  private let freezer: String?
  private let isUnified: Bool
  /// Files of counters that are asked for again and again.
  private let memoryEvents: Descriptor?
  private let processorTime: Descriptor?
  private let countsNanoseconds: Bool
  /// New groups of this machine have the period that we want.
  private static let periodIsUsual = Atomic<Bool>(false)

  /// Which budgets these groups hold, for the record.
  let mechanism: String

  /// The folders that a run of this name would make, or `nil` where groups cannot carry the
  /// budgets.
  /// `isProbe` changes nothing on the machine.
  static func folders(
    named name: String, _ layout: ControlGroupLayout, isProbe: Bool = false
  ) -> [String: String]? {
    if layout.unifiedCarriesBudgets {
      return unifiedParent(layout, isProbe: isProbe).map { ["": "\($0)/\(name)"] }
    }
    guard let memory = layout.legacy["memory"], let processes = layout.legacy["pids"],
      let cpu = layout.legacy["cpu"], layout.unified != nil || layout.legacy["freezer"] != nil
    else { return nil }
    var result = ["memory": memory, "pids": processes, "cpu": cpu]
    result["freezer"] = layout.legacy["freezer"]
    result[""] = layout.unified
    // A version 2 group accounts for processor time without any controller.
    if layout.unified == nil { result["cpuacct"] = layout.legacy["cpuacct"] }
    return result.mapValues { "\($0)/\(name)" }
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

  /// Makes the groups and sets the limits; on an error nothing is left.
  init(named name: String, layout: ControlGroupLayout, budget: SandboxBudget) throws {
    guard var places = ControlGroups.folders(named: name, layout) else {
      throw StemmaError(.sandboxUnavailable, "this machine has no control groups for the budgets")
    }
    let isMade = places[""].map { mkdir($0, 0o755) == 0 } ?? false
    if isMade, let unified = places[""], KernelFile.exists(unified + "/cgroup.kill") {
      places["freezer"] = nil  // Nothing has to be frozen to be killed.
    }
    isUnified = layout.unifiedCarriesBudgets
    unified = places[""]
    memory = isUnified ? places[""] : places["memory"]
    processes = isUnified ? places[""] : places["pids"]
    let accounting = places[""] ?? places["cpuacct"] ?? places["cpu"]
    freezer = places["freezer"]
    mechanism = isUnified ? "control groups version 2" : "control groups version 1"
    // Two controllers may share one mount; then they share the folder.
    folders = Set(places.values).sorted()
    do {
      for folder in folders where !isMade || folder != places[""] {
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
          throw SystemFailure(action: "cannot make the control group \(folder)", code: errno).error
        }
      }
      memoryEvents = ControlGroups.file(
        memory, isUnified ? "memory.events" : "memory.oom_control")
      // Where version 1 mounts both controllers in one place, its cpu.stat does not say it.
      let time = ControlGroups.file(accounting, "cpu.stat")
      countsNanoseconds =
        time.flatMap { KernelFile.integer(in: $0.number, key: ControlGroups.timeKey) } == nil
      processorTime = countsNanoseconds ? ControlGroups.file(accounting, "cpuacct.usage") : time
      try limit(budget, places)
    } catch {
      ControlGroups.remove(folders: folders)
      throw error
    }
  }

  private static let timeKey = "usage_usec"

  private static func file(_ group: String?, _ name: String) -> Descriptor? {
    group.flatMap { try? Descriptor.open(trusted: "\($0)/\(name)", O_RDONLY) }
  }

  private func limit(_ budget: SandboxBudget, _ places: [String: String]) throws {
    let quota = max(1_000, Int((budget.cpus * 100_000).rounded()))
    if isUnified, let group = places[""] {
      try set(group, "memory.max", budget.memoryBytes)
      try set(group, "memory.swap.max", 0, isRequired: false)
      try set(group, "memory.oom.group", 1, isRequired: false)
      try set(group, "pids.max", budget.processes)
      try require(KernelFile.write("\(group)/cpu.max", "\(quota) 100000"), "\(group)/cpu.max")
      return
    }
    if let group = places["memory"] {
      try set(group, "memory.limit_in_bytes", budget.memoryBytes)
      // Without the second limit swap would be free memory; machines without swap accounting lack
      // it.
      let both = "\(group)/memory.memsw.limit_in_bytes"
      let code = KernelFile.write(both, String(budget.memoryBytes))
      if code != 0, KernelFile.exists(both) { try require(code, both) }
    }
    // Buffers of sockets are counted apart in version 1, and not at all until they have a limit.
    if let group = places["memory"] {
      try set(group, "memory.kmem.tcp.limit_in_bytes", budget.memoryBytes / 4, isRequired: false)
    }
    if let group = places["pids"] { try set(group, "pids.max", budget.processes) }
    if let group = places["cpu"] {
      // A new group has this period, and setting it again costs as much as setting the quota.
      if !ControlGroups.periodIsUsual.load(ordering: .relaxed) {
        if KernelFile.integer("\(group)/cpu.cfs_period_us") == 100_000 {
          ControlGroups.periodIsUsual.store(true, ordering: .relaxed)
        } else {
          try set(group, "cpu.cfs_period_us", 100_000)
        }
      }
      try set(group, "cpu.cfs_quota_us", quota)
    }
  }

  private func set(
    _ group: String, _ file: String, _ value: Int, isRequired: Bool = true
  ) throws {
    let code = KernelFile.write("\(group)/\(file)", String(value))
    if isRequired { try require(code, "\(group)/\(file)") }
  }

  private func require(_ code: Int32, _ file: String) throws {
    guard code != 0 else { return }
    throw StemmaError(
      .sandboxUnavailable,
      "cannot set \(file): \(SystemFailure(action: "", code: code).reason)")
  }

  // MARK: Reading

  /// CPU time of everything that ever ran in the groups.
  var cpuMilliseconds: Int {
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
    guard let memory else { return nil }
    return KernelFile.integer(
      memory + (isUnified ? "/memory.peak" : "/memory.max_usage_in_bytes"))
  }

  /// What is charged now.
  var memoryNow: Int {
    guard let memory else { return 0 }
    return KernelFile.integer(
      memory + (isUnified ? "/memory.current" : "/memory.usage_in_bytes")) ?? 0
  }

  var processesNow: Int {
    processes.flatMap { KernelFile.integer($0 + "/pids.current") } ?? 0
  }

  var processesPeak: Int? { processes.flatMap { KernelFile.integer($0 + "/pids.peak") } }

  /// How often a fork was refused because there were too many processes.
  var refusedForks: Int {
    processes.flatMap { KernelFile.integer($0 + "/pids.events", key: "max") } ?? 0
  }

  // MARK: The end

  /// Kills everything in the groups and waits until they are empty; false where something lives on.
  func killAll(deadlineMilliseconds: Int = 5_000) -> Bool {
    let end = MonotonicClock.milliseconds() + deadlineMilliseconds
    repeat {
      if isEmpty { return true }
      if let unified, KernelFile.write(unified + "/cgroup.kill", "1") == 0 {
        // One write reaches every process, also one that forks meanwhile.
      } else {
        killFrozen()
      }
      usleep(500)
    } while MonotonicClock.milliseconds() < end
    return isEmpty
  }

  /// Kernels before 5.14: freeze, signal everyone, thaw.
  private func killFrozen() {
    if let unified { KernelFile.write(unified + "/cgroup.freeze", "1") }
    if let freezer { KernelFile.write(freezer + "/freezer.state", "FROZEN") }
    for folder in folders {
      for line in (KernelFile.read(folder + "/cgroup.procs") ?? "").split(separator: "\n") {
        if let process = Int32(line), process > 1 { kill(process, SIGKILL) }
      }
    }
    if let freezer { KernelFile.write(freezer + "/freezer.state", "THAWED") }
    if let unified { KernelFile.write(unified + "/cgroup.freeze", "0") }
  }

  private var isEmpty: Bool {
    if let unified {
      return KernelFile.integer(unified + "/cgroup.events", key: "populated") == 0
    }
    return folders.allSatisfy { (KernelFile.read($0 + "/cgroup.procs") ?? "").isEmpty }
  }

  /// Removes the groups; dying processes leave them a moment later than they are reported dead.
  @discardableResult
  func remove() -> Bool { ControlGroups.remove(folders: folders) }

  @discardableResult
  static func remove(folders: [String]) -> Bool {
    var isClean = true
    for folder in folders {
      var attempts = 0
      var result = rmdir(folder)
      while result != 0, errno == EBUSY, attempts < 500 {
        attempts += 1
        usleep(1_000)
        result = rmdir(folder)
      }
      if result != 0, KernelFile.exists(folder) { isClean = false }
    }
    return isClean
  }
}
