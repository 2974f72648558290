// Where this process stands in the control groups of the machine: version 1, version 2 or both. The
// paths in /proc/self/cgroup are relative to the hierarchy and not to the mount, so the mount table
// decides. It only reads.

import Glibc

/// The folders below which this process may make control groups.
struct ControlGroupLayout: Sendable {
  /// This process's own version 2 group.
  var unified: String?
  /// Controllers that version 2 offers there.
  var unifiedControllers: Set<String>
  /// This process's own version 1 group by controller.
  var legacy: [String: String]
  /// Where hierarchies are mounted, for the janitor.
  var mountPoints: [String]

  /// Reads the mount table and the membership of this process.
  static func current() -> ControlGroupLayout {
    ControlGroupLayout(
      mountTable: KernelFile.read("/proc/self/mountinfo") ?? "",
      membership: KernelFile.read("/proc/self/cgroup") ?? "",
      exists: KernelFile.exists, readFile: { KernelFile.read($0) })
  }

  /// `exists` and `readFile` come in so that layouts of other machines can be tested.
  init(
    mountTable: String, membership: String, exists: (String) -> Bool,
    readFile: (String) -> String?
  ) {
    var paths: [String: String] = [:]
    for line in membership.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
        paths[String(controller)] = String(parts[2])
      }
    }
    unified = nil
    unifiedControllers = []
    legacy = [:]
    mountPoints = []
    for line in mountTable.split(separator: "\n") {
      guard let mount = ControlGroupMount(line: line) else { continue }
      mountPoints.append(mount.point)
      // The last mount of a hierarchy is the one on top; a copy of it elsewhere, as the root of a
      // container being built has one, may go away while runs use it.
      for controller in mount.controllers {
        guard let path = paths[controller] else { continue }
        let known = controller.isEmpty ? unified : legacy[controller]
        let isWhole = known.map { Self.isUsual($0) && (path == "/" || $0.hasSuffix(path)) } ?? false
        if isWhole, !Self.isUsual(mount.point) { continue }
        let folder = mount.folder(of: path, exists: exists)
        if controller.isEmpty { unified = folder } else { legacy[controller] = folder }
      }
    }
    if let unified, let text = readFile(unified + "/cgroup.controllers") {
      unifiedControllers = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
  }

  private static func isUsual(_ folder: String) -> Bool { folder.hasPrefix("/sys/fs/cgroup") }

  /// Whether version 2 can carry every budget by itself.
  var unifiedCarriesBudgets: Bool {
    unified != nil && unifiedControllers.isSuperset(of: ["memory", "pids", "cpu"])
  }

  /// One phrase for the probe.
  var summary: String {
    let old = legacy.keys.filter { ["memory", "pids", "cpu"].contains($0) }.sorted()
    switch (unified != nil, old.isEmpty) {
    case (true, true): return "version 2 (\(unifiedControllers.sorted().joined(separator: " ")))"
    case (true, false):
      return "hybrid: version 1 for \(old.joined(separator: " ")), version 2 to kill"
    case (false, false): return "version 1 (\(old.joined(separator: " ")))"
    case (false, true): return "none"
    }
  }
}

/// One control group mount of the mount table.
private struct ControlGroupMount {
  var root: String
  var point: String
  /// Version 1 controllers, or one empty name for version 2.
  var controllers: [String]

  init?(line: Substring) {
    let words = line.split(separator: " ")
    guard let separator = words.firstIndex(of: "-") else { return nil }
    let left = words[..<separator]
    let right = Array(words[(separator + 1)...])
    guard left.count >= 5, right.count >= 3 else { return nil }
    root = String(left[3])
    point = String(left[4])
    if right[0] == "cgroup2" {
      controllers = [""]
    } else if right[0] == "cgroup" {
      controllers = right[2].split(separator: ",").map(String.init)
    } else {
      return nil
    }
  }

  /// The folder of a path of the hierarchy, as this mount shows it; the mount point where the path
  /// lies outside (a container).
  func folder(of path: String, exists: (String) -> Bool) -> String {
    var relative = path
    if root != "/", relative.hasPrefix(root) { relative.removeFirst(root.count) }
    while relative.hasSuffix("/") { relative.removeLast() }
    let folder = point + relative
    return exists(folder) ? folder : point
  }
}
