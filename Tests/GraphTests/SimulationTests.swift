// A life of a store, seeded: writes alone, in groups and in loads, requests that come twice, writes
// that fail half way, other processes that write and are killed, disks that lie about what they
// have, maps that fill, restarts, backups and restores in the place of the store, compaction,
// readers at every past transaction. An auditor who keeps copies predicts every answer. `make test`
// spends a few seconds on it, `make sim` as long as it is given (SIM_SECONDS, SIM_SEED).

import Base
import Foundation
import GraphWorkload
import Store
import Testing

@testable import Graph

@Suite("Graph: simulation")
struct SimulationTests {
  private static func setting(_ name: String, _ otherwise: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? otherwise
  }

  @Test("seeded lives of a store, predicted by an auditor", arguments: ModelTests.Engine.allCases)
  func lives(engine: ModelTests.Engine) throws {
    let seconds = Self.setting("SIM_SECONDS", 5)
    let end = ContinuousClock.now + .seconds(seconds)
    var seed = UInt64(Self.setting("SIM_SEED", 1))
    var count = 0
    var kills = 0
    repeat {
      var life = try SimulatedLife(engine, seed: seed)
      try life.run(steps: 60)
      seed += 1
      count += 1
      kills += life.kills
    } while ContinuousClock.now < end
    print("simulation: \(count) lives on \(engine), \(kills) kills, seeds up to \(seed - 1)")
  }
}

/// One store from its creation to the end of a simulation.
private struct SimulatedLife {
  private let engine: ModelTests.Engine
  private let seed: UInt64
  private let folder: TemporaryFolder
  private var random: SplitMix64
  private var workload: Workload
  private var graph: Graph?
  /// Where the store is now; restoring moves it.
  private var place: String
  /// Writers that were killed.
  private(set) var kills = 0
  private var requests: [(TransactionRequest, TransactionNumber)] = []

  init(_ engine: ModelTests.Engine, seed: UInt64) throws {
    self.engine = engine
    self.seed = seed
    folder = try TemporaryFolder()
    random = SplitMix64(seed: seed &* 7919)
    workload = Workload(seed: seed)
    place = folder.path + "/0"
    switch engine {
    case .memory:
      graph = try Graph.inMemory(
        schema: nil, surroundings: Fixture.surroundings(), layout: ModelTests.small)
    case .disk:
      graph = try Graph.create(
        at: place, schema: nil, surroundings: Fixture.surroundings(), layout: ModelTests.small)
    }
  }

  private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

  mutating func run(steps: Int) throws {
    for _ in 0..<steps {
      switch below(24) {
      case 0..<7: try append()
      case 7..<9: try appendGroup()
      case 9: try load()
      case 10..<12: try repeatRequest()
      case 12..<15: try failAndTryAgain()
      case 15: try restart()
      case 16 where engine == .disk: try fillTheMap()
      case 17 where engine == .disk: try moveToBackup()
      case 18 where engine == .disk: try compact()
      case 19..<22 where engine == .disk: try killWriter()
      case 19..<21: try losePower()
      default: try readThePast()
      }
    }
    for number in 0..<workload.history.count { try compare(asOf: number) }
    let report = try graph!.verify()
    #expect(report.faults == [], "seed \(seed)")
    #expect(report.transactions == workload.history.count - 1, "seed \(seed)")
  }

  // MARK: What can happen

  private mutating func request() -> TransactionRequest { workload.nextRequest() }

  private mutating func accept(_ receipt: TransactionReceipt, _ request: TransactionRequest) {
    requests.append((request, receipt.transaction))
  }

  private mutating func append() throws {
    let request = request()
    let receipt = try graph!.append(request)
    #expect(receipt.transaction.rawValue == workload.state.transaction, "seed \(seed)")
    accept(receipt, request)
  }

  private mutating func appendGroup() throws {
    let group = (0...below(4)).map { _ in request() }
    for (request, result) in zip(group, try graph!.append(group: group)) {
      accept(try result.get(), request)
    }
  }

  /// Several records in one commit.
  private mutating func load() throws {
    let group = (0...below(6)).map { _ in request() }
    let receipts = try graph!.load { append in try group.map(append) }
    for (request, receipt) in zip(group, receipts) { accept(receipt, request) }
  }

  private mutating func repeatRequest() throws {
    guard !requests.isEmpty else { return }
    let (request, transaction) = requests[below(requests.count)]
    let receipt = try graph!.append(request)
    #expect(receipt.wasRepeated && receipt.transaction == transaction, "seed \(seed)")
  }

  /// A write that fails anywhere leaves what was; the same request then succeeds.
  private mutating func failAndTryAgain() throws {
    let before = workload.state
    let request = request()
    var plan = FaultPlan(failingWrite: 1 + below(40))
    plan.failsCommit = below(3) == 0
    graph!.store.inject(plan)
    let receipt = try? graph!.append(request)
    graph!.store.inject(FaultPlan())
    if let receipt { return accept(receipt, request) }
    try graph!.read { view in try ModelComparison(state: before, seed: seed).compare(view) }
    accept(try graph!.append(request), request)
  }

  /// Another process writes, while we have the store open or not, and is killed at one of its
  /// writes. What it acknowledged is there, and at most one transaction more.
  private mutating func killWriter() throws {
    if below(2) == 0 { graph = nil }
    let before = workload.history.count - 1
    let count = 1 + below(4)
    let lines = try LifeProcess.run([
      "live", place, "\(seed)", "\(before)", "\(count)", "\(1 + below(30))",
      below(2) == 0 ? "torn" : "clean",
    ])
    kills += lines.contains { $0 == "killed" } ? 1 : 0
    let acknowledged = lines.filter { $0.hasPrefix("ack ") }.count
    try restart()
    let there = Int(try graph!.lastTransaction().rawValue) - before
    #expect(there == acknowledged || there == acknowledged + 1, "seed \(seed)")
    #expect(there <= count, "seed \(seed)")
    for _ in 0..<max(there, 0) {
      let request = request()
      requests.append((request, TransactionNumber(workload.state.transaction)))
    }
    try compare(asOf: workload.history.count - 1)
    if below(3) == 0 { #expect(try graph!.verify().faults == [], "seed \(seed)") }
  }

  /// A disk says that it has what it has not, and then the power goes: the store is what it was.
  private mutating func losePower() throws {
    let before = workload
    let known = requests
    graph!.store.inject(FaultPlan(losesSync: true))
    for _ in 0...below(3) { try append() }
    try compare(asOf: workload.history.count - 1)
    graph!.store.losePower()
    graph!.store.inject(FaultPlan())
    graph = Graph(
      graph!.store, surroundings: Fixture.surroundings(seed: random.next()),
      layout: ModelTests.small)
    workload = before
    requests = known
    try compare(asOf: workload.history.count - 1)
  }

  private mutating func restart() throws {
    guard engine == .disk else { return }
    graph = nil
    graph = try Graph.open(at: place, surroundings: Fixture.surroundings())
  }

  /// A map that is hardly larger than the file fills sooner or later; a larger one goes on.
  private mutating func fillTheMap() throws {
    graph = nil
    var options = StoreOptions()
    let size = try FileManager.default.attributesOfItem(atPath: place + "/data.mdb")[.size]
    options.mapBytes = ((size as? Int ?? 0) + 16 * 4096 + below(24) * 4096)
    graph = try Graph.open(at: place, surroundings: Fixture.surroundings(), options: options)
    for _ in 0..<6 {
      let request = request()
      do {
        accept(try graph!.append(request), request)
      } catch let error as StemmaError where error.code == .storeFull {
        try restart()
        accept(try graph!.append(request), request)
        return
      }
    }
    try restart()
  }

  /// The backup of now, made in two parts, takes the place of the store.
  private mutating func moveToBackup() throws {
    let backup = "\(folder.path)/\(workload.state.transaction)-backup"
    let target = "\(folder.path)/\(workload.state.transaction)-moved"
    _ = try graph!.backUp(to: backup)
    try append()
    let outcome = try graph!.backUp(to: backup)
    #expect(outcome.last == workload.state.transaction, "seed \(seed)")
    graph = nil
    _ = try Graph.restore(
      from: backup, to: target,
      upTo: below(2) == 0 ? TransactionNumber(outcome.last) : nil,
      surroundings: Fixture.surroundings())
    try FileManager.default.removeItem(atPath: backup)
    place = target
    try restart()
  }

  private mutating func compact() throws {
    graph = nil
    _ = try Store.compact(at: place)
    try restart()
  }

  private mutating func readThePast() throws {
    try compare(asOf: below(workload.history.count))
  }

  private func compare(asOf number: Int) throws {
    let state = workload.history[number]
    try graph!.read(at: TransactionNumber(UInt64(number))) { view in
      try ModelComparison(state: state, seed: seed).compare(view)
    }
  }
}

/// The other process of a simulated life.
private enum LifeProcess {
  /// What it said; "killed" at the end where it was.
  static func run(_ arguments: [String]) throws -> [String] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("crash-lab")
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    if process.terminationReason == .uncaughtSignal {
      #expect(process.terminationStatus == SIGKILL, "\(arguments)")
      return lines + ["killed"]
    }
    #expect(process.terminationStatus == 0, "\(arguments): \(lines)")
    return lines
  }
}
