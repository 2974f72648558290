// The budgets of one sandboxed program on the command line.

import ArgumentParser
import Sandbox

struct BudgetOptions: ParsableArguments {
  @Option(help: .init("Memory of the whole process tree, such as 2GiB.", valueName: "size"))
  var memory = ByteCount(512 << 20)

  @Option(help: .init("Processes and threads at once.", valueName: "number"))
  var processes = 64

  @Option(
    help: .init("What it may write, temporary files included, as 256MiB.", valueName: "size"))
  var disk = ByteCount(64 << 20)

  @Option(help: .init("Files and folders it may make.", valueName: "number"))
  var inodes = 5_000

  @Option(help: .init("Time on the clock, such as 90s, 5m or 2h.", valueName: "time"))
  var wall = TimeAmount(milliseconds: 60_000)

  @Option(help: .init("CPUs used at once; fractions are allowed.", valueName: "number"))
  var cpus = 1.0

  @Option(
    name: .customLong("cpu-time"),
    help: .init("Processor time of the whole tree, such as 90s or 5m.", valueName: "time"))
  var cpuTime = TimeAmount(milliseconds: 60_000)

  @Option(
    name: .customLong("open-files"),
    help: .init("Open files per process.", valueName: "number"))
  var openFiles = 1_024

  @Option(
    help: .init(
      "Output that is kept, such as 8MiB; the rest is counted and dropped.", valueName: "size"))
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
