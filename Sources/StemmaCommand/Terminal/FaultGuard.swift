// What happens when reading a damaged store ends in a signal: the program starts again as
// `stemma verify --after-signal`, which reads the file without liblmdb and tells damage from a
// fault of ours. The handler itself is in C (CFaultGuard).

import Base
import CFaultGuard
import Glibc
import Stemma

/// The last resort against damaged stores.
enum FaultGuard {
  /// Above this size only the structure of the file is looked at after a signal.
  private static let wholeLimitBytes = 256 << 20

  static func install() { fault_guard_install() }

  /// From now on a fault leads to a look at this store.
  static func watch(storeAt path: String) {
    let words = ["stemma", "verify", "--store", path, "--after-signal"]
    let arguments = words.map { UnsafePointer(strdup($0)) }
    defer { for argument in arguments { free(UnsafeMutablePointer(mutating: argument)) } }
    _ = arguments.withUnsafeBufferPointer {
      fault_guard_continue($0.baseAddress, Int32($0.count))
    }
  }

  /// Says whether the store at `path` is why the program before this one ended with a signal. Where
  /// it is sound, this process ends with the same signal.
  static func explain(signal: Int32, storeAt path: String) throws -> Never {
    let damaged = StemmaError(
      .storeDamaged, "the store at \(path) is damaged", advice: "run `stemma verify`")
    // A second signal, here, leaves no doubt.
    _ = fault_guard_say("error " + damaged.rendered + "\n", ExitStatus(damaged.code).rawValue)
    let isWhole = size(of: path + "/data.mdb") <= wholeLimitBytes
    let depth = isWhole ? Database.Depth.everything : .file
    let report = try Database.verify(at: path, depth: depth, surroundings: .system)
    if !report.faults.isEmpty { throw damaged }
    guard isWhole else {
      throw StemmaError(
        .storeDamaged,
        "reading the store at \(path) ended with signal \(signal), though its file is well-formed",
        advice: "run `stemma verify`; if it finds nothing, this is a fault of Stemma: report it")
    }
    Terminal.printError(
      "error: Stemma failed (signal \(signal)), and the store at \(path) is sound\n"
        + "  this is a fault of Stemma: please report it with the command that you ran")
    fault_guard_die(signal)
  }

  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_blocks) * 512 : 0
  }
}
