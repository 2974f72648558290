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
      let line = firstLine(of: "/proc/sys/kernel/\(name)")
      return line.isEmpty ? "unknown" : line
    }
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageBytes = sysconf(Int32(_SC_PAGESIZE))
    var environment = RunEnvironment(
      name: kernel("hostname"), kernel: kernel("ostype") + " " + kernel("osrelease"),
      machine: architecture, processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      memoryBytes: pages > 0 && pageBytes > 0 ? pages * pageBytes : 0, program: hashed(program))
    environment.processor = field("model name", of: "/proc/cpuinfo")
    environment.driver = firstLine(of: "/proc/driver/nvidia/version")
    let devices = "/proc/driver/nvidia/gpus"
    environment.devices = ((try? TreeFolder.names(in: devices)) ?? []).map {
      field("Model", of: "\(devices)/\($0)/information")
    }
    return environment
  }

  private static func text(of path: String) -> String {
    String(decoding: (try? FileBytes.read(path, limitBytes: 1 << 20)) ?? [], as: UTF8.self)
  }

  private static func firstLine(of path: String) -> String {
    String(text(of: path).prefix { !$0.isNewline })
  }

  /// The value of the first line `name: value`; empty where there is none.
  private static func field(_ name: String, of path: String) -> String {
    for line in text(of: path).split(whereSeparator: \.isNewline) where line.hasPrefix(name) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      return String(line[line.index(after: colon)...].drop { $0.isWhitespace })
    }
    return ""
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
