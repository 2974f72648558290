// Runs as jobs: what is submitted, how every end of a job is told, and that no job is submitted
// twice, whoever dies. `make slurm` does the same against real daemons.

import Base
import Foundation
import Glibc
import Sandbox
import Synchronization
import Testing

@testable import Loop

@Suite("Runs as jobs of Slurm", .serialized)
struct SlurmTests {
  /// An order that is being carried out on a thread of its own.
  private final class UnderWay: Sendable {
    private let result = Mutex<Result<RunReport, any Error>?>(nil)
    private let isCancelled = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)

    init(_ executor: SlurmExecutor, _ order: RunOrder) {
      Thread.detachNewThread { [self] in
        let result = Result {
          try executor.run(order) { self.isCancelled.load(ordering: .relaxed) }
        }
        self.result.withLock { $0 = result }
        ended.signal()
      }
    }

    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    func report() throws -> RunReport {
      _ = ended.wait(timeout: .now() + 30)
      guard let result = result.withLock({ $0 }) else {
        throw StemmaError(.loopState, "the order does not end")
      }
      return try result.get()
    }
  }

  private static func success() -> SandboxOutcome {
    var outcome = SandboxOutcome(status: .exited)
    outcome.exitCode = 0
    outcome.wallMilliseconds = 1_234
    outcome.cpuMilliseconds = 567
    outcome.memoryPeakBytes = 8 << 20
    outcome.processesPeak = 3
    outcome.diskBytes = 4_096
    outcome.log = Array("hello \u{1F600}\n".utf8)
    outcome.logBytes = outcome.log.count
    outcome.channel = [0, 255, 10]
    outcome.files = [
      SandboxFile(path: "model/w.bin", bytes: [1, 2, 3], byteCount: 3, isExecutable: true)
    ]
    outcome.refusedFiles = [(path: "link", reason: "a link")]
    outcome.guards = [(name: "memory", mechanism: "control groups version 2")]
    return outcome
  }

  @Test("a run is submitted with its limits, carried out elsewhere, and comes home whole")
  func wholeRun() throws {
    let cluster = try ScriptedSlurm()
    defer { cluster.remove() }
    let executor = try cluster.executor()
    let order = try cluster.order("R7-1")
    let underWay = UnderWay(executor, order)
    let job = try cluster.submitted()
    let options = cluster.text("\(job)/options").split(separator: "\n").map(String.init)
    for wanted in [
      "--partition=gpu", "--gres=gpu:1", "--time=3", "--mem=768M", "--cpus-per-task=1",
      "--no-requeue", "--job-name=stemma-0a0b0c0d-clustered-R7-1",
    ] {
      #expect(options.contains(wanted), "\(options)")
    }
    let script = cluster.text("\(job)/script")
    #expect(script.contains("exec '/opt/it'\\''s/stemma' sandbox job '"), "\(script)")
    guard case .run(let seen) = try cluster.package("R7-1").order() else {
      Issue.record("the package holds another order")
      return
    }
    #expect(seen.command == order.command && seen.seed == order.seed && seen.budget == order.budget)
    #expect(seen.environment.map(\.value) == ["b c"] && seen.readOnly == ["/data"])
    let tree = try Tree(manifest: cluster.package("R7-1").inputs.load(seen.tree))
    #expect(tree.files.map(\.path) == ["train.py"])
    try cluster.carryOut("R7-1", job: job, Self.success())
    let report = try underWay.report()
    #expect(report.place == "job \(job) on node3")
    let outcome = report.outcome
    #expect(outcome.status == .exited && outcome.wallMilliseconds == 1_234)
    #expect(outcome.log == Self.success().log && outcome.channel == [0, 255, 10])
    #expect(outcome.refusedFiles.map(\.reason) == ["a link"] && outcome.processesPeak == 3)
    #expect(outcome.guards.map(\.name) == ["memory"])
    let output = try Tree(manifest: cluster.objects.load(report.outputTree ?? ""))
    #expect(output.files.map(\.path) == ["model/w.bin"])
    #expect(try cluster.objects.load(output.files[0].hash) == [1, 2, 3])
    executor.discard("R7-1")
    #expect(!executor.isUnderWay("R7-1"))
  }

  @Test("a loop that goes away leaves its job, and the next one fetches it without another")
  func restart() throws {
    let cluster = try ScriptedSlurm()
    defer { cluster.remove() }
    let first = try cluster.executor()
    let order = try cluster.order("R1-1")
    let lost = UnderWay(first, order)
    let job = try cluster.submitted()
    first.detach()
    lost.cancel()
    #expect(try lost.report().outcome.status == .cancelled)
    #expect(cluster.text("../cancelled").isEmpty)
    // It died before it noted the number: the job is found by its name.
    try FileManager.default.removeItem(atPath: cluster.package("R1-1").path + "/job")
    let second = try cluster.executor()
    #expect(second.isUnderWay("R1-1") && !second.isUnderWay("R1-2"))
    try second.removeLeftovers(except: ["R1-1"])
    let underWay = UnderWay(second, order)
    try cluster.carryOut("R1-1", job: job, Self.success())
    #expect(try underWay.report().outcome.exitCode == 0)
    #expect(cluster.jobs == [job])
    // Whatever nobody waits for any more is cancelled and removed.
    let orphan = UnderWay(second, try cluster.order("R2-1"))
    let other = try cluster.submitted(2)
    second.detach()
    orphan.cancel()
    _ = try orphan.report()
    try cluster.executor().removeLeftovers(except: ["R1-1"])
    #expect(cluster.text("../cancelled") == "\(other)\n")
    #expect(!cluster.package("R2-1").exists && cluster.package("R1-1").exists)
  }

  @Test("a cancelled run cancels its job")
  func cancel() throws {
    let cluster = try ScriptedSlurm()
    defer { cluster.remove() }
    let underWay = UnderWay(try cluster.executor(), try cluster.order("R1-1"))
    let job = try cluster.submitted()
    underWay.cancel()
    #expect(try underWay.report().outcome.status == .cancelled)
    #expect(cluster.text("../cancelled") == "\(job)\n")
  }

  @Test("every end without a result means something")
  func ends() throws {
    let cases: [(state: String, hasStarted: Bool, status: String, budget: String?)] = [
      ("TIMEOUT", true, "killed", "wall"), ("OUT_OF_MEMORY", true, "killed", "memory"),
      ("NODE_FAIL", true, "failed", nil), ("CANCELLED by 0", true, "failed", nil),
      ("FAILED", true, "failed", nil), ("COMPLETED", true, "failed", nil),
      ("TIMEOUT", false, "failed", nil), ("OUT_OF_MEMORY", false, "failed", nil),
    ]
    let cluster = try ScriptedSlurm()
    defer { cluster.remove() }
    let executor = try cluster.executor()
    var underWay: [UnderWay] = []
    for number in cases.indices {
      underWay.append(UnderWay(executor, try cluster.order("R\(number)-1")))
      let job = try cluster.submitted(number + 1)
      if cases[number].hasStarted {
        #expect(try cluster.package("R\(number)-1").claim(for: job))
      }
    }
    for (number, job) in cluster.jobs.enumerated() { try cluster.set(job, cases[number].state) }
    for (number, expected) in cases.enumerated() {
      let outcome = try underWay[number].report().outcome
      #expect(outcome.status.rawValue == expected.status, "\(outcome.message ?? "")")
      #expect(outcome.exceeded?.rawValue == expected.budget, "\(expected)")
      #expect(outcome.message?.contains("job \(cluster.jobs[number])") == true)
    }
  }

  @Test("a job that the queue has forgotten is asked of the accounts")
  func accounts() throws {
    let cluster = try ScriptedSlurm()
    defer { cluster.remove() }
    let underWay = UnderWay(try cluster.executor(), try cluster.order("R1-1"))
    let job = try cluster.submitted()
    try Data().write(to: cluster.folder.appendingPathComponent("jobs/\(job)/purged"))
    try cluster.set(job, "NODE_FAIL")
    let message = try underWay.report().outcome.message ?? ""
    #expect(message.contains("NODE_FAIL"), "\(message)")
  }

  @Test("a controller that is away is waited for; a refusal stops the loop with Slurm's words")
  func refusal() throws {
    let cluster = try ScriptedSlurm()
    defer { cluster.remove() }
    let down = cluster.folder.appendingPathComponent("down")
    try Data().write(to: down)
    let underWay = UnderWay(try cluster.executor(), try cluster.order("R1-1"))
    usleep(400_000)
    #expect(cluster.jobs.isEmpty)
    try FileManager.default.removeItem(at: down)
    let job = try cluster.submitted()
    try cluster.carryOut("R1-1", job: job, Self.success())
    #expect(try underWay.report().outcome.exitCode == 0)
    try Data().write(to: cluster.folder.appendingPathComponent("refuse"))
    let refused = UnderWay(try cluster.executor(), try cluster.order("R2-1"))
    #expect {
      _ = try refused.report()
    } throws: { error in
      let error = error as? StemmaError
      return error?.code == .sandboxUnavailable
        && error?.message.contains("invalid partition specified: gpu") == true
    }
  }

  @Test("what ends a run early travels with it, and nothing of it where the campaign says nothing")
  func earlyEnds() throws {
    let cluster = try ScriptedSlurm()
    defer { cluster.remove() }
    var order = try cluster.order("R1-1")
    let plain = String(decoding: JobOrder.run(order).bytes, as: UTF8.self)
    for word in ["resume", "graceMilliseconds", "curveRule"] { #expect(!plain.contains(word)) }
    let series = MetricSeries(metric: "loss", steps: [1, 2], values: [0.1, 1e-300])
    let rule = CurveRuleOrder(
      declaration: CurveRuleDeclaration(
        metric: "loss", direction: .maximise, after: -1, quantile: 0.99, points: 2),
      reference: [try cluster.objects.store(series.object)])
    order.resume = (run: "R1", bytes: 1 << 20)
    order.graceMilliseconds = 5_000
    order.curveRule = rule
    let package = cluster.package("R1-1")
    try package.write(.run(order), from: cluster.objects)
    guard case .run(let seen) = try package.order() else {
      Issue.record("the package holds another order")
      return
    }
    #expect(seen.resume?.run == "R1" && seen.resume?.bytes == 1 << 20)
    #expect(seen.graceMilliseconds == 5_000 && seen.curveRule == rule)
    #expect(try package.inputs.load(rule.reference[0]) == series.object)
    #expect(try rule.rule(from: package.inputs) == nil, "one run is no noise")
  }

  @Test("what attempts keep lies beside the packages", .enabled(if: geteuid() == 0))
  func kept() throws {
    let cluster = try ScriptedSlurm()
    defer { cluster.remove() }
    for attempt in 1...2 {
      var order = try cluster.order("R1-\(attempt)")
      order.command = ["sh", "-c", "cd $STEMMA_RESUME_DIR; cat n; echo \(attempt) >> n"]
      order.readOnly = []
      order.resume = (run: "R1", bytes: 1 << 20)
      let package = cluster.package(order.name)
      try package.write(.run(order), from: cluster.objects)
      try ClusterJob.run(package: package.path, job: "\(attempt)", isCancelled: { false })
      guard case .outcome(let outcome)? = try package.result(of: .run(order))?.content else {
        Issue.record("the job has no outcome")
        return
      }
      let said = String(decoding: outcome.log, as: UTF8.self)
      #expect(outcome.exitCode == 0 && said.hasPrefix(attempt == 1 ? "cat: n" : "1\n"), "\(said)")
    }
    let executor = try cluster.executor()
    let names = { try TreeFolder.names(in: cluster.package("x").keptFolder) }
    try executor.removeLeftovers(except: [])
    executor.removeKept { $0 == "R2" }
    #expect(try names() == ["R1.ext4"])
    executor.removeKept { $0 == "R1" }
    #expect(try names().isEmpty)
  }

  @Test("a package is carried out by one job, also where Slurm starts that one again")
  func claims() throws {
    let cluster = try ScriptedSlurm()
    defer { cluster.remove() }
    let package = cluster.package("R1-1")
    try package.write(.run(cluster.order("R1-1")), from: cluster.objects)
    #expect(try package.claim(for: "7"))
    #expect(try package.claim(for: "7"))
    #expect(try !package.claim(for: "8"))
    #expect {
      try ClusterJob.run(package: package.path, job: "8", isCancelled: { false })
    } throws: { ($0 as? StemmaError)?.message.contains("job 7 has this package") == true }
    // A result for another order, and a changed object, are refused.
    let other = try JobOrder.run(cluster.order("R9-1"))
    try package.finish(
      JobResult(
        order: SHA256.hash(other.bytes).hex, node: "n", content: .outcome(Self.success())))
    #expect(throws: StemmaError.self) { _ = try package.result(of: package.order()) }
    let object = try #require(
      FileManager.default.contentsOfDirectory(atPath: package.results.directory).first)
    try Data("x".utf8).write(to: URL(fileURLWithPath: package.results.directory + "/" + object))
    #expect(throws: StemmaError.self) { _ = try package.results.load(object) }
  }
}
