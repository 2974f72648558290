// Budgets of an ordinary user, by looking at the process tree. Every number is a look at a moment:
// what lives and dies between two looks is seen late or not at all, and the record says so.

import Glibc

/// What a process tree used so far.
struct TreeWatch {
  private(set) var processes = 0
  private(set) var memoryBytes = 0
  private(set) var memoryPeakBytes = 0
  private var looks = 0
  /// A full look reads every process of the machine, which costs more than the period allows.
  private static let fullLookEvery = 10
  private var seenTicks: [UInt64: UInt64] = [:]
  private var treeTicks: UInt64 = 0

  /// Looks at the descendants of bubblewrap; its own two processes are not the program's.
  mutating func look(from root: Int32) {
    looks += 1
    let quick = looks % TreeWatch.fullLookEvery == 0 ? nil : ProcessTable.quickTree(from: root)
    let tree = (quick ?? ProcessTable.tree(from: root)).filter { !$0.isZombie }
    processes = tree.dropFirst(2).reduce(0) { $0 + $1.threads }
    memoryBytes = tree.dropFirst(2).reduce(0) { $0 + ProcessTable.memory(of: $1.process) }
    if tree.count > 1 { memoryBytes += ProcessTable.socketBuffers(of: tree[1].process) }
    memoryPeakBytes = max(memoryPeakBytes, memoryBytes)
    var sum: UInt64 = 0
    for record in tree {
      // A parent that ignores its children's death loses their times, so each is also kept by
      // itself.
      let key = UInt64(UInt32(bitPattern: record.process)) << 32 | record.start & 0xFFFF_FFFF
      seenTicks[key] = max(seenTicks[key] ?? 0, record.ownTicks)
      sum += record.ownTicks + record.childTicks
    }
    treeTicks = max(treeTicks, sum)
  }

  var cpuMilliseconds: Int {
    let seen = seenTicks.values.reduce(0, +)
    return Int(max(seen, treeTicks) * 1_000 / ProcessTable.ticksPerSecond)
  }
}
