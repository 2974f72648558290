// Attacks on our own guards, each with a control. A guard holds only if its attack failed and its
// control passed in the same kind of sandbox. Campaigns start with the quick subset; the whole set
// is for `doctor`.

import Base
import CSandbox
import Glibc

extension Sandbox {
  /// Turns small hostile programs against the guards of this machine.
  ///
  /// - Parameter thoroughly: all attacks (below 5 s); else those on what every run relies on (below
  ///   1.5 s).
  /// - Throws: `sandbox.unavailable` where nothing can run at all.
  public func proveGuards(
    thoroughly: Bool = true, allowedWeaknesses: Set<String> = []
  ) throws -> [GuardCheck] {
    let proofs = try GuardProofs(sandbox: self, allowedWeaknesses: allowedWeaknesses)
    var checks = try proofs.isolation()
    checks += try [proofs.memory(), proofs.processes(), proofs.disk(), proofs.wall()]
    guard thoroughly else { return checks }
    checks += try [
      proofs.inodes(), proofs.log(), proofs.processorTime(), proofs.daemon(), proofs.collection(),
      proofs.evaluation(),
    ]
    return checks
  }
}

/// One round of attacks in a folder of its own.
final class GuardProofs {
  let sandbox: Sandbox
  let allowedWeaknesses: Set<String>
  private let folder: ScratchFolder
  private var mechanisms: [String: String] = [:]

  /// How often an attack is tried where the sandbox itself cannot be set up.
  private static let maximumAttempts = 3

  init(sandbox: Sandbox, allowedWeaknesses: Set<String>) throws {
    self.sandbox = sandbox
    self.allowedWeaknesses = allowedWeaknesses
    folder = try ScratchFolder()
  }

  /// Runs one of the programs with small budgets.
  func attack(
    _ program: String, _ arguments: [String] = [],
    _ adjust: (inout SandboxSpecification) -> Void = { _ in }
  ) throws -> SandboxOutcome {
    var specification = SandboxSpecification(
      command: ["/usr/bin/python3", "-I", "-S", "-c", program] + arguments,
      workDirectory: try emptyFolder(),
      budget: SandboxBudget(
        wallMilliseconds: 60_000, cpuMilliseconds: 10_000, memoryBytes: 64 << 20, processes: 32,
        diskBytes: 4 << 20, inodes: 200, logBytes: 64 << 10, openFiles: 512))
    specification.channelLimitBytes = 64 << 10
    specification.writesBack = false
    specification.allowedWeaknesses = allowedWeaknesses
    adjust(&specification)
    // A sandbox that the busy machine could not set up attacked nothing and proves nothing.
    var outcome = try sandbox.run(specification)
    for _ in 1..<Self.maximumAttempts where outcome.status == .failed {
      specification.workDirectory = try emptyFolder()
      outcome = try sandbox.run(specification)
    }
    for (name, mechanism) in outcome.guards { mechanisms[name] = mechanism }
    return outcome
  }

  private func emptyFolder() throws -> String {
    let path = "\(folder.path)/work-\(MonotonicClock.nanoseconds())"
    guard mkdir(path, 0o755) == 0 else {
      throw SystemFailure(action: "cannot make \(path)", code: errno).error
    }
    return path
  }

  /// Makes a file beside the work folders.
  func file(_ name: String, _ text: String) throws -> String {
    let path = "\(folder.path)/\(name)"
    let file = try Descriptor.open(trusted: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
    try file.write(Array(text.utf8))
    return path
  }

  private func check(
    _ name: String, mechanism: String? = nil, control: Bool, blocked: Bool, _ evidence: String,
    since start: Int
  ) -> GuardCheck {
    GuardCheck(
      name: name, mechanism: mechanism ?? mechanisms[name] ?? "", held: control && blocked,
      controlPassed: control,
      evidence: control ? evidence : "the control failed: \(evidence)",
      milliseconds: MonotonicClock.milliseconds() - start)
  }

  // MARK: One look each

  /// What guards each of the isolation attacks.
  private static let isolationMechanisms = [
    "network": "empty network namespace", "vsock": "seccomp",
    "raw-socket": "seccomp, no capabilities",
    "abstract-socket": "network namespace", "files": "mount namespace",
    "writes": "read-only mounts", "environment": "empty environment",
    "descriptors": "all closed but those passed", "processes-seen": "process namespace",
    "ptrace": "seccomp", "namespaces": "seccomp", "mounts": "seccomp, no capabilities",
    "io-uring": "seccomp", "capabilities": "no capabilities",
    "user": "user namespace, no capabilities",
  ]

  func isolation() throws -> [GuardCheck] {
    let start = MonotonicClock.milliseconds()
    let grant = try file("grant", "granted")
    let secret = try file("secret", "secret")
    let socketName = "stemma-guard-\(getpid())-\(MonotonicClock.nanoseconds())"
    let listener = csandbox_abstract_listener(socketName)
    // A descriptor that is inherited by whatever does not close it.
    let leak = Descriptor(open(secret, O_RDONLY))
    defer {
      if listener >= 0 { close(listener) }
      withExtendedLifetime(leak) {}
    }
    let outcome = try attack(GuardPrograms.isolation) {
      $0.readOnly = [grant]
      $0.environment = [
        ("GUARD_SECRET", secret), ("GUARD_GRANT", grant), ("GUARD_SOCKET", socketName),
      ]
    }
    var seen: [String: [Substring]] = [:]
    for line in String(decoding: outcome.channel, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false)
      if fields.count == 4 { seen[String(fields[0])] = fields }
    }
    return GuardProofs.isolationMechanisms.keys.sorted().map { name in
      let fields = seen[name]
      return check(
        name, mechanism: GuardProofs.isolationMechanisms[name], control: fields?[1] == "1",
        blocked: fields?[2] == "1",
        fields.map { String($0[3]) } ?? "no answer: \(text(outcome).prefix(200))", since: start)
    }
  }

  private func text(_ outcome: SandboxOutcome) -> String {
    String(decoding: outcome.log, as: UTF8.self) + (outcome.message ?? "")
  }

  private func succeeded(_ outcome: SandboxOutcome) -> Bool {
    outcome.status == .exited && outcome.exitCode == 0
  }

  private func summary(_ outcome: SandboxOutcome) -> String {
    "\(outcome.status.rawValue) \(outcome.exceeded?.rawValue ?? ""), wall "
      + "\(outcome.wallMilliseconds) ms, cpu \(outcome.cpuMilliseconds) ms, memory "
      + "\(outcome.memoryPeakBytes) bytes"
      + (outcome.status == .failed ? ": \(outcome.message ?? "no reason is known")" : "")
  }

  // MARK: Budgets

  func memory() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let honest = try attack(GuardPrograms.memoryHonest)
    let bomb = try attack(GuardPrograms.memoryBomb)
    return check(
      "memory", control: succeeded(honest), blocked: bomb.exceeded == .memory, summary(bomb),
      since: start)
  }

  func processes() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let honest = try attack(GuardPrograms.processesHonest)
    let bomb = try attack(GuardPrograms.processesBomb)
    let peak = bomb.processesPeak ?? 0
    return check(
      "processes", control: succeeded(honest),
      blocked: (bomb.exceeded == .processes || bomb.exitCode == 1) && peak <= 40,
      "\(peak) processes at most, asked for 300", since: start)
  }

  func disk() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let honest = try attack(GuardPrograms.diskHonest)
    let bomb = try attack(GuardPrograms.diskBomb)
    let written = Int(String(decoding: bomb.channel, as: UTF8.self)) ?? Int.max
    return check(
      "disk", control: succeeded(honest), blocked: written <= 5 << 20 || bomb.exceeded == .disk,
      written == Int.max
        ? "ended after \(bomb.diskBytes) bytes of 32 MiB, budget 4 MiB"
        : "\(written) bytes written of 32 MiB, budget 4 MiB", since: start)
  }

  func inodes() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let honest = try attack(GuardPrograms.diskHonest)
    let bomb = try attack(GuardPrograms.inodesBomb)
    let made = Int(String(decoding: bomb.channel, as: UTF8.self)) ?? Int.max
    return check(
      "inodes", mechanism: mechanisms["disk"], control: succeeded(honest),
      blocked: made <= 200 || bomb.exceeded == .inodes,
      "\(made == Int.max ? "too many" : "\(made)") files made of 5000, budget 200", since: start)
  }

  func log() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let flood = try attack(GuardPrograms.logFlood)
    return check(
      "log", control: succeeded(flood) && flood.logBytes == 4 << 20,
      blocked: flood.log.count <= (64 << 10) + 200,
      "\(flood.logBytes) bytes written, \(flood.log.count) kept", since: start)
  }

  func wall() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let sleeper = try attack(GuardPrograms.sleeper) { $0.budget.wallMilliseconds = 200 }
    return check(
      "wall", control: sleeper.wallMilliseconds >= 200,
      blocked: sleeper.exceeded == .wall && sleeper.wallMilliseconds < 10_000, summary(sleeper),
      since: start)
  }

  func processorTime() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let relay = try attack(GuardPrograms.processorRelay) { $0.budget.cpuMilliseconds = 200 }
    return check(
      "cpu", control: relay.cpuMilliseconds >= 100,
      blocked: relay.exceeded == .cpu && relay.cpuMilliseconds < 2_000, summary(relay), since: start
    )
  }

  func daemon() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let marker = "9\(getpid()).\(MonotonicClock.nanoseconds() % 1_000_000)"
    let outcome = try attack(GuardPrograms.daemon, [marker])
    let isAlive = ProcessTable.all().contains { record in
      KernelFile.read("/proc/\(record.process)/cmdline", limit: 4_096)?.contains(marker) ?? false
    }
    return check(
      "daemons", mechanism: "process namespace, cgroup.kill",
      control: succeeded(outcome) && text(outcome).contains("left a daemon"), blocked: !isAlive,
      isAlive ? "the daemon lives" : "the daemon died with the run", since: start)
  }

  // MARK: What is taken from a run

  func collection() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let outcome = try attack(GuardPrograms.collection) {
      $0.collection = SandboxCollection(maximumBytes: 2 << 20, maximumFiles: 100)
      $0.budget.inodes = 1_000
    }
    let taken = outcome.files.map(\.path)
    return check(
      "collection", mechanism: "walk without links after the kill",
      control: taken.contains("honest"),
      blocked: taken == ["honest"],
      "took \(taken.joined(separator: " ")), refused \(outcome.refusedFiles.count)", since: start)
  }

  func evaluation() throws -> GuardCheck {
    let start = MonotonicClock.milliseconds()
    let answers = try file("answers", "42")
    let program = try file("evaluate.py", GuardPrograms.evaluator)
    let work = try emptyFolder()
    let planted = try attack(GuardPrograms.plant) {
      $0.workDirectory = work
      $0.environment = [("GUARD_SECRET", answers)]
      $0.writesBack = true
    }
    var evaluation = EvaluationSpecification(
      command: ["/usr/bin/python3", "-I", program, answers, work], workDirectory: work,
      evaluatorDirectories: [answers, program],
      budget: SandboxBudget(wallMilliseconds: 60_000, cpuMilliseconds: 10_000))
    evaluation.allowedWeaknesses = allowedWeaknesses
    let outcome = try sandbox.evaluate(evaluation)
    let scores = outcome.answer?.metrics ?? []
    return check(
      "evaluation", mechanism: "own sandbox, safe copy, channel only",
      control: succeeded(planted) && scores.first?.value == 1,
      blocked: scores.map(\.value) == [1, 0, 0], outcome.refusal ?? "no planted module, no link",
      since: start)
  }
}
