// What /proc says of processes: parents, times, memory. It serves an ordinary user, who has no
// control groups; numbers from here are looks at moments, and the record says so.

import Glibc

/// One process as /proc shows it.
struct ProcessRecord: Sendable {
  var process: Int32
  var parent: Int32
  var isZombie: Bool
  /// User and system ticks of itself.
  var ownTicks: UInt64
  /// The same of children that were waited for.
  var childTicks: UInt64
  var threads: Int
  var start: UInt64
}

/// Who a process is, by what no process can say of itself: the owner of its folder in /proc is root
/// for one that has itself or its file closed to others.
struct ProcessIdentity: Sendable {
  var user: UInt32
  /// Its number in our process namespace, in the one below, and so on down to its own.
  var numbers: [Int32]

  /// `nil` where there is no such process.
  init?(of process: Int32) {
    let lines = KernelFile.lines("/proc/\(process)/status", separator: UInt8(ascii: "\t"))
    func words(_ key: String) -> [Int]? {
      lines.first { $0[0].elementsEqual(key.utf8) }?.dropFirst().compactMap(KernelFile.decimal)
    }
    // The second of four is the one that counts.
    guard let users = words("Uid:"), users.count == 4, let numbers = words("NSpid:") else {
      return nil
    }
    user = UInt32(truncatingIfNeeded: users[1])
    self.numbers = numbers.map { Int32(truncatingIfNeeded: $0) }
  }
}

enum ProcessTable {
  static let ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

  /// The fields of /proc/PID/stat; the command name in it may hold anything, parentheses too.
  static func record(of process: Int32) -> ProcessRecord? {
    guard let text = KernelFile.bytes("/proc/\(process)/stat", limit: 4_096),
      let close = text.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = text[(close + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, let parent = KernelFile.decimal(fields[1]),
      let start = KernelFile.decimal(fields[19])
    else { return nil }
    let ticks = fields[11...14].map { UInt64(KernelFile.decimal($0) ?? 0) }
    return ProcessRecord(
      process: process, parent: Int32(truncatingIfNeeded: parent),
      isZombie: fields[0].first == UInt8(ascii: "Z"), ownTicks: ticks[0] + ticks[1],
      childTicks: ticks[2] + ticks[3], threads: KernelFile.decimal(fields[17]) ?? 1,
      start: UInt64(start))
  }

  /// All processes of this machine.
  static func all() -> [ProcessRecord] {
    guard let folder = try? Descriptor.open(trusted: "/proc", O_RDONLY | O_DIRECTORY) else {
      return []
    }
    return FolderReader.names(in: folder, limit: 1 << 20).names.compactMap { entry in
      Int32(entry).flatMap(record(of:))
    }
  }

  /// Threads of a user, which is what the kernel's process limit counts.
  static func count(ofUser user: UInt32) -> Int {
    all().reduce(0) { sum, record in
      var status = stat()
      guard stat("/proc/\(record.process)", &status) == 0, status.st_uid == user else { return sum }
      return sum + record.threads
    }
  }

  /// A process and all its descendants. Inside a process namespace orphans are adopted by its first
  /// process, so nobody leaves the tree.
  static func tree(from root: Int32) -> [ProcessRecord] {
    let everybody = all()
    var children: [Int32: [ProcessRecord]] = [:]
    for record in everybody { children[record.parent, default: []].append(record) }
    var result = everybody.filter { $0.process == root }
    var next = 0
    while next < result.count {
      result.append(contentsOf: children[result[next].process] ?? [])
      next += 1
    }
    return result
  }

  /// The same by the kernel's own lists of children, which cost a look at the tree alone; while
  /// processes come and go it may miss some. `nil` where the kernel has no such lists.
  static func quickTree(from root: Int32) -> [ProcessRecord]? {
    guard let first = record(of: root), KernelFile.exists("/proc/\(root)/task/\(root)/children")
    else { return nil }
    var result = [first]
    var next = 0
    while next < result.count, result.count < maximumTree {
      let process = result[next].process
      next += 1
      for thread in threads(of: process) {
        let list = KernelFile.read("/proc/\(process)/task/\(thread)/children") ?? ""
        result += list.split(separator: " ").compactMap { Int32($0).flatMap(record(of:)) }
      }
    }
    return result
  }

  /// Larger trees are far beyond any budget of an ordinary user.
  private static let maximumTree = 10_000

  private static func threads(of process: Int32) -> [String] {
    guard
      let folder = try? Descriptor.open(trusted: "/proc/\(process)/task", O_RDONLY | O_DIRECTORY)
    else { return [] }
    return FolderReader.names(in: folder, limit: maximumTree).names
  }

  /// What buffers of sockets may hold at most in the network namespace of a process. They are in no
  /// process, so no look sees them; the first few dozen are not worth counting.
  static func socketBuffers(of process: Int32) -> Int {
    let text = KernelFile.read("/proc/\(process)/net/sockstat", limit: 4_096) ?? ""
    let words = text.split(whereSeparator: \.isWhitespace).prefix(3)
    let sockets = words.count == 3 ? Int(words[2]) ?? 0 : 0
    return max(0, sockets - freeSockets) * socketBytes
  }

  private static let freeSockets = 64
  /// The kernel's own limit of one socket's buffer, which the filter keeps programs from raising.
  private static let socketBytes =
    KernelFile.integer("/proc/sys/net/core/wmem_default") ?? 212_992

  /// Bytes that a process holds, shared pages counted in parts; resident size where that is hidden.
  static func memory(of process: Int32) -> Int {
    if let kilobytes = KernelFile.integer("/proc/\(process)/smaps_rollup", key: "Pss:") {
      return kilobytes * 1_024
    }
    let pages = KernelFile.read("/proc/\(process)/statm")?.split(separator: " ")
    return (pages.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0) * Int(getpagesize())
  }
}
