// Names of what a run makes outside itself. A name tells which process made it, on which boot and
// in which process namespace, so that a janitor can remove what a killed runner left and never what
// a living one uses, be it below another root or in a container.

import Glibc
import Synchronization

/// The name of one run's control groups: `stemma-<boot and namespace>-<process>-<start>-<number>`.
struct RunName: Sendable, Hashable {
  /// Eight hexadecimal digits.
  var boot: String
  /// The process namespace by which `process` is meant; the same number is another process in
  /// another.
  var namespace: UInt32
  var process: Int32
  /// The process's start in clock ticks after boot: process ids are used again, the pair is not.
  var start: UInt64
  var number: Int

  private static let counter = Atomic<Int>(0)

  /// A name that no other run of this machine has.
  static func next() -> RunName {
    RunName(
      boot: boot, namespace: own.namespace, process: own.process, start: own.start,
      number: counter.add(1, ordering: .relaxed).newValue)
  }

  private init(
    boot: String, namespace: UInt32, process: Int32, start: UInt64, number: Int
  ) {
    self.boot = boot
    self.namespace = namespace
    self.process = process
    self.start = start
    self.number = number
  }

  /// Parses a name; `nil` where it is not one of ours.
  init?(_ text: Substring) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "stemma", parts[1].utf8.count == 16,
      let namespace = UInt32(parts[1].suffix(8), radix: 16),
      let process = Int32(parts[2]), process > 0, let start = UInt64(parts[3]),
      let number = Int(parts[4])
    else { return nil }
    self.init(
      boot: String(parts[1].prefix(8)), namespace: namespace, process: process, start: start,
      number: number)
  }

  var text: String {
    let digits = String(namespace, radix: 16)
    let place = boot + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    return "stemma-\(place)-\(process)-\(start)-\(number)"
  }

  /// Whether the process that made it is provably gone.
  var isOrphaned: Bool {
    if boot != RunName.boot { return true }
    if namespace == RunName.own.namespace { return RunName.startOfProcess(process) != start }
    return RunName.seesAllProcesses && !isAliveInItsNamespace
  }

  /// Whether a process that is not found is nowhere: only root in the machine's first process
  /// namespace sees everybody's.
  static var seesAllProcesses: Bool { geteuid() == 0 && own.namespace == firstNamespace }

  /// Looks for a process of another namespace among those that we see; who cannot be looked into
  /// may be it.
  private var isAliveInItsNamespace: Bool {
    ProcessTable.all().contains { record in
      guard record.start == start,
        ProcessIdentity(of: record.process)?.numbers.last == process
      else { return false }
      return RunName.namespaceOfProcess("\(record.process)").map { $0 == namespace } ?? true
    }
  }

  /// The first eight hexadecimal digits of the boot id.
  private static let boot = String(
    decoding: (KernelFile.bytes("/proc/sys/kernel/random/boot_id") ?? Array("00000000".utf8))
      .prefix(8), as: UTF8.self)

  private static let own: (namespace: UInt32, process: Int32, start: UInt64) = (
    namespaceOfProcess("self") ?? 0, getpid(), startOfProcess(getpid()) ?? 0
  )

  /// The kernel's fixed number (PROC_PID_INIT_INO) of the namespace of its first process.
  private static let firstNamespace: UInt32 = 0xEFFF_FFFC

  /// The number of a process's namespace; `nil` where it is gone or closed to us.
  private static func namespaceOfProcess(_ process: String) -> UInt32? {
    var status = stat()
    guard stat("/proc/\(process)/ns/pid", &status) == 0 else { return nil }
    return UInt32(truncatingIfNeeded: status.st_ino)
  }

  /// Field 22 of /proc/PID/stat; `nil` where there is no such process.
  static func startOfProcess(_ process: Int32) -> UInt64? {
    ProcessTable.record(of: process)?.start
  }
}
