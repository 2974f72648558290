// The budgets of one sandboxed program on the command line.

import ArgumentParser
import Sandbox

struct BudgetOptions: ParsableArguments {
  @Option(help: "Memory of the whole process tree.")
  var memory = ByteCount(512 << 20)

  @Option(help: "Processes and threads at once.")
  var processes = 64

  @Option(help: "What it may write, temporary files included.")
  var disk = ByteCount(64 << 20)

  @Option(help: "Files and folders it may make.")
  var inodes = 5_000

  @Option(help: "Time on the clock.")
  var wall = TimeAmount(milliseconds: 60_000)

  @Option(help: "CPUs used at once; fractions are allowed.")
  var cpus = 1.0

  @Option(name: .customLong("cpu-time"), help: "Processor time of the whole tree.")
  var cpuTime = TimeAmount(milliseconds: 60_000)

  @Option(name: .customLong("open-files"), help: "Open files per process.")
  var openFiles = 1_024

  @Option(help: "Output that is kept; the rest is counted and dropped.")
  var log = ByteCount(8 << 20)

  @Option(
    help: "A weaker mechanism to accept where the exact one is missing; see `sandbox probe`.")
  var allow: [String] = []

  @Option(name: .customLong("env"), help: "A variable NAME=VALUE; nothing is inherited.")
  var environment: [String] = []

  var budget: SandboxBudget {
    SandboxBudget(
      wallMilliseconds: wall.milliseconds, cpuMilliseconds: cpuTime.milliseconds,
      memoryBytes: memory.bytes, processes: processes, diskBytes: disk.bytes, inodes: inodes,
      logBytes: log.bytes, openFiles: openFiles, cpus: cpus)
  }

  func variables() throws -> [(name: String, value: String)] {
    try environment.map { text in
      guard let equals = text.firstIndex(of: "=") else {
        throw ValidationError("--env takes NAME=VALUE, not `\(text)`")
      }
      return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
  }
}
