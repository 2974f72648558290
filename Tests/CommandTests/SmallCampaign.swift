// A campaign of shell scripts whose runs take no time: real store, real sandbox, real program.

import Foundation
import Glibc
import Testing

/// Writes a campaign into a folder; `edit` changes its text before.
enum SmallCampaign {
  static func write(to folder: URL, _ edit: (String) -> String = { $0 }) throws {
    for name in ["source", "evaluator", "validation"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    func write(_ text: String, _ path: String) throws {
      try Data(text.utf8).write(to: folder.appendingPathComponent(path))
    }
    try write("echo \"$1 $STEMMA_SEED\" > output/value\n", "source/train.sh")
    try write(
      """
      read width seed < "$1/value"
      loss="$((20 - width)).$((seed % 97 + 100))"
      echo "{\\"version\\": 1, \\"metrics\\": {\\"loss\\": $loss}}" >&3
      """, "evaluator/score.sh")
    try write("a\n", "validation/a.txt")
    // Run by an ordinary user, these tests accept what cannot be exact then; as many lines.
    let names = [
      "memory-by-polling", "processes-by-polling", "cpu-by-polling", "cpus-by-affinity",
      "disk-by-polling", "shared-user",
    ].map { "\"\($0)\"" }.joined(separator: ", ")
    let accepting = "allow_weaker = [\(names)]"
    let mine = geteuid() == 0 ? text : text.replacing("budget = { wall = \"8s\" }", with: accepting)
    try write(edit(mine), "campaign.toml")
  }

  /// A store with the first runs of a campaign, which waits for a person now.
  static func begun() throws -> CommandRunner {
    let runner = try CommandRunner()
    try write(to: runner.folder) { $0 + "[gates]\nproposal = \"ask\"\n" }
    #expect(try runner.run(["init"]).exitCode == 0)
    let loop = try runner.start(["loop", "run", "campaign.toml"])
    try #require(loop.waitFor("waiting:"), "\(loop.text)")
    kill(loop.process.processIdentifier, SIGINT)
    _ = loop.exitCode(withinSeconds: 5)
    return runner
  }

  // MARK: A gate that the test opens

  // What runs see must not change while a campaign goes on, times excepted: the gate is closed
  // while its door is older than its frame.

  /// A text of a campaign whose runs find a gate in `folder` and wait while it is closed.
  static func gated(_ text: String, in folder: URL) -> String {
    let wait = "while \(isClosed(folder.path + "/gate")); do sleep 0.05; done"
    return shown(text).replacing(
      "[\"sh\", \"train.sh\"", with: "[\"sh\", \"-c\", \"\(wait); exec sh train.sh $0\"")
  }

  /// A text of a campaign whose runs see the gate.
  static func shown(_ text: String) -> String {
    text.replacing("[run]\n", with: "[run]\nread_only = [\"gate\"]\n")
      .replacing("wall = \"8s\"", with: "wall = \"60s\"")
  }

  /// A condition of the shell.
  static func isClosed(_ gate: String) -> String { "[ \(gate)/door -ot \(gate)/frame ]" }

  static func close(in folder: URL) throws {
    let gate = folder.appendingPathComponent("gate")
    try FileManager.default.createDirectory(at: gate, withIntermediateDirectories: true)
    for name in ["door", "frame"] { try Data().write(to: gate.appendingPathComponent(name)) }
    try set(Date(timeIntervalSinceNow: -1_000), in: folder)
  }

  static func open(in folder: URL) throws {
    try set(Date(timeIntervalSinceNow: 1_000), in: folder)
  }

  private static func set(_ date: Date, in folder: URL) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: date], ofItemAtPath: folder.path + "/gate/door")
  }

  static let text = """
    format = 1
    [campaign]
    name = "small"
    goal = "lower the loss"
    slots = 4
    [[objectives]]
    metric = "loss"
    direction = "minimise"
    [source]
    directory = "source"
    [editable]
    files = ["train.sh"]
    [[editable.parameters]]
    name = "width"
    type = "integer"
    minimum = 1
    maximum = 12
    default = 2
    [run]
    command = ["sh", "train.sh", "{width}"]
    budget = { wall = "8s" }
    [evaluate]
    command = ["sh", "{evaluator}/score.sh", "{run}"]
    directory = "evaluator"
    hidden = ["validation"]
    benchmark = "small-validation"
    budget = { wall = "4s" }
    [proposer]
    kind = "search"
    [budgets]
    rounds = 1

    """
}
