// What this machine can enforce. It looks once, changes nothing, and says what it saw in a table,
// so that a refusal can be understood and a weaker mode is a choice.

import CSandbox
import Glibc

/// The means of containment of this machine.
public struct MachineProbe: Sendable {
  /// The user is root and may mount, change users and make groups.
  public var isRoot: Bool
  /// The user is root, perhaps without those rights, as in a container.
  var hasRootUser: Bool
  /// The path of bubblewrap.
  public var bubblewrap: String?
  public var hasUserNamespaces: Bool
  public var landlockVersion: Int
  public var hasLoopDevices: Bool
  public var hasFileSystemTools: Bool
  var groups: ControlGroupLayout
  var groupsAreWritable: Bool

  /// This machine, looked at once per process.
  public static let current = MachineProbe()

  init() {
    hasRootUser = geteuid() == 0
    isRoot = hasRootUser && MachineProbe.hasAdministration()
    bubblewrap = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"].first {
      (path: String) in access(path, X_OK) == 0
    }
    hasUserNamespaces = csandbox_user_namespaces_work() == 1
    landlockVersion = Int(csandbox_landlock_version())
    hasLoopDevices = access("/dev/loop-control", R_OK | W_OK) == 0
    hasFileSystemTools = ["/usr/sbin/mkfs.ext4", "/sbin/mkfs.ext4", "/usr/bin/mkfs.ext4"].contains {
      (path: String) in access(path, X_OK) == 0
    }
    groups = ControlGroupLayout.current()
    groupsAreWritable = MachineProbe.canMakeGroups(groups)
  }

  /// CAP_SETGID, CAP_SETUID and CAP_SYS_ADMIN.
  private static func hasAdministration() -> Bool {
    let lines = KernelFile.lines("/proc/self/status", separator: UInt8(ascii: "\t"))
    guard let words = lines.first(where: { $0[0].elementsEqual("CapEff:".utf8) }), words.count > 1,
      let set = UInt64(String(decoding: words[1], as: UTF8.self), radix: 16)
    else { return false }
    let needed: UInt64 = 1 << 6 | 1 << 7 | 1 << 21
    return set & needed == needed
  }

  private static func canMakeGroups(_ layout: ControlGroupLayout) -> Bool {
    let name = RunName.next().text
    guard let folders = ControlGroups.folders(named: name, layout, isProbe: true)
    else { return false }
    return Set(folders.values).allSatisfy { folder in
      guard let slash = folder.lastIndex(of: "/") else { return false }
      return access(String(folder[..<slash]), W_OK) == 0
    }
  }

  /// Whether memory, processes and processor time can be held by control groups. Only root may move
  /// processes between groups everywhere, so an ordinary user does without.
  var carriesBudgetsInGroups: Bool { isRoot && groupsAreWritable }

  var groupMechanism: String {
    groups.unifiedCarriesBudgets ? "control groups version 2" : "control groups version 1"
  }

  /// Name, whether it is there, and what was seen.
  public var table: [(name: String, isAvailable: Bool, detail: String)] {
    [
      ("user", true, isRoot ? "root: own user id per run" : "ordinary user: budgets by polling"),
      bubblewrapRow,
      ("user namespaces", hasUserNamespaces, hasUserNamespaces ? "work" : "refused by the kernel"),
      (
        "control groups", groupsAreWritable,
        groups.summary + (groupsAreWritable ? "" : ", read-only")
      ),
      ("tree kill", true, killMechanism),
      ("disk images", isRoot && hasLoopDevices && hasFileSystemTools, diskDetail),
      ("landlock", landlockVersion > 0, "version \(landlockVersion)"),
    ]
  }

  private var killMechanism: String {
    guard carriesBudgetsInGroups else { return "process namespace" }
    return groups.unified == nil
      ? "freezer and process namespace" : "cgroup.kill and process namespace"
  }

  private var diskDetail: String {
    if !isRoot { return "need root; polling instead (not exact)" }
    if !hasLoopDevices { return "no loop devices" }
    return hasFileSystemTools ? "ext4 on loop devices" : "no mkfs.ext4"
  }

  private var bubblewrapRow: (name: String, isAvailable: Bool, detail: String) {
    guard let bubblewrap else { return ("bubblewrap", false, "not installed") }
    let version = MachineProbe.version(bubblewrap)
    // Whatever has the name: bubblewrap says what it is.
    guard version.hasPrefix("bubblewrap ") else {
      return ("bubblewrap", false, "\(bubblewrap) is another program")
    }
    return ("bubblewrap", true, "\(bubblewrap), \(version)")
  }

  /// The first line that a program says of its version.
  private static func version(_ path: String) -> String {
    guard let pipe = popen("\(path) --version 2>/dev/null", "r") else { return "" }
    defer { pclose(pipe) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = fread(&buffer, 1, buffer.count, pipe)
    return buffer[0..<count].split(separator: UInt8(ascii: "\n")).first.map {
      String(decoding: $0, as: UTF8.self)
    } ?? ""
  }
}
