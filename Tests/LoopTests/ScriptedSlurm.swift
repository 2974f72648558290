// A double of Slurm: sbatch, squeue, sacct, scontrol and scancel as scripts over a folder of jobs.
// What happens on a node is played by the test.

import Base
import Foundation
import Sandbox

@testable import Loop

/// A cluster in a folder.
struct ScriptedSlurm {
  let folder: URL
  let campaign: Campaign
  let objects: FolderObjects

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("slurm-\(UUID())")
    for name in ["bin", "jobs", "shared", "store", "source", "evaluator"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    objects = FolderObjects(directory: folder.appendingPathComponent("store").path)
    for (name, text) in Self.scripts {
      let file = folder.appendingPathComponent("bin/\(name)")
      let head = "#!/bin/sh\ncd '\(folder.path)/jobs' || exit 9\n"
      try Data((head + text).utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
    let text = Self.campaign.replacingOccurrences(of: "@folder@", with: folder.path)
    campaign = try Campaign.parse(
      Array(text.utf8), name: "campaign.toml", directory: folder.path)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func executor() throws -> SlurmExecutor {
    try SlurmExecutor(
      campaign, campaign.slurm!, store: "0a0b0c0d", objects: objects,
      local: SandboxExecutor(objects: objects, workspace: folder.path + "/work"))
  }

  func package(_ name: String) -> JobPackage {
    JobPackage(path: "\(folder.path)/shared/0a0b0c0d-clustered/\(name)")
  }

  /// The order of a run whose tree is one file.
  func order(_ name: String) throws -> RunOrder {
    let bytes = Array("print(1)\n".utf8)
    let file = Tree.File(
      path: "train.py", isExecutable: false, hash: try objects.store(bytes), size: bytes.count)
    return RunOrder(
      name: name, tree: try Tree([file]).store(in: objects), parameters: ValueMap(), seed: 1 << 40,
      command: ["python3", "train.py", "it's"], environment: [(name: "A", value: "b c")],
      readOnly: ["/data"], output: "output", budget: SandboxBudget(wallMilliseconds: 30_000),
      allowedWeaknesses: ["disk-by-polling"])
  }

  // MARK: What the cluster has seen

  var jobs: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/jobs")) ?? []
    return names.filter { Int($0) != nil }.sorted()
  }

  func text(_ path: String) -> String {
    (try? String(contentsOfFile: folder.path + "/jobs/" + path, encoding: .utf8)) ?? ""
  }

  func set(_ job: String, _ state: String) throws {
    try Data(state.utf8).write(to: folder.appendingPathComponent("jobs/\(job)/state"))
  }

  /// Waits for a job to be submitted.
  func submitted(_ count: Int = 1) throws -> String {
    for _ in 0..<600 {
      if jobs.count >= count, !text("\(jobs[count - 1])/state").isEmpty { return jobs[count - 1] }
      usleep(10_000)
    }
    throw StemmaError(.loopState, "no job was submitted")
  }

  /// What our runner does on a node, for a program that left one file.
  func carryOut(_ name: String, job: String, _ outcome: SandboxOutcome) throws {
    let package = package(name)
    let order = try package.order()
    guard try package.claim(for: job) else { throw StemmaError(.loopState, "claimed") }
    try set(job, "RUNNING")
    try package.finish(
      JobResult(
        order: SHA256.hash(order.bytes).hex, node: "node3", content: .outcome(outcome)))
    try set(job, "COMPLETED")
  }

  private static let scripts = [
    "sbatch": """
    [ -e ../down ] && { echo 'sbatch: error: Unable to contact slurm controller' >&2; exit 1; }
    [ -e ../refuse ] && { echo 'sbatch: error: invalid partition specified: gpu' >&2; exit 1; }
    job=$(($(ls | wc -l) + 101)); mkdir new.$job; cat > new.$job/script
    for word; do case $word in --job-name=*) printf %s "${word#*=}" > new.$job/name ;; esac; done
    printf '%s\\n' "$@" > new.$job/options; printf PENDING > new.$job/state
    mv new.$job $job; echo "$job;cluster"

    """,
    "squeue": """
    [ -e ../down ] && { echo 'slurm_load_jobs error: Unable to contact' >&2; exit 1; }
    for job in [0-9]*; do [ -e $job/state ] && [ ! -e $job/purged ] || continue
    echo "$job|$(cat $job/state)|$(cat $job/name)"; done

    """,
    "scontrol": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1\n",
    "sacct": """
    for word; do case $word in --jobs=*) job=${word#*=} ;; esac; done
    cat $job/state; echo ' by 0'

    """,
    "scancel": "echo $1 >> ../cancelled; printf CANCELLED > $1/state\n",
  ]

  private static let campaign = """
    format = 1
    [campaign]
    name = "clustered"
    goal = "g"
    slots = 4
    [[objectives]]
    metric = "loss"
    direction = "minimise"
    [source]
    directory = "source"
    [editable]
    files = ["train.py"]
    [run]
    command = ["python3", "train.py"]
    [evaluate]
    command = ["python3", "{evaluator}/evaluate.py"]
    directory = "evaluator"
    benchmark = "b"
    [slurm]
    directory = "@folder@/shared"
    commands = "@folder@/bin"
    program = "/opt/it's/stemma"
    options = ["--partition=gpu", "--gres=gpu:1"]
    poll = "100ms"
    [budgets]
    rounds = 1
    """
}
