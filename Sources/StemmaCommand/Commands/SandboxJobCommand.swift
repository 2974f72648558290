// `stemma sandbox job`: what a job of a cluster runs. It opens no store.

import ArgumentParser
import Base
import Glibc
import Loop
import Sandbox

struct SandboxJobCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "job",
    abstract: "Carry out the order of a package; a loop submits it as a job.",
    discussion: """
      Examples:
        stemma sandbox job /shared/stemma/8f3a01c2-lm/R7-1

      The package is a folder with an order; the result is left there, also where
      this machine cannot hold the budgets. docs/slurm.md describes packages.
      """)

  @Argument(help: "The package's folder.")
  var package: String

  @Option(help: "The job's number; that of Slurm where it is left out.")
  var job: String?

  func run() throws {
    let number = job ?? getenv("SLURM_JOB_ID").map { String(cString: $0) } ?? "\(getpid())"
    try ClusterJob.run(
      package: package, job: number, isCancelled: SandboxCommandLine.catchTermination())
  }
}
