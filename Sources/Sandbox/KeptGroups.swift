// The groups that a sandbox leaves as it found them, and that the next one of the same slot uses
// again: version 2 beside version 1, which carries no limit (birth, kill, processor time), and
// version 1's quota of processors. What remembers, memory and processes, is never among them. It
// must never be in two sandboxes at once, so it can be moved and not copied.

import Base
import Glibc

/// The groups of a slot that carry nothing from one sandbox to the next; removed with this value.
struct KeptGroups: ~Copyable, Sendable {
  private let unified: ControlGroup
  private let cpu: ControlGroup?
  private let events: Descriptor
  private let processorTime: Descriptor
  /// `nil` before Linux 5.14; then nobody uses these groups again.
  private let killer: Descriptor?
  private let quota: Descriptor?
  /// Linux (seen with 6.18) kills whoever is born in a group that was ever killed as a whole, from
  /// a parent outside: it compares how often the group was killed with how often the parent's was.
  private var wasKilled = false

  /// The controllers whose groups are kept on this machine, version 2 without a name.
  static func roles(_ layout: ControlGroupLayout) -> Set<String> {
    guard layout.unified != nil, !layout.unifiedCarriesBudgets else { return [] }
    // Controllers of one mount share a group, and it is as fresh as the most forgetful one needs.
    let isShared = layout.legacy.contains { name, folder in
      ["memory", "pids", "freezer"].contains(name) && folder == layout.legacy["cpu"]
    }
    return isShared ? [""] : ["", "cpu"]
  }

  /// Makes the groups at these places, which are those of `roles`.
  init(making places: [String: String]) throws {
    guard let place = places[""] else {
      throw StemmaError(.sandboxUnavailable, "this machine has no control groups of version 2")
    }
    let unified = try ControlGroup(making: place, isFresh: true)
    var cpu: ControlGroup?
    let counters: (events: Descriptor, time: Descriptor, quota: Descriptor?)
    do {
      cpu = try places["cpu"].map { try ControlGroup(making: $0, isFresh: true) }
      guard let events = unified.open("cgroup.events", O_RDONLY),
        let time = unified.open("cpu.stat", O_RDONLY)
      else {
        throw SystemFailure(action: "cannot read the counters of \(place)", code: errno).error
      }
      counters = (events, time, try cpu.map(ControlGroups.quotaFile))
    } catch {
      for group in [unified] + (cpu.map { [$0] } ?? []) { group.remove() }
      throw error
    }
    self.unified = unified
    self.cpu = cpu
    (events, processorTime, quota) = counters
    killer = unified.open("cgroup.kill", O_WRONLY)
  }

  deinit { for group in groups { group.remove() } }

  private var groups: [ControlGroup] { [unified] + (cpu.map { [$0] } ?? []) }
  var paths: [String] { groups.map(\.path) }
  /// The version 2 group.
  var birthplace: Int32 { unified.folder.number }
  /// The version 1 group, which a process joins itself.
  var joined: Int32? { cpu?.folder.number }

  /// Whether the kernel kills all inside at once.
  var canKill: Bool { killer != nil }

  /// Whether another sandbox may come in: nobody is inside, and whoever comes lives until it is
  /// killed.
  var isReusable: Bool { canKill && !wasKilled && isEmpty }

  var isEmpty: Bool { KernelFile.integer(in: events.number, key: "populated") == 0 }

  /// Everybody inside, for kernels that do not kill a group at once.
  var processes: [Int32] { groups.flatMap(\.processes) }

  /// One write reaches every process, also one that forks meanwhile; false where there is no such
  /// file.
  mutating func killAll() -> Bool {
    wasKilled = true
    return killer.map { KernelFile.write(to: $0.number, "1") == 0 } ?? false
  }

  func freeze(_ isFrozen: Bool) { unified.write("cgroup.freeze", isFrozen ? "1" : "0") }

  /// Processor time of all that ever ran here, of earlier sandboxes too.
  var microseconds: Int {
    KernelFile.integer(in: processorTime.number, key: ControlGroups.timeKey) ?? 0
  }

  /// Sets the quota of a sandbox that is about to start. It is written even where it is the same:
  /// that ends the wait of a group that has used up its share of the current period.
  func limit(_ quotaMicroseconds: Int) throws {
    guard let quota, let cpu else { return }
    try ControlGroup.require(
      KernelFile.write(to: quota.number, String(quotaMicroseconds)),
      "\(cpu.path)/\(ControlGroups.quotaName)")
  }
}
