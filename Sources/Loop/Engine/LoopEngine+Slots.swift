// Carries out runs in parallel slots. Worker threads only execute orders; every record is made by
// the loop's own thread, in the order in which results come.

import Base
import Dispatch
import Sandbox
import Synchronization

/// Results of worker threads, handed to the loop's thread.
private final class ResultQueue: Sendable {
  enum Work: Sendable {
    case run(NodeKey, Result<RunReport, any Error>)
    case evaluation(NodeKey, Result<SandboxOutcome, any Error>)
  }

  typealias NodeKey = Text

  private let results = Mutex<[Work]>([])
  private let arrived = DispatchSemaphore(value: 0)
  private let cancelled = Atomic<Bool>(false)

  func push(_ work: Work) {
    results.withLock { $0.append(work) }
    arrived.signal()
  }

  /// The next result, or `nil` after some milliseconds without one.
  func pop(waitingMilliseconds: Int) -> Work? {
    guard arrived.wait(timeout: .now() + .milliseconds(waitingMilliseconds)) == .success else {
      return nil
    }
    return results.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }

  func cancel() { cancelled.store(true, ordering: .relaxed) }
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
}

extension LoopEngine {
  static let pollMilliseconds = 250

  /// Carries out every given run, evaluations included, or as many as were started before somebody
  /// asked to pause or stop.
  func carryOut(_ runs: [MirrorNode]) throws {
    let queue = ResultQueue()
    let workers = DispatchGroup()
    var waiting = runs.map(\.key)
    var active = 0
    var isHolding = false
    do {
      while true {
        isHolding = try isHeld(queue) || isHolding
        while active < campaign.slots, !isHolding, !waiting.isEmpty {
          if try begin(waiting.removeFirst(), queue, workers) { active += 1 }
        }
        if active == 0, waiting.isEmpty || isHolding { break }
        guard let work = queue.pop(waitingMilliseconds: Self.pollMilliseconds) else { continue }
        if try !take(work, queue, workers) { active -= 1 }
      }
    } catch {
      queue.cancel()
      workers.wait()
      throw error
    }
    workers.wait()
    try endIfInterrupted()
  }

  /// Whether somebody wants no more runs to start; a stop cancels those under way.
  private func isHeld(_ queue: ResultQueue) throws -> Bool {
    if environment.isInterrupted() {
      queue.cancel()
      return true
    }
    _ = try recorder.refresh()
    guard let control = LoopPolicy(state).pendingControl else { return false }
    if control.text("action") == "stop" { queue.cancel() }
    return control.text("action") != "resume"
  }

  /// Starts the run or, where it has finished already, its evaluation. False where it needs
  /// neither.
  private func begin(_ key: Text, _ queue: ResultQueue, _ workers: DispatchGroup) throws -> Bool {
    guard let run = state.mirror.node(key: key) else { return false }
    if run.text("status") == "finished" { return try beginEvaluation(run, queue, workers) }
    guard let order = try start(run) else { return false }
    let executor = self.executor
    dispatch(workers) {
      queue.push(.run(key, Result { try executor.run(order) { queue.isCancelled } }))
    }
    return true
  }

  private func beginEvaluation(
    _ run: MirrorNode, _ queue: ResultQueue, _ workers: DispatchGroup
  ) throws -> Bool {
    guard let order = try evaluationOrder(of: run) else {
      throw StemmaError(
        .loopState, "\(run.key) has finished but left nothing to evaluate",
        advice: "Run `stemma verify`.")
    }
    let executor = self.executor
    let key = run.key
    dispatch(workers) {
      queue.push(.evaluation(key, Result { try executor.evaluate(order) { queue.isCancelled } }))
    }
    return true
  }

  private func dispatch(_ workers: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
    workers.enter()
    // Workers wait for other programs nearly all the time. The shared concurrent queue starts no
    // more threads than the machine has processors (sixteen slots would be four); a serial queue
    // of its own always gets one.
    DispatchQueue(label: "stemma.slot").async {
      body()
      workers.leave()
    }
  }

  /// Records a result. True where its slot goes on with the evaluation or another attempt.
  private func take(
    _ work: ResultQueue.Work, _ queue: ResultQueue, _ workers: DispatchGroup
  ) throws -> Bool {
    switch work {
    case .run(let key, let result):
      guard let run = state.mirror.node(key: key) else { return false }
      let report = try result.get()
      // A run that was cancelled by an interruption is not over: its attempt counts as lost.
      if report.outcome.status == .cancelled, environment.isInterrupted() { return false }
      let isScored = try finish(run, report)
      guard let after = state.mirror.node(key: key), !queue.isCancelled else { return false }
      if isScored { return try beginEvaluation(after, queue, workers) }
      return after.text("status") == "planned" ? try begin(key, queue, workers) : false
    case .evaluation(let key, let result):
      let outcome = try result.get()
      if outcome.status == .cancelled { return false }
      guard let run = state.mirror.node(key: key) else { return false }
      if outcome.status == .failed { return try retryEvaluation(run, outcome, queue, workers) }
      try recordEvaluation(of: run, outcome)
      return false
    }
  }

  /// The machine failed, not the candidate: once more, then the loop stops rather than judge.
  private func retryEvaluation(
    _ run: MirrorNode, _ outcome: SandboxOutcome, _ queue: ResultQueue, _ workers: DispatchGroup
  ) throws -> Bool {
    let failures = (evaluationFailures[run.key] ?? 0) + 1
    evaluationFailures[run.key] = failures
    guard failures <= campaign.run.retries else {
      throw StemmaError(
        .sandboxFailed,
        "the evaluation of \(run.key) failed \(failures) times through no fault of its own: "
          + (outcome.message ?? "the sandbox failed"),
        advice: "`stemma doctor` tests the sandbox; `stemma loop run` then goes on from here.")
    }
    return try beginEvaluation(run, queue, workers)
  }
}
