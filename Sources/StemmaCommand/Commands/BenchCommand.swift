// `stemma bench`: hands over to `stemma-bench` beside this program, which links what only a
// benchmark needs.

import ArgumentParser
import Base
import Glibc

struct BenchHandover: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time the lineage workload on this machine, and compare with the run before.",
    discussion: """
      Examples:
        stemma bench --data data-100k --db /tmp/bench
        stemma bench --data data-100k --db /tmp/bench --no-load --ops point,ancestors
        make bench          makes data, builds and runs this

      Needs the program stemma-bench beside this one or in PATH.
      """)

  @Argument(parsing: .captureForPassthrough, help: "The arguments of stemma-bench.")
  var arguments: [String] = []

  func run() throws {
    if arguments.isEmpty || arguments.contains("--help") || arguments.contains("-h") {
      throw CleanExit.helpRequest(self)
    }
    var words = (["stemma-bench"] + arguments).map { strdup($0) } + [nil]
    if let path = beside() { execv(path, &words) }
    execvp("stemma-bench", &words)
    throw StemmaError(
      .fileUnreadable, "there is no program stemma-bench beside this one or in PATH",
      advice: "build it: swift build -c release --product stemma-bench")
  }

  /// The program in the folder of this one.
  private func beside() -> String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    let whole = String(cString: path)
    guard let slash = whole.lastIndex(of: "/") else { return nil }
    let candidate = whole[...slash] + "stemma-bench"
    return access(String(candidate), X_OK) == 0 ? String(candidate) : nil
  }
}
