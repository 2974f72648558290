// Names of what a run makes outside itself. A name tells which process made it, on which boot, so
// that a janitor can remove what a killed runner left and never what a living one uses.

import Glibc
import Synchronization

/// The name of one run's control groups: `stemma-<boot>-<process>-<start>-<number>`.
struct RunName: Sendable, Hashable {
  var boot: String
  var process: Int32
  /// The process's start in clock ticks after boot: process ids are used again, the pair is not.
  var start: UInt64
  var number: Int

  private static let counter = Atomic<Int>(0)

  /// A name that no other run of this machine has.
  static func next() -> RunName {
    RunName(
      boot: boot, process: own.process, start: own.start,
      number: counter.add(1, ordering: .relaxed).newValue)
  }

  init(boot: String, process: Int32, start: UInt64, number: Int) {
    self.boot = boot
    self.process = process
    self.start = start
    self.number = number
  }

  /// Parses a name; `nil` where it is not one of ours.
  init?(_ text: Substring) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "stemma", parts[1].utf8.count == 8,
      let process = Int32(parts[2]), process > 0, let start = UInt64(parts[3]),
      let number = Int(parts[4])
    else { return nil }
    self.init(boot: String(parts[1]), process: process, start: start, number: number)
  }

  var text: String { "stemma-\(boot)-\(process)-\(start)-\(number)" }

  /// Whether the process that made it is gone.
  var isOrphaned: Bool {
    boot != RunName.boot || RunName.startOfProcess(process) != start
  }

  /// The first eight hexadecimal digits of the boot id.
  private static let boot = String(
    decoding: (KernelFile.bytes("/proc/sys/kernel/random/boot_id") ?? Array("00000000".utf8))
      .prefix(8), as: UTF8.self)

  private static let own: (process: Int32, start: UInt64) = (
    getpid(), startOfProcess(getpid()) ?? 0
  )

  /// Field 22 of /proc/PID/stat; `nil` where there is no such process.
  static func startOfProcess(_ process: Int32) -> UInt64? {
    ProcessTable.record(of: process)?.start
  }
}
