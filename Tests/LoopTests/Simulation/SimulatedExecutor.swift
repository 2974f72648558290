// An executor that carries nothing out: a run's result is a function of its parameters, files and
// seed. It can crash candidates, fail like a broken machine, and count what it was asked for.

import Base
import Foundation
import Models
import Sandbox
import Synchronization

@testable import Loop

final class SimulatedExecutor: RunExecutor {
  /// The true metric of a proposal; smaller is better.
  typealias Truth = @Sendable (_ parameters: ValueMap, _ source: String) -> Double

  struct Counts {
    var runs: [String] = []; var evaluations: [String] = []; var sweeps = 0
    var budgets: [String: Int] = [:]
  }

  let objects: any ObjectStore
  let truth: Truth
  let noise: Double
  /// Names of attempts that the "machine" fails, such as `R3-1`.
  let machineFailures: Set<String>
  /// Budgets that the "machine" holds only nearly.
  var inexact: [InexactGuard] { inexactly.withLock { $0 } }
  let inexactly = Mutex<[InexactGuard]>([])
  /// Names of attempts that go on until they are cancelled.
  let stuck: Set<String>
  /// What every run leaves that is not kept.
  let leftOut = Mutex<[String]>([])
  let kernel = Mutex("none")
  private let counts = Mutex(Counts())
  /// What a coding agent makes of its order.
  typealias Agent = @Sendable (AgentOrder, [SandboxFile]) throws -> SandboxOutcome
  let agent = Mutex<Agent?>(nil)

  init(
    objects: any ObjectStore, noise: Double = 0.02, machineFailures: Set<String> = [],
    stuck: Set<String> = [], truth: @escaping Truth
  ) {
    self.objects = objects
    self.truth = truth
    self.noise = noise
    self.machineFailures = machineFailures
    self.stuck = stuck
  }

  var asked: Counts { counts.withLock { $0 } }

  /// What attacking the guards is said to have shown.
  let checks = Mutex<[GuardCheck]>([])

  func proveGuards(allowedWeaknesses: Set<String>) throws -> [GuardCheck] {
    checks.withLock { $0 }
  }

  func inexactGuards() throws -> [InexactGuard] { inexact }

  func describeEnvironment(program: String) -> RunEnvironment {
    RunEnvironment(
      name: "simulation", kernel: kernel.withLock { $0 }, machine: "none", processors: 1,
      memoryBytes: 1,
      program: program)
  }

  func removeLeftovers(except underWay: Set<String>) throws { counts.withLock { $0.sweeps += 1 } }

  private static func double(_ map: ValueMap, _ name: Text) -> Double {
    SearchRequest.number(map[name]) ?? 0
  }

  func run(_ order: RunOrder, isCancelled: @escaping @Sendable () -> Bool) throws -> RunReport {
    counts.withLock {
      $0.runs.append(order.name)
      $0.budgets[order.name] = order.budget.wallMilliseconds
    }
    while stuck.contains(order.name), !isCancelled() { usleep(1_000) }
    if isCancelled() {
      var outcome = SandboxOutcome(status: .cancelled)
      outcome.wallMilliseconds = 1_000
      return RunReport(outcome: outcome, outputTree: nil, outputBytes: 0)
    }
    if machineFailures.contains(order.name) {
      var outcome = SandboxOutcome(status: .failed)
      outcome.message = "no space left on the machine"
      return RunReport(outcome: outcome, outputTree: nil, outputBytes: 0)
    }
    let tree = try Tree(manifest: objects.load(order.tree))
    let source = try tree.files.map {
      String(decoding: try objects.load($0.hash), as: UTF8.self)
    }.joined()
    var outcome = SandboxOutcome(status: .exited)
    outcome.exitCode = 0
    outcome.wallMilliseconds = 1_500
    outcome.cpuMilliseconds = 1_000
    if source.contains("CRASH") {
      outcome.exitCode = 1
      // Such a program prints what stands after the word.
      let said = source.split(separator: "CRASH", maxSplits: 1).dropFirst().first ?? ""
      outcome.log = Array("ValueError: it crashed\(said.prefix { $0 != "\n" })\n".utf8)
      return RunReport(outcome: outcome, outputTree: nil, outputBytes: 0)
    }
    if source.contains("RUNAWAY") {
      outcome.status = .killed
      outcome.exceeded = .wall
      outcome.message = "over 8 s wall time"
      return RunReport(outcome: outcome, outputTree: nil, outputBytes: 0)
    }
    let value = truth(order.parameters, source)
    let cheats = source.contains("CHEAT")
    let bytes = Array("{\"value\":\(value),\"seed\":\(order.seed),\"cheats\":\(cheats)}".utf8)
    let file = Tree.File(
      path: "result.json", isExecutable: false, hash: try objects.store(bytes), size: bytes.count)
    var report = RunReport(
      outcome: outcome, outputTree: try Tree([file]).store(in: objects), outputBytes: bytes.count)
    report.leftOut = leftOut.withLock { $0 }
    return report
  }

  func work(
    _ order: AgentOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome {
    guard let agent = agent.withLock({ $0 }) else { return SandboxOutcome(status: .failed) }
    let tree = try Tree.load(order.checkout, from: objects).files.map { file in
      SandboxFile(
        path: AgentOrder.tree + "/" + file.path, bytes: try objects.load(file.hash),
        byteCount: file.size, isExecutable: file.isExecutable)
    }
    let beside = order.files.map { name, bytes in
      SandboxFile(path: name, bytes: bytes, byteCount: bytes.count, isExecutable: false)
    }
    return try agent(order, tree + beside)
  }

  func evaluate(
    _ order: EvaluationOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome {
    counts.withLock { $0.evaluations.append(order.name) }
    let tree = try Tree(manifest: objects.load(order.outputTree))
    let bytes = try objects.load(tree.files[0].hash)
    guard case .map(let map) = try JSONReader.read(bytes, limitBytes: 1_000) else {
      throw StemmaError(.sandboxFailed, "no result")
    }
    var outcome = SandboxOutcome(status: .exited)
    outcome.exitCode = 0
    outcome.wallMilliseconds = 500
    outcome.cpuMilliseconds = 400
    if map["cheats"] == .boolean(true) {
      outcome.channel = Array(
        "{\"version\":1,\"valid\":false,\"reason\":\"it does not sum to 1\"}".utf8)
      return outcome
    }
    outcome.channel = Array(answer(map).utf8)
    return outcome
  }

  /// Twenty items whose mean is the value plus the seed's noise.
  private func answer(_ map: ValueMap) -> String {
    let truth = Self.double(map, "value")
    var random = SplitMix64(seed: UInt64(Self.double(map, "seed")) &+ truth.bitPattern)
    func gaussian() -> Double {
      (-2 * log(1 - random.unitInterval())).squareRoot() * cos(2 * .pi * random.unitInterval())
    }
    let value = truth + noise * gaussian()
    let items = (0..<20).map { index in
      "{\"id\":\"t\(index)\",\"values\":{\"loss\":\(value + 0.01 * Double(index % 5))}}"
    }
    return "{\"version\":1,\"metrics\":{\"loss\":\(value),\"seconds\":1.5},"
      + "\"items\":[\(items.joined(separator: ","))]}"
  }
}
