// What this machine is, for the Environment nodes: two runs on different ones cannot be compared
// blindly. Read once per loop; nothing is run for it.

import Base
import Glibc

extension RunEnvironment {
  /// Larger programs are named without a hash.
  private static let programLimitBytes = 256 << 20

  /// This machine. `program` is looked up where the sandbox would look.
  static func current(program: String) -> RunEnvironment {
    func kernel(_ name: String) -> String {
      let bytes = (try? FileBytes.read("/proc/sys/kernel/\(name)", limitBytes: 1 << 12)) ?? []
      let line = String(decoding: bytes, as: UTF8.self).prefix { !$0.isNewline }
      return line.isEmpty ? "unknown" : String(line)
    }
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageBytes = sysconf(Int32(_SC_PAGESIZE))
    return RunEnvironment(
      name: kernel("hostname"), kernel: kernel("ostype") + " " + kernel("osrelease"),
      machine: architecture, processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      memoryBytes: pages > 0 && pageBytes > 0 ? pages * pageBytes : 0, program: hashed(program))
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "other"
    #endif
  }

  private static func hashed(_ program: String) -> String {
    let folders = ["/usr/local/bin", "/usr/bin", "/bin"]
    let candidates = program.contains("/") ? [program] : folders.map { $0 + "/" + program }
    guard let found = candidates.first(where: FilePaths.isExecutable),
      let real = realpath(found, nil)
    else { return program }
    defer { free(real) }
    let path = String(cString: real)
    guard let bytes = try? FileBytes.read(path, limitBytes: programLimitBytes) else { return path }
    return "\(path) sha256:\(SHA256.hash(bytes).hex)"
  }
}
