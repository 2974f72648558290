// Removes what a killed runner left: control groups, processes of slots that nobody holds, scratch
// folders. Mounts and loop devices need no janitor, they end with their last descriptor. It must
// never touch anything of a runner that lives, below this root or another: a name tells its maker's
// process and when that started.

import Base
import CSandbox
import Glibc

extension Sandbox {
  /// Removes leftovers of dead runners, recorded ones and those found by name; returns what is
  /// gone.
  ///
  /// - Parameter recorded: the names that `run` gave to `started`; a path that is not one of ours
  ///   is ignored.
  @discardableResult
  public func removeLeftovers(recorded: [String] = []) -> [String] {
    let janitor = Janitor(layout: .current())
    return janitor.sweep(recorded: recorded)
  }

  /// Removes control groups of dead runners from where this one makes its own: some ten calls, for
  /// starts that cannot wait for a look at the whole machine.
  func removeLeftoversNearby() { Janitor(layout: machine.groups).sweepNearby() }
}

/// One sweep.
struct Janitor {
  let layout: ControlGroupLayout

  /// How deep below a mount of control groups runners may live, and how many groups are looked at.
  static let maximumDepth = 8
  static let maximumGroups = 20_000

  func sweep(recorded: [String]) -> [String] {
    var removed: [String] = []
    let isRoot = geteuid() == 0
    if isRoot { removed += endLostProcesses() }
    var groups = Set(recorded.filter(isGroupPath))
    for point in Set(layout.mountPoints) { groups.formUnion(orphans(below: point)) }
    for group in groups.sorted() where isOrphan(group) && KernelFile.exists(group) {
      if remove(group: group) { removed.append(group) }
    }
    let folders = Set(recorded.filter { $0.hasPrefix("/tmp/") } + scratchFolders())
    for folder in folders.sorted() where isOrphan(folder) && isOurs(folder) {
      FolderRemoval.remove(folder)
      if !KernelFile.exists(folder) { removed.append(folder) }
    }
    return removed
  }

  func sweepNearby() {
    let places = ControlGroups.parents(layout, isProbe: true) ?? [:]
    for place in Set(places.values).sorted() {
      guard let folder = try? Descriptor.open(trusted: place, O_RDONLY | O_DIRECTORY) else {
        continue
      }
      for name in FolderReader.names(in: folder, limit: Janitor.maximumGroups).names
      where RunName(name[...])?.isOrphaned == true {
        _ = remove(group: "\(place)/\(name)")
      }
    }
  }

  private func isOrphan(_ path: String) -> Bool {
    guard let name = path.split(separator: "/").last else { return false }
    return RunName(name)?.isOrphaned ?? false
  }

  private func isGroupPath(_ path: String) -> Bool {
    !path.contains("/../") && layout.mountPoints.contains { path.hasPrefix($0 + "/") }
  }

  /// Folders in /tmp are removed only where they are ours: anybody may make names there.
  private func isOurs(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      && status.st_uid == geteuid()
  }

  private func scratchFolders() -> [String] {
    guard let folder = try? Descriptor.open(trusted: "/tmp", O_RDONLY | O_DIRECTORY) else {
      return []
    }
    return FolderReader.names(in: folder, limit: 1 << 20).names
      .filter { $0.hasPrefix("stemma-") && RunName($0[...]) != nil }.map { "/tmp/\($0)" }
  }

  /// Groups below a mount whose maker is dead.
  private func orphans(below point: String) -> [String] {
    var found: [String] = []
    var waiting = [(path: point, depth: 0)]
    var looked = 0
    while let (path, depth) = waiting.popLast(), looked < Janitor.maximumGroups {
      guard let folder = try? Descriptor.open(trusted: path, O_RDONLY | O_DIRECTORY) else {
        continue
      }
      for name in FolderReader.names(in: folder, limit: Janitor.maximumGroups).names {
        var status = stat()
        guard fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
          status.st_mode & S_IFMT == S_IFDIR
        else { continue }
        looked += 1
        if let run = RunName(name[...]) {
          if run.isOrphaned { found.append("\(path)/\(name)") }
        } else if depth < Janitor.maximumDepth {
          waiting.append(("\(path)/\(name)", depth + 1))
        }
      }
    }
    return found
  }

  private func remove(group: String) -> Bool {
    KernelFile.write(group + "/cgroup.kill", "1")
    for _ in 0..<200 {
      let inside = (KernelFile.read(group + "/cgroup.procs") ?? "").split(separator: "\n")
      if inside.isEmpty { break }
      for process in inside.compactMap({ Int32($0) }) where process > 1 { kill(process, SIGKILL) }
      usleep(5_000)
    }
    return ControlGroup.remove(group)
  }

  /// Ends processes that run under the user id of a slot and have no runner any more. Locks say
  /// nothing here: below another root the same user ids are locked by other files.
  private func endLostProcesses() -> [String] {
    let processes = LostProcesses()
    return processes.lost.compactMap { record, user in
      let number = csandbox_pidfd_open(record.process)
      guard number >= 0 else { return nil }
      let process = Descriptor(number)
      // The number may belong to another by now.
      guard ProcessTable.record(of: record.process)?.start == record.start,
        csandbox_pidfd_kill(process.number) == 0
      else { return nil }
      return "process \(record.process) of user \(user)"
    }
  }
}

/// The processes of sandboxes whose runner is dead, by what no program inside can change: which
/// group it is in, and which namespace of processes. Who its user is tells only where to look.
private struct LostProcesses {
  private var records: [Int32: ProcessRecord] = [:]
  private var identities: [Int32: ProcessIdentity] = [:]

  init() {
    for record in ProcessTable.all() {
      records[record.process] = record
      identities[record.process] = ProcessIdentity(of: record.process)
    }
  }

  var lost: [(record: ProcessRecord, user: UInt32)] {
    records.values.sorted { $0.process < $1.process }.compactMap { record in
      guard let user = identities[record.process]?.user, Slot.users.contains(user),
        maker(of: record.process)?.isOrphaned ?? isCutOff(record)
      else { return nil }
      return (record, user)
    }
  }

  /// Whose group it is in; `nil` where no runner made any.
  private func maker(of process: Int32) -> RunName? {
    let text = KernelFile.read("/proc/\(process)/cgroup") ?? ""
    return text.split { $0 == "\n" || $0 == "/" }.lazy.compactMap { RunName($0) }.first
  }

  /// Whether the tree of an ungrouped process is without the outer half of bubblewrap. That half is
  /// in its runner's namespace, out of reach for the program, and dies with its runner; so a tree
  /// that begins in a namespace of its own has no runner. What is not seen is left for next time.
  private func isCutOff(_ record: ProcessRecord) -> Bool {
    var first = record
    for _ in records {
      guard let parent = records[first.parent], let user = identities[parent.process]?.user,
        Slot.users.contains(user)
      else { break }
      first = parent
    }
    guard let inner = identities[first.process], let outer = identities[first.parent] else {
      return false
    }
    return inner.numbers.count > outer.numbers.count
  }
}
