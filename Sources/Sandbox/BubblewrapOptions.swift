// The options of bubblewrap for a run: which parts of the machine are seen, and how. Order
// matters: bubblewrap makes mounts in the order of its options. It must never name a place of the
// host that the specification does not, besides the system's programs and libraries.

import Base
import Glibc

/// Where the inside of a sandbox comes from.
struct BubblewrapOptions {
  /// A place inside and what is mounted there.
  struct Mount {
    var source: String
    var target: String
    var isReadOnly: Bool
  }

  var mounts: [Mount]
  var workDirectory: String
  /// The folder that the program starts in.
  var startDirectory: String
  /// What is /tmp inside; `nil` for memory of `temporaryBytes`.
  var temporarySource: String?
  var temporaryBytes: Int
  /// The size of /dev/shm.
  var sharedBytes: Int
  var environment: [(name: String, value: String)]
  /// Descriptors of the seccomp program, the status pipe, and two small files.
  var seccompNumber: Int
  var statusNumber: Int
  var usersNumber: Int
  var groupsNumber: Int

  static let usersFile =
    "root:x:0:0::/:/bin/false\nrun:x:1000:1000::/tmp:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n"
  static let groupsFile = "root:x:0:\nrun:x:1000:\nnogroup:x:65534:\n"

  /// Folders of programs and libraries, and files that libraries need to find each other.
  static let system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
  private static let configuration = [
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
    "/etc/localtime", "/etc/nsswitch.conf", "/etc/fonts", "/etc/mime.types",
  ]

  var list: [String] {
    var options = [
      "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
      "--clearenv", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox",
    ]
    options += BubblewrapOptions.systemOptions
    options += ["--proc", "/proc", "--dev", "/dev"]
    options += ["--perms", "1777", "--size", "\(sharedBytes)", "--tmpfs", "/dev/shm"]
    if let temporarySource {
      options += ["--bind", temporarySource, "/tmp"]
    } else {
      options += ["--perms", "1777", "--size", "\(temporaryBytes)", "--tmpfs", "/tmp"]
    }
    options += [
      "--file", "\(usersNumber)", "/etc/passwd", "--file", "\(groupsNumber)", "/etc/group",
    ]
    for mount in orderedMounts {
      options += [mount.isReadOnly ? "--ro-bind" : "--bind", mount.source, mount.target]
    }
    options += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", startDirectory]
    for variable in fullEnvironment { options += ["--setenv", variable.name, variable.value] }
    return options
      + ["--seccomp", "\(seccompNumber)", "--json-status-fd", "\(statusNumber)"]
  }

  /// Looked at once per process.
  private static let systemOptions: [String] = {
    var options: [String] = []
    for path in BubblewrapOptions.system {
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFLNK {
        // Merged /usr: the links are made again instead of being followed.
        options += ["--symlink", "usr" + path, path]
      } else {
        options += ["--ro-bind", path, path]
      }
    }
    for path in BubblewrapOptions.configuration { options += ["--ro-bind-try", path, path] }
    return options
  }()

  /// Outer folders before inner ones, so that none hides another.
  private var orderedMounts: [Mount] {
    mounts.enumerated().sorted { left, right in
      let depths = (depth(left.element.target), depth(right.element.target))
      return depths.0 != depths.1 ? depths.0 < depths.1 : left.offset < right.offset
    }.map(\.element)
  }

  /// Targets are absolute, and no two slashes follow each other in them.
  private func depth(_ path: String) -> Int { path.utf8.count { $0 == UInt8(ascii: "/") } }

  private var fullEnvironment: [(name: String, value: String)] {
    let base = [
      (name: "PATH", value: "/usr/local/bin:/usr/bin:/bin"), (name: "HOME", value: workDirectory),
      (name: "TMPDIR", value: "/tmp"), (name: "LANG", value: "C.UTF-8"),
      (name: "USER", value: "run"),
    ]
    let given = Set(environment.map(\.name))
    return base.filter { !given.contains($0.name) } + environment
  }
}
