// Cuts every operation that writes a store short at each of its calls that reach the disk, and
// looks at what is left. Each run and each look is a forked process of its own: one that traps or
// hangs is a failure like any other.
//
//   crash-lab kill NAME|all FOLDER STEP FIRST   kills at every STEP-th call from FIRST on
//   crash-lab power NAME|all FOLDER STEP FIRST  loses power instead: of what was not synced, any
//                                               part may be there
//   crash-lab live STORE SEED STEPS COUNT CALL TORN  a writer of the simulation, killed at CALL
//   crash-lab names                             what there is
//
// Prints a line for each operation and each failure; FOLDER is for its files, best in memory.

import Base
import CrashPoints
import Foundation
import StoreWorkload

@main
enum CrashLab {
  static func main() {
    let arguments = CommandLine.arguments
    if arguments.count == 2, arguments[1] == "names" {
      for scenario in Scenario.all { print(scenario.name) }
      return
    }
    if arguments.count == 8, arguments[1] == "live" { return live(arguments) }
    guard arguments.count == 6, let step = Int(arguments[4]), let first = Int(arguments[5]),
      step > 0, first >= 0, ["kill", "power"].contains(arguments[1])
    else { exit(64) }
    let chosen = Scenario.all.filter { arguments[2] == "all" || arguments[2] == $0.name }
    if chosen.isEmpty { exit(64) }
    var failures = 0
    do {
      for scenario in chosen {
        let lab = try Lab(scenario, folder: arguments[3] + "/" + scenario.name)
        failures +=
          arguments[1] == "kill"
          ? try lab.kill(step: step, first: first) : try lab.losePower(step: step, first: first)
      }
    } catch {
      print("error \(error)")
      exit(1)
    }
    exit(failures == 0 ? 0 : 2)
  }

  private static func live(_ arguments: [String]) {
    let numbers = arguments[3...6].map { Int($0) ?? 0 }
    do {
      try LifeWriter.run(
        arguments[2], seed: UInt64(numbers[0]), steps: numbers[1], count: numbers[2],
        boundary: numbers[3], isTorn: arguments[7] == "torn")
    } catch {
      print("error \(error)")
      exit(1)
    }
  }
}

/// One operation, cut short again and again.
struct Lab {
  private let scenario: Scenario
  private let folder: String
  private let shared: SharedNumbers
  /// How many calls the whole operation makes.
  private let calls: Int
  /// The last transaction that the whole operation acknowledges.
  private let acknowledgedAtEnd: UInt64

  private var base: String { folder + "/base" }
  private var reference: String { folder + "/reference" }
  private var work: String { folder + "/work" }

  init(_ scenario: Scenario, folder: String) throws {
    self.scenario = scenario
    let manager = FileManager.default
    try? manager.removeItem(atPath: folder)
    try manager.createDirectory(atPath: folder + "/base", withIntermediateDirectories: true)
    self.folder = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let base = self.folder + "/base"
    let reference = self.folder + "/reference"
    let numbers = try SharedNumbers()
    shared = numbers
    try Child.run("preparing \(scenario.name)") { try scenario.prepare(base) }
    try manager.copyItem(atPath: base, toPath: reference)
    try Child.run("the whole of \(scenario.name)") {
      crash_points_arm(0, 0)
      try scenario.run(reference) { numbers.acknowledged = $0 }
      numbers.calls = UInt64(crash_points_count())
    }
    calls = Int(numbers.calls)
    acknowledgedAtEnd = numbers.acknowledged
  }

  private func startAgain() throws {
    try? FileManager.default.removeItem(atPath: work)
    try FileManager.default.copyItem(atPath: base, toPath: work)
    shared.acknowledged = 0
  }

  private func check(_ place: String, _ acknowledged: UInt64, _ words: String) -> Bool {
    do {
      try Child.run(words) { try scenario.check(place, reference, acknowledged) }
      return true
    } catch {
      print("failed \(scenario.name) \(words): \(error)")
      return false
    }
  }

  // MARK: Kills

  /// Returns the number of failures.
  func kill(step: Int, first: Int) throws -> Int {
    var kills = 0
    var failures = 0
    for call in stride(from: 1 + first, through: calls, by: step) {
      for isTorn in [false, true] {
        try startAgain()
        let end = try Child.start {
          crash_points_arm(call, isTorn ? 1 : 0)
          try scenario.run(work) { shared.acknowledged = $0 }
        }
        let words = "killed at call \(call)\(isTorn ? ", torn" : "")"
        guard end == .signal(SIGKILL) else {
          print("failed \(scenario.name) \(words): it ended with \(end)")
          failures += 1
          continue
        }
        kills += 1
        if !check(work, shared.acknowledged, words) { failures += 1 }
      }
    }
    print("\(scenario.name): calls \(calls) kills \(kills) failures \(failures)")
    fflush(nil)
    return failures
  }

  // MARK: Loss of power

  /// Of a long operation so many moments are looked at, each with every kind of loss.
  private static let momentsAtMost = 400

  /// Returns the number of failures.
  func losePower(step: Int, first: Int) throws -> Int {
    try startAgain()
    var model = try DiskModel(holding: work)
    let journal = folder + "/journal"
    try Child.run("the recording of \(scenario.name)") {
      crash_points_record(journal)
      try scenario.run(work) { crash_points_note(Int($0)) }
    }
    let steps = DiskStep.all(in: try Data(contentsOf: URL(fileURLWithPath: journal)))
    var random = SplitMix64(seed: 17)
    var acknowledged: UInt64 = 0
    var layouts = 0
    var failures = 0
    for (index, diskStep) in steps.enumerated() {
      if diskStep.what == "A" { acknowledged = UInt64(diskStep.number) }
      model.apply(diskStep)
      let step = max(step, steps.count / Self.momentsAtMost)
      guard index % step == first % step else { continue }
      for survival in model.survivals(samples: 3, limit: 6) {
        let place = folder + "/after"
        try? FileManager.default.removeItem(atPath: place)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try model.layOut(in: place, survival, &random)
        layouts += 1
        let words = "power lost after step \(index) \(diskStep.what), keeping \(survival)"
        if !check(place, acknowledged, words) { failures += 1 }
      }
    }
    print("\(scenario.name): steps \(steps.count) layouts \(layouts) failures \(failures)")
    fflush(nil)
    return failures
  }
}
