// Several runners on one campaign: what others append is followed exactly, runs are carried out
// once, and what a runner that died had begun is taken over.

import Base
import Foundation
import Graph
import Stemma
import Synchronization
import Testing

@testable import Loop

/// Seats without processes: who lives is said by the test.
final class TestSeat: RunnerSeat {
  let number: Int
  let living: TestLiving
  private var isLeading: Bool

  /// Takes a number that nobody has, as a lock does; 0 is the lead.
  init(_ number: Int, _ living: TestLiving) {
    self.number = number
    self.living = living
    let isTaken = !living.numbers.withLock { $0.insert(number).inserted }
    precondition(!isTaken, "two runners under one number")
    isLeading = number == 0
  }

  var leads: Bool { isLeading }

  func takeLead() -> Bool {
    if !isLeading { isLeading = living.numbers.withLock { $0.insert(0).inserted } }
    return isLeading
  }

  func holds(_ number: Int) -> Bool { number == self.number || (isLeading && number == 0) }

  func isTaken(_ number: Int) -> Bool {
    !holds(number) && living.numbers.withLock { $0.contains(number) }
  }

  func die() {
    living.numbers.withLock {
      $0.remove(number)
      if isLeading { $0.remove(0) }
    }
  }
}

final class TestLiving: Sendable {
  let numbers = Mutex<Set<Int>>([])
}

@Suite struct SharingTests {
  private func engine(
    _ simulated: SimulatedCampaign, _ executor: SimulatedExecutor, _ seat: TestSeat,
    groupLimit: Int = 64, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws -> LoopEngine {
    try LoopEngine(
      simulated.campaign,
      LoopEngine.Parts(
        database: simulated.database, executor: executor, vault: simulated.vault,
        surroundings: simulated.surroundings,
        environment: LoopEnvironment(
          sleep: { usleep(UInt32($0) * 100) }, isInterrupted: isInterrupted),
        onEvent: { _ in }, onBoundary: { _ in }, groupLimit: groupLimit, seat: seat,
        makeProvider: {
          try Loop.provider($0, simulated.campaign, simulated.database, executor, { false })
        }))
  }

  /// What a campaign came to, the order of records aside.
  private func essence(_ database: Database) throws -> [[Value]] {
    let runs = try database.query(
      """
      MATCH (r:Run)-[:EXECUTES]->(p:Proposal) OPTIONAL MATCH (e:Eval)-[:EVALUATES]->(r)
      RETURN p.changeHash AS change, p.status AS status, r.kind AS kind, r.seed AS seed,
             r.status AS run, e.metric AS metric, e.value AS value
      ORDER BY change, kind, seed, metric
      """)
    return runs.rows
  }

  /// Where the edges of a mirror lead, by the node where they start.
  private func ends(in mirror: Mirror) -> [NodeID: [NodeList]] {
    let types: [Text] = ["IN", "EXECUTES", "DECIDES", "COMPARES", "PRODUCED", "CHARGES"]
    return Dictionary(
      uniqueKeysWithValues: mirror.nodes.keys.map { id in
        (id, types.map { mirror.ends(of: id, $0) })
      })
  }

  @Test func whatOthersAppendIsFollowed() throws {
    let simulated = try SimulatedCampaign(files: ResumeTests.prompts, ResumeTests.eventful)
    defer { simulated.remove() }
    let engine = try simulated.engine(simulated.executor(), groupLimit: 1)
    let other = try Recorder(
      database: simulated.database, campaign: "sim", surroundings: simulated.surroundings,
      left: nil, onBoundary: { _ in })
    var steps = 0
    while let step = try engine.performNext() {
      steps += 1
      #expect(try other.refresh())
      let loaded = try Mirror.load(campaign: "sim", from: simulated.database)
      #expect(other.mirror.nodes == loaded.nodes, "\(step)")
      #expect(other.mirror.tally == loaded.tally, "\(step)")
      #expect(ends(in: other.mirror) == ends(in: loaded), "\(step)")
      // What does not belong to the campaign changes nothing of it.
      try simulated.database.append(
        TransactionRequest(
          requestID: RequestID(high: 9, low: UInt64(steps)), actor: "ada", reason: "a test",
          operations: [
            .createNode(
              labels: ["Source"], key: nil, properties: [Property("title", .text("\(steps)"))])
          ]))
    }
    #expect(steps > 20)
  }

  /// What is read while others append is one moment, from which following goes on exactly.
  @Test func whoeverJoinsSeesOneMoment() throws {
    let simulated = try SimulatedCampaign(files: ResumeTests.prompts, ResumeTests.eventful)
    defer { simulated.remove() }
    let isOver = Atomic<Bool>(false)
    let faults = Mutex<[String]>([])
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      do { try simulated.run(simulated.executor(), groupLimit: 1) } catch {
        faults.withLock { $0.append("\(error)") }
      }
      isOver.store(true, ordering: .relaxed)
      ended.signal()
    }
    var joined: [Recorder] = []
    while !isOver.load(ordering: .relaxed) {
      joined.append(
        try Recorder(
          database: simulated.database, campaign: "sim", surroundings: simulated.surroundings,
          left: nil, onBoundary: { _ in }))
    }
    ended.wait()
    #expect(faults.withLock { $0 } == [])
    let loaded = try Mirror.load(campaign: "sim", from: simulated.database)
    let wanted = ends(in: loaded)
    for recorder in joined {
      _ = try recorder.refresh()
      #expect(recorder.mirror.nodes == loaded.nodes)
      #expect(recorder.mirror.tally == loaded.tally)
      #expect(ends(in: recorder.mirror) == wanted)
    }
    #expect(joined.count > 5)
  }

  @Test(arguments: [2, 3])
  func sharedIsDoneOnce(runners: Int) throws {
    let alone = try SimulatedCampaign(files: ResumeTests.prompts, ResumeTests.eventful)
    defer { alone.remove() }
    try alone.run(alone.executor())
    let shared = try SimulatedCampaign(files: ResumeTests.prompts) {
      ResumeTests.eventful($0).replacingFirst("seed = 3", "seed = 3\nslots = 2")
    }
    defer { shared.remove() }
    let key = try #require(try alone.vault.read("seed-key-sim"))
    try shared.vault.write(key, as: "seed-key-sim")
    let living = TestLiving()
    let executors = (0..<runners).map { _ in shared.executor() }
    // The lead is taken before anybody could find it free.
    let seats = (0..<runners).map { TestSeat($0, living) }
    let faults = Mutex<[String]>([])
    let group = DispatchGroup()
    for number in 0..<runners {
      group.enter()
      let executor = executors[number]
      nonisolated(unsafe) let seat = seats[number]
      Thread.detachNewThread {
        do {
          _ = try self.engine(shared, executor, seat).run(waits: false)
        } catch { faults.withLock { $0.append("\(number): \(error)") } }
        group.leave()
      }
    }
    #expect(group.wait(timeout: .now() + 60) == .success)
    #expect(faults.withLock { $0 } == [])
    let runs = executors.flatMap(\.asked.runs)
    #expect(runs.count == Set(runs).count, "carried out twice: \(runs.sorted())")
    let evaluations = executors.flatMap(\.asked.evaluations)
    #expect(evaluations.count == Set(evaluations).count, "evaluated twice")
    #expect(try essence(shared.database) == essence(alone.database))
    #expect(try shared.database.verify().faults == [])
  }

  /// The next one gets the number of the one that died, and nobody else may touch its runs.
  @Test func whoeverGetsANumberGoesOnWithItsRuns() throws {
    let simulated = try SimulatedCampaign(ResumeTests.small)
    defer { simulated.remove() }
    let living = TestLiving()
    let executor = simulated.executor()
    let first = try engine(simulated, executor, TestSeat(0, living), groupLimit: 1)
    func trains() -> [MirrorNode] { first.state.openRuns.filter { $0.text("kind") == "train" } }
    while true {
      if case .carryOut(let runs) = try LoopPolicy(first.state).next(), runs.count > 1,
        runs[0].text("kind") == "train"
      {
        break
      }
      _ = try #require(try first.performNext())
    }
    let begun = try #require(trains().first).key.string + "-1"
    let helper = TestSeat(1, living)
    let isOver = Atomic<Bool>(false)
    let stuck = simulated.executor(stuck: [begun])
    let helping = try engine(
      simulated, stuck, helper, isInterrupted: { isOver.load(ordering: .relaxed) })
    let threads = DispatchGroup()
    let faults = Mutex<[String]>([])
    func start(_ engine: LoopEngine) {
      nonisolated(unsafe) let engine = engine
      threads.enter()
      Thread.detachNewThread {
        do { _ = try engine.run(waits: false) } catch { faults.withLock { $0.append("\(error)") } }
        threads.leave()
      }
    }
    start(helping)
    for _ in 0..<500 where stuck.asked.runs.isEmpty { usleep(10_000) }
    #expect(stuck.asked.runs == [begun])
    start(first)
    for _ in 0..<500 where executor.asked.runs.isEmpty { usleep(10_000) }
    usleep(200_000)
    isOver.store(true, ordering: .relaxed)
    for _ in 0..<500 where faults.withLock({ $0.isEmpty }) { usleep(10_000) }
    helper.die()
    start(try engine(simulated, simulated.executor(), TestSeat(1, living)))
    #expect(threads.wait(timeout: .now() + 60) == .success)
    #expect(faults.withLock { $0.count } == 1, "only the one that was interrupted")
    #expect(first.state.status == "finished")
  }

  @Test func whatADeadRunnerHadBegunIsTakenOver() throws {
    let simulated = try SimulatedCampaign {
      ResumeTests.small($0).replacingFirst("seed = 3", "seed = 3\nslots = 2")
    }
    defer { simulated.remove() }
    let living = TestLiving()
    let leader = TestSeat(0, living)
    let helper = TestSeat(1, living)
    let isOver = Atomic<Bool>(false)
    // The helper's runs never end; it dies with them.
    let stuck = simulated.executor(stuck: Set((1...60).map { "R\($0)-1" }))
    let helping = try engine(
      simulated, stuck, helper, isInterrupted: { isOver.load(ordering: .relaxed) })
    let executor = simulated.executor()
    let first = try engine(simulated, executor, leader, groupLimit: 1)
    while try first.performNext() != nil {
      if !first.state.openRuns.isEmpty { break }
    }
    let ended = DispatchSemaphore(value: 0)
    let box = Mutex<String>("")
    nonisolated(unsafe) let unsafeHelping = helping
    Thread.detachNewThread {
      do { _ = try unsafeHelping.run(waits: false) } catch { box.withLock { $0 = "\(error)" } }
      ended.signal()
    }
    for _ in 0..<500 where stuck.asked.runs.count < 2 { usleep(10_000) }
    #expect(stuck.asked.runs.count == 2)
    isOver.store(true, ordering: .relaxed)
    ended.wait()
    helper.die()
    #expect(try first.run(waits: false) == "finished")
    let lost = try simulated.database.query(
      "MATCH (a:Attempt {status: 'lost', runner: 1}) RETURN count(a)")
    #expect(lost.rows == [[.integer(2)]])
    let again = executor.asked.runs.filter { $0.hasSuffix("-2") }
    #expect(Set(again) == Set(stuck.asked.runs.map { $0.dropLast(2) + "-2" }))
  }
}
