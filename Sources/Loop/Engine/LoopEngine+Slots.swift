// Carries out runs in parallel slots. Worker threads only execute orders; every record is made by
// the loop's own thread, in the order in which results come.

import Base
import Dispatch
import Sandbox
import Synchronization

/// Results of worker threads, handed to the loop's thread.
private final class ResultQueue: Sendable {
  enum Work: Sendable {
    /// `isEvaluated`: the same worker goes on with the evaluation.
    case run(NodeKey, Result<RunReport, any Error>, isEvaluated: Bool)
    case evaluation(NodeKey, Result<SandboxOutcome, any Error>)

    var run: NodeKey {
      switch self {
      case .run(let key, _, _), .evaluation(let key, _): key
      }
    }
  }

  typealias NodeKey = Text

  private struct Waiting {
    var results: [Work] = []
    /// How many of them somebody waits for.
    var awaited = 0
  }

  private let waiting = Mutex(Waiting())
  private let arrived = DispatchSemaphore(value: 0)
  private let cancelled = Atomic<Bool>(false)
  /// Runs of which the attempt under way is to end.
  private let cancelledRuns = Mutex<Set<Text>>([])

  /// What nobody waits for yet is recorded with what comes next, or at the next look.
  func push(_ work: Work, isAwaited: Bool = true) {
    waiting.withLock { waiting in
      waiting.results.append(work)
      if isAwaited { waiting.awaited += 1 }
    }
    if isAwaited { arrived.signal() }
  }

  /// Waits until there are so many results, at most some milliseconds.
  func wait(for count: Int = 1, milliseconds: Int) {
    let end = DispatchTime.now() + .milliseconds(milliseconds)
    while waiting.withLock({ $0.awaited }) < count, arrived.wait(timeout: end) == .success {}
  }

  /// All results that are there, in the order in which they came.
  func takeAll() -> [Work] {
    waiting.withLock { waiting in
      let all = waiting.results
      waiting = Waiting()
      return all
    }
  }

  func cancel() { cancelled.store(true, ordering: .relaxed) }
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  func cancel(_ run: NodeKey) { _ = cancelledRuns.withLock { $0.insert(run) } }
  func isCancelled(_ run: NodeKey) -> Bool {
    isCancelled || cancelledRuns.withLock { $0.contains(run) }
  }
  /// The run may be started again.
  func forget(_ run: NodeKey) { _ = cancelledRuns.withLock { $0.remove(run) } }
}

/// The state of the slots between two commits.
private struct Slots {
  let queue = ResultQueue()
  let workers = DispatchGroup()
  var waiting: [Text]
  /// Where `waiting` begins.
  var next = 0
  /// Runs under way; each has a slot.
  var active: Set<Text> = []
  /// Somebody wants no more runs to start.
  var isHolding = false
  /// When results were recorded last.
  var lastRecorded = DispatchTime.now()
  /// Work whose records are to be durable before it starts.
  var starting: [@Sendable () -> Void] = []

  var isWaiting: Bool { next < waiting.count && !isHolding }
}

extension LoopEngine {
  static let pollMilliseconds = 250
  /// Results that come closely after each other wait so long for each other, so that one commit
  /// serves several. No longer, and not where they come further apart than the limit below.
  private static let gatherMilliseconds = 20
  private static let closeMilliseconds = 100

  /// Carries out every given run, evaluations included, or as many as were started before somebody
  /// asked to pause or stop. What has come from the workers by then, and what is started next, is
  /// recorded with one commit.
  func carryOut(_ runs: [MirrorNode]) throws {
    // What other runners have is waited for, since it is decided about all of them together.
    repeat {
      try carryOutHere(runs.filter { !isTaken($0) })
      try endIfInterrupted()
    } while try hasNewsOfOthers(runs)
  }

  private func carryOutHere(_ runs: [MirrorNode]) throws {
    var slots = Slots(waiting: runs.map(\.key))
    do {
      while true {
        try hold(&slots)
        let results = slots.queue.takeAll()
        if !results.isEmpty || (slots.isWaiting && slots.active.count < campaign.slots) {
          try recorder.group { try recordResults(results, &slots) }
          startWaiting(&slots)
          slots.lastRecorded = .now()
        }
        if slots.active.isEmpty, !slots.isWaiting { break }
        slots.queue.wait(milliseconds: Self.pollMilliseconds)
        try gather(slots)
      }
    } catch {
      executor.detach()
      slots.queue.cancel()
      slots.workers.wait()
      throw error
    }
    slots.workers.wait()
  }

  /// Waits for half of the runs under way where more of them are than processors: then one that
  /// waits a moment leaves its processor to others.
  private func gather(_ slots: borrowing Slots) throws {
    guard DispatchTime.now() < slots.lastRecorded + .milliseconds(Self.closeMilliseconds),
      slots.active.count > (try describedEnvironment().processors)
    else { return }
    slots.queue.wait(for: slots.active.count / 2, milliseconds: Self.gatherMilliseconds)
  }

  /// Carries out what a runner that died has left of the runs that it was carrying out together:
  /// those planned before the last of them was started. The policy would do what follows from the
  /// others first, and the same records would come in another order.
  func finishInterrupted() throws {
    guard state.status == "running", state.pendingControl == nil,
      let last = state.mirror.last("Attempt")
    else { return }
    let left = state.openRuns.filter { $0.id < last.id }
    guard !left.isEmpty else { return }
    // As the policy lists them: by proposal in question, its own runs before those of its rival.
    func place(_ run: MirrorNode) -> (NodeID, Int, NodeID) {
      let purpose = state.mirror.node(key: run.text("purpose") ?? "")?.id ?? run.id
      let isOwn = state.mirror.target(of: run.id, "EXECUTES")?.id == purpose
      return (purpose, isOwn ? 0 : 1, run.id)
    }
    try carryOut(left.map { (place($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1))
  }

  /// Records what has come, and the starts of as many runs as there are free slots.
  private func recordResults(_ results: [ResultQueue.Work], _ slots: inout Slots) throws {
    for work in results where try !take(work, &slots) { slots.active.remove(work.run) }
    while slots.active.count < campaign.slots, slots.isWaiting {
      slots.next += 1
      let key = slots.waiting[slots.next - 1]
      if try begin(key, &slots) { slots.active.insert(key) }
    }
  }

  private func startWaiting(_ slots: inout Slots) {
    for work in slots.starting {
      let workers = slots.workers
      workers.enter()
      // Workers wait for other programs nearly all the time. The shared concurrent queue starts no
      // more threads than the machine has processors (sixteen slots would be four); a serial queue
      // of its own always gets one.
      DispatchQueue(label: "stemma.slot").async {
        work()
        workers.leave()
      }
    }
    slots.starting = []
  }

  /// Looks whether somebody wants no more runs to start; a stop cancels those under way.
  private func hold(_ slots: inout Slots) throws {
    if environment.isInterrupted() {
      executor.detach()
      slots.queue.cancel()
      slots.isHolding = true
      return
    }
    _ = try recorder.refresh()
    // Whoever leads has obeyed already, where that is another runner.
    slots.isHolding = ["paused", "stopped", "finished"].contains(state.status)
    if state.status == "stopped" { slots.queue.cancel() }
    while let control = state.pendingControl, let run = control.text("about") {
      // One that is under way is ended by its own worker first; what it used is known then.
      guard slots.active.contains(run) else {
        guard isForUs(control) else { return }
        try obey(control)
        if control.text("action") == "requeue" { slots.queue.forget(run) }
        continue
      }
      slots.queue.cancel(run)
      return
    }
    guard let control = state.pendingControl else { return }
    if control.text("action") == "stop" { slots.queue.cancel() }
    if control.text("action") != "resume" { slots.isHolding = true }
  }

  /// Starts the run or, where it has finished already, its evaluation. False where it needs
  /// neither.
  private func begin(_ key: Text, _ slots: inout Slots) throws -> Bool {
    guard let run = state.mirror.node(key: key), state.isOpen(run), !isTaken(run) else {
      return false
    }
    if run.text("status") == "finished" {
      try claim(run)
      return try beginEvaluation(run, &slots)
    }
    guard let order = try start(run) else { return false }
    let evaluatorTree = state.mirror.first("Evaluator")?.string("tree") ?? ""
    let executor = self.executor
    let orders = RunOrders(campaign)
    let queue = slots.queue
    slots.starting.append {
      let result = Result { try executor.run(order) { queue.isCancelled(key) } }
      // What is certain to be evaluated need not wait until its end is recorded: if we are killed
      // in between, both are done again.
      guard let report = try? result.get(), report.isScored, !queue.isCancelled(key),
        let tree = report.outputTree,
        let next = try? orders.evaluation(run, outputTree: tree, evaluatorTree: evaluatorTree)
      else { return queue.push(.run(key, result, isEvaluated: false)) }
      queue.push(.run(key, result, isEvaluated: true), isAwaited: false)
      queue.push(
        .evaluation(key, Result { try executor.evaluate(next) { queue.isCancelled(key) } }))
    }
    return true
  }

  private func beginEvaluation(_ run: MirrorNode, _ slots: inout Slots) throws -> Bool {
    guard let order = try evaluationOrder(of: run) else {
      throw StemmaError(
        .loopState, "\(run.key) has finished but left nothing to evaluate",
        advice: "Run `stemma verify`.")
    }
    let executor = self.executor
    let key = run.key
    let queue = slots.queue
    slots.starting.append {
      queue.push(
        .evaluation(key, Result { try executor.evaluate(order) { queue.isCancelled(key) } }))
    }
    return true
  }

  /// Records a result. True where its slot goes on with the evaluation or another attempt.
  private func take(_ work: ResultQueue.Work, _ slots: inout Slots) throws -> Bool {
    switch work {
    case .run(let key, let result, let isEvaluated):
      guard let run = state.mirror.node(key: key) else { return false }
      // What it asked is paid for, whatever somebody has decided about the run meanwhile.
      try recordCalls(of: run)
      guard state.isOpen(run) else { return false }
      let report = try result.get()
      let isPreempted = slots.queue.isCancelled(key) && isRequeued(run)
      // What it kept goes on with the next attempt, under what is left of its budget.
      if report.outcome.status == .cancelled, campaign.run.resumeBytes != nil,
        isPreempted || (environment.isInterrupted() && !isUnderWay(run))
      {
        try preempt(run, report.outcome)
        return false
      }
      // A run that was cancelled by an interruption is not over: its attempt counts as lost.
      if report.outcome.status == .cancelled, environment.isInterrupted() { return false }
      if report.outcome.status == .cancelled, isPreempted {
        return false  // The request is obeyed next; then the run is planned again.
      }
      let isScored = try finish(run, report)
      if isEvaluated { return true }
      guard let after = state.mirror.node(key: key), !slots.queue.isCancelled else { return false }
      if isScored { return try beginEvaluation(after, &slots) }
      return after.text("status") == "planned" ? try begin(key, &slots) : false
    case .evaluation(let key, let result):
      let outcome = try result.get()
      if outcome.status == .cancelled { return false }
      guard let run = state.mirror.node(key: key) else { return false }
      if outcome.status == .failed { return try retryEvaluation(run, outcome, &slots) }
      try recordEvaluation(of: run, outcome)
      return false
    }
  }

  /// Whether somebody wants the attempt under way to be replaced.
  private func isRequeued(_ run: MirrorNode) -> Bool {
    guard let control = state.pendingControl else { return false }
    return control.text("about") == run.key && control.text("action") == "requeue"
  }

  /// The machine failed, not the candidate: once more, then the loop stops rather than judge.
  private func retryEvaluation(
    _ run: MirrorNode, _ outcome: SandboxOutcome, _ slots: inout Slots
  ) throws -> Bool {
    executor.discard(RunOrders.name(ofEvaluationOf: run))
    let failures = (evaluationFailures[run.key] ?? 0) + 1
    evaluationFailures[run.key] = failures
    guard failures <= campaign.run.retries else {
      throw StemmaError(
        .sandboxFailed,
        "the evaluation of \(run.key) failed \(failures) times through no fault of its own: "
          + (outcome.message ?? "the sandbox failed"),
        advice: "`stemma doctor` tests the sandbox; `stemma loop run` then goes on from here.")
    }
    return try beginEvaluation(run, &slots)
  }
}
