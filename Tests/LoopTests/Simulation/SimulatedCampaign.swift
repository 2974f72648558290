// A whole campaign in a temporary folder with a store in memory: declared by a real campaign file,
// run by the real engine, carried out by the simulated executor.

import Base
import Foundation
import Lineage
import Signing
import Stemma
import Synchronization

@testable import Loop

/// Time that moves by a second per question and randomness from a seed.
func testSurroundings(seed: UInt64 = 1) -> Surroundings {
  let clock = Mutex<Int64>(1_700_000_000_000_000)
  let random = Mutex(SplitMix64(seed: seed))
  return Surroundings(
    now: {
      clock.withLock { time in
        time += 1_000_000; return Timestamp(rawValue: time)
      }
    },
    random: { random.withLock { $0.next() } })
}

struct SimulatedCampaign {
  let folder: URL
  let campaign: Campaign
  let database: Database
  let vault = MemoryVault()
  let surroundings: Surroundings
  let owner: SigningKey

  /// `edit` changes the text of the campaign file before it is read; `files` are written beside it.
  init(
    files: [String: String] = [:], _ edit: (String) -> String = { $0 },
    schema: String = LineageSchema.text
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "stemma-loop-\(UUID())")
    self.folder = folder
    for name in ["source", "evaluator", "patches", "validation", "holdout"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    func write(_ text: String, _ path: String) throws {
      try Data(text.utf8).write(to: folder.appendingPathComponent(path))
    }
    try write("x = 1\n", "source/train.py")
    try write("print(1)\n", "evaluator/evaluate.py")
    try write("a\n", "validation/a.txt")
    try write("b\n", "holdout/b.txt")
    try write("x = 1\n# BETTER\n", "patches/better.py")
    try write("x = 1\n# CRASH\n", "patches/crash.py")
    try write("x = 1\n# RUNAWAY\n", "patches/runaway.py")
    try write("x = 1\n# CHEAT\n", "patches/cheat.py")
    try write(Self.answers, "answers.jsonl")
    for (path, text) in files { try write(text, path) }
    try write(edit(Self.text), "campaign.toml")
    campaign = try Campaign.read(at: folder.appendingPathComponent("campaign.toml").path)
    surroundings = testSurroundings()
    database = try Database.inMemory(
      .init(schemaText: schema), surroundings: surroundings)
    owner = try SigningKey(name: "owner", seed: [UInt8](repeating: 7, count: 32))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func executor(
    noise: Double = 0.02, machineFailures: Set<String> = [], stuck: Set<String> = [],
    truth: @escaping SimulatedExecutor.Truth = Self.truth
  ) -> SimulatedExecutor {
    SimulatedExecutor(
      objects: DatabaseObjects(database: database), noise: noise,
      machineFailures: machineFailures, stuck: stuck, truth: truth)
  }

  @discardableResult
  func run(
    _ executor: SimulatedExecutor, groupLimit: Int = 64, events: (LoopEvent) -> Void = { _ in },
    onBoundary: @escaping @Sendable (LoopBoundary) throws -> Void = { _ in }
  ) throws -> CampaignSummary {
    var options = Loop.Options(owner: owner, waits: false, onBoundary: onBoundary)
    options.groupLimit = groupLimit
    return try Loop.run(
      campaign, in: database, surroundings: surroundings, executor: executor, vault: vault,
      options: options, events: events)
  }

  /// A loop to be driven step by step.
  func engine(_ executor: SimulatedExecutor, groupLimit: Int) throws -> LoopEngine {
    try LoopEngine(
      campaign,
      LoopEngine.Parts(
        database: database, executor: executor, vault: vault, surroundings: surroundings,
        environment: LoopEnvironment(sleep: { _ in }, isInterrupted: { false }),
        onEvent: { _ in }, onBoundary: { _ in }, groupLimit: groupLimit,
        makeProvider: { try Loop.provider($0, campaign, database, executor, { false }) }))
  }

  /// Best near lr = 0.03 on a log scale and width 6; the patch BETTER helps by 0.1.
  static let truth: SimulatedExecutor.Truth = { parameters, source in
    let rate = SearchRequest.number(parameters["lr"]) ?? 0.001
    let width = SearchRequest.number(parameters["width"]) ?? 2
    let far = abs(log10(rate) - log10(0.03))
    return 2 + 0.2 * far + 0.02 * abs(width - 6) - (source.contains("BETTER") ? 0.1 : 0)
  }

  /// For `replay`: an improvement, a crash, the improvement again, and another one.
  static let answers =
    ["better", "crash", "better"].map { patch in
      answer(patch, "\"patches\":[\"\(patch)\"],\"parameters\":{\"width\":6}")
    }.joined() + answer("rate", "\"parameters\":{\"lr\":0.02}")

  /// A recorded answer of a proposer that changes something.
  static func answer(_ title: String, _ change: String) -> String {
    "{\"role\":\"proposer\",\"answer\":{\"version\":1,\"title\":\"\(title)\",\"hypothesis\":\"h\","
      + "\(change),\"prediction\":{\"effect\":-0.1,\"probability\":0.5}}}\n"
  }

  static let text = """
    format = 1
    [campaign]
    name = "sim"
    goal = "lower the loss"
    seed = 3
    [[objectives]]
    metric = "loss"
    unit = "nat"
    direction = "minimise"
    [[objectives]]
    metric = "seconds"
    direction = "minimise"
    role = "observe"
    [source]
    directory = "source"
    [editable]
    files = ["train.py"]
    [[editable.parameters]]
    name = "lr"
    type = "number"
    minimum = 0.0001
    maximum = 1.0
    scale = "log"
    default = 0.001
    [[editable.parameters]]
    name = "width"
    type = "integer"
    minimum = 1
    maximum = 12
    default = 2
    [[editable.patches]]
    name = "better"
    replace = [{ path = "train.py", with = "patches/better.py" }]
    group = "a"
    [[editable.patches]]
    name = "crash"
    replace = [{ path = "train.py", with = "patches/crash.py" }]
    group = "a"
    [[editable.patches]]
    name = "runaway"
    replace = [{ path = "train.py", with = "patches/runaway.py" }]
    group = "a"
    [[editable.patches]]
    name = "cheat"
    replace = [{ path = "train.py", with = "patches/cheat.py" }]
    group = "a"
    [run]
    command = ["python3", "train.py", "--lr", "{lr}", "--width", "{width}", "--seed", "{seed}"]
    budget = { wall = "8s" }
    [evaluate]
    command = ["python3", "{evaluator}/evaluate.py", "{run}", "{hidden}"]
    directory = "evaluator"
    hidden = ["validation"]
    benchmark = "sim-validation"
    budget = { wall = "4s" }
    [holdout]
    hidden = ["holdout"]
    [proposer]
    kind = "search"
    per_round = 3
    exploration = 0.4
    [budgets]
    rounds = 4
    campaign = { runs = 200 }
    """
}
