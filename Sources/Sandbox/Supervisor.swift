// Looks after one running sandbox: reads its pipes, holds the budgets that need a clock or a look,
// and decides when it is over. It reads only counters of the kernel and bytes of pipes; nothing
// that the program says of itself changes a decision.

import Base
import CSandbox
import Glibc

/// The loop around one run.
struct Supervisor {
  /// Time between two looks at the counters.
  static let periodMilliseconds = 20
  /// A program that writes this many times its log budget is ended; until then the rest is dropped.
  static let logKillFactor = 64
  /// A run that lives this long is worth giving back what only its start needed.
  static let settledMilliseconds = 500
  /// More than passes between the birth of a sandbox and the first look at it.
  static let startMilliseconds = 1_000
  private static let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_CONF)))
  /// A program whose pipe has ended is mostly at its end too, so for this long only that is waited
  /// for.
  static let endingMilliseconds = 2
  /// After the kill nobody holds the pipes, so this is never reached unless the kernel is stuck.
  static let drainMilliseconds = 500

  let specification: SandboxSpecification
  let launch: Launch
  let groups: ControlGroups?
  let workSpace: WorkSpace
  let kept: KeptDisk?
  let isCancelled: @Sendable () -> Bool
  let onOutput: (SandboxStream, ArraySlice<UInt8>) -> Void

  private let startNanoseconds = MonotonicClock.nanoseconds()
  private var log: LogBuffer
  private var channel: [UInt8] = []
  private var channelOverflowed = false
  private var statusText: [UInt8] = []
  /// How bubblewrap itself ended, as the kernel says it.
  private var waitStatus: Int32 = 0
  private var open: [Pipe]
  /// The first process of the namespace; it is reported dead only after all others in it. Where
  /// groups say whether anybody lives nobody asks for it.
  private var first: Descriptor?
  private var tree = TreeWatch()
  private var exceeded: SandboxOutcome.Budget?
  private var wasCancelled = false
  /// When it is killed after it was asked to end; `nil` where nobody asked.
  private var graceEnds: Int?
  private var wasStopped = false
  private var watched: WatchedFile?
  private var processesPeak = 0
  private var memoryPeak = 0
  private var diskPeak = 0
  /// Files without a name are gone with their program, so fullness is also looked for on the way.
  private var diskWasFull = false
  private var buffer = [UInt8](repeating: 0, count: 16 << 10)

  private struct Pipe {
    var stream: SandboxStream
    var descriptor: Descriptor
  }

  init(
    specification: SandboxSpecification, launch: Launch, groups: ControlGroups?,
    workSpace: WorkSpace, kept: KeptDisk?, isCancelled: @escaping @Sendable () -> Bool,
    onOutput: @escaping (SandboxStream, ArraySlice<UInt8>) -> Void
  ) {
    self.specification = specification
    self.launch = launch
    self.groups = groups
    self.workSpace = workSpace
    self.kept = kept
    watched = specification.watch.map { WatchedFile($0, in: workSpace.work) }
    self.isCancelled = isCancelled
    self.onOutput = onOutput
    log = LogBuffer(limit: specification.budget.logBytes)
    open = [
      Pipe(stream: .output, descriptor: launch.output),
      Pipe(stream: .errors, descriptor: launch.errors),
      Pipe(stream: .status, descriptor: launch.status),
    ]
    if let channel = launch.channel { open.append(Pipe(stream: .channel, descriptor: channel)) }
  }

  /// Runs until everything of the program is dead and its pipes are empty.
  mutating func run() -> SandboxOutcome {
    var nextLook = MonotonicClock.milliseconds() + periodToNextLook
    var hasEnded = false
    var isSettled = false
    while !hasEnded, exceeded == nil, !wasCancelled, !wasStopped {
      let now = MonotonicClock.milliseconds()
      if now >= nextLook {
        look()
        if !isSettled, elapsedMilliseconds >= Supervisor.settledMilliseconds {
          csandbox_release_program()
          isSettled = true
        }
        nextLook = now + periodToNextLook
        continue
      }
      hasEnded = wait(milliseconds: nextLook - now)
    }
    // What came to its end by itself between two looks may have done so too late.
    let milliseconds = elapsedMilliseconds
    if exceeded == nil, milliseconds > specification.budget.wallMilliseconds { exceeded = .wall }
    return finish(wasKilled: !hasEnded, after: milliseconds)
  }

  /// The end of the time on the clock is looked at when it comes.
  private var periodToNextLook: Int {
    let left = specification.budget.wallMilliseconds - elapsedMilliseconds + 1
    return min(Supervisor.periodMilliseconds, max(1, left))
  }

  // MARK: Waiting and reading

  /// Waits for bytes or the end; true when bubblewrap has ended.
  private mutating func wait(milliseconds: Int) -> Bool {
    // Bubblewrap says each thing by itself, and what is not awaited can be read at the end: it is
    // less than a pipe holds. Only its first process is, where no groups say whether anybody lives.
    // Negative descriptors are not waited for.
    var polls = open.map { pipe in
      let isRead = pipe.stream != .status || (groups == nil && first == nil)
      return pollfd(fd: isRead ? pipe.descriptor.number : -1, events: Int16(POLLIN), revents: 0)
    }
    polls.append(launch.endPoll)
    guard poll(&polls, nfds_t(polls.count), Int32(max(0, milliseconds))) > 0 else { return false }
    let count = open.count
    for index in open.indices.reversed() where polls[index].revents != 0 { read(at: index) }
    if polls[polls.count - 1].revents != 0 { return true }
    guard open.count < count else { return false }
    var end = launch.endPoll
    return poll(&end, 1, Int32(max(0, min(milliseconds, Supervisor.endingMilliseconds)))) > 0
  }

  /// Reads what a pipe has, up to the buffer; a pipe that has ended is closed. False where there
  /// was nothing.
  @discardableResult
  private mutating func read(at index: Int) -> Bool {
    let count = Glibc.read(open[index].descriptor.number, &buffer, buffer.count)
    if count > 0 {
      take(buffer[0..<count], from: open[index].stream)
    } else if count < 0, errno == EAGAIN || errno == EINTR {
      return false
    } else {
      open.remove(at: index)
    }
    return true
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>, from stream: SandboxStream) {
    switch stream {
    case .output, .errors:
      let room = max(0, specification.budget.logBytes - log.total)
      if room > 0 { onOutput(stream, bytes.prefix(room)) }
      log.append(bytes)
    case .channel:
      let room = max(0, (specification.channelLimitBytes ?? 0) - channel.count)
      channel.append(contentsOf: bytes.prefix(room))
      if bytes.count > room { channelOverflowed = true }
    case .status:
      statusText.append(contentsOf: bytes.prefix(max(0, 4_096 - statusText.count)))
      if groups == nil, first == nil, let process = BubblewrapStatus(statusText).firstProcess {
        let number = csandbox_pidfd_open(process)
        if number >= 0 { first = Descriptor(number) }
      }
    }
  }

  // MARK: Budgets

  private mutating func look() {
    let budget = specification.budget
    if isCancelled() { cancel() }
    if watched?.look() == true { wasStopped = true }
    if elapsedMilliseconds > budget.wallMilliseconds { exceeded = .wall }
    let (allowed, overflow) = budget.logBytes.multipliedReportingOverflow(
      by: Supervisor.logKillFactor)
    if !overflow, log.total > max(allowed, 1 << 20) { exceeded = .log }
    if let groups {
      look(at: groups)
    } else {
      tree.look(from: launch.process)
      processesPeak = max(processesPeak, tree.processes)
      if tree.memoryBytes > budget.memoryBytes { exceeded = .memory }
      if tree.cpuMilliseconds > budget.cpuMilliseconds { exceeded = .cpu }
      if tree.processes > budget.processes { exceeded = .processes }
    }
    if let folder = kept?.folder, let limit = specification.kept?.bytes {
      // The program may close even the folder itself to us.
      let opened = try? Descriptor.open(trusted: folder, O_RDONLY | O_DIRECTORY)
      let used = opened.map(FolderUsage.measure)
      if used.map({ $0.bytes > limit || !$0.isCounted }) ?? true { exceeded = .disk }
    }
    if let disk = workSpace.disk {
      let usage = disk.usage
      diskPeak = max(diskPeak, usage.bytes)
      diskWasFull = diskWasFull || usage.isFull
    } else {
      let used = FolderUsage.measure(workSpace.work)
      diskPeak = max(diskPeak, used.bytes)
      if used.bytes > budget.diskBytes { exceeded = .disk }
      if used.entries > budget.inodes { exceeded = .inodes }
    }
  }

  private mutating func look(at groups: ControlGroups) {
    if !groups.keepsPeaks {
      processesPeak = max(processesPeak, groups.processesNow)
      memoryPeak = max(memoryPeak, groups.memoryNow)
    }
    if groups.memoryKills > 0 { exceeded = .memory }
    // All processors together cannot have used more than this.
    let possible = (elapsedMilliseconds + Supervisor.startMilliseconds) * Supervisor.processors
    if possible > specification.budget.cpuMilliseconds,
      groups.cpuMilliseconds > specification.budget.cpuMilliseconds
    {
      exceeded = .cpu
    }
  }

  /// Asks the program to end and, when its time is over, ends it.
  private mutating func cancel() {
    let now = MonotonicClock.milliseconds()
    if let graceEnds {
      wasCancelled = now >= graceEnds
    } else if specification.graceMilliseconds == 0 {
      wasCancelled = true
    } else {
      graceEnds = now + specification.graceMilliseconds
      // The first two are bubblewrap's own.
      for record in ProcessTable.tree(from: launch.process).dropFirst(2) {
        let number = csandbox_pidfd_open(record.process)
        guard number >= 0 else { continue }
        let process = Descriptor(number)
        // The number may belong to another by now.
        guard ProcessTable.record(of: record.process)?.start == record.start else { continue }
        csandbox_pidfd_ask(process.number)
      }
    }
  }

  private var elapsedMilliseconds: Int {
    Int((MonotonicClock.nanoseconds() - startNanoseconds) / 1_000_000)
  }

  // MARK: The end

  private mutating func finish(wasKilled: Bool, after milliseconds: Int) -> SandboxOutcome {
    var outcome = SandboxOutcome(status: .exited)
    outcome.wallMilliseconds = milliseconds
    if groups == nil, !wasKilled { tree.look(from: launch.process) }
    // The death of bubblewrap is the death of its process namespace, with or without groups.
    kill(launch.process, SIGKILL)
    while waitpid(launch.process, &waitStatus, 0) < 0, errno == EINTR {}
    // A program may have talked the namespace's first process out of dying with its parent.
    if let first { csandbox_pidfd_kill(first.number) }
    let isEmpty = groups?.killAll() ?? namespaceIsEmpty()
    drain()
    fill(&outcome)
    decide(&outcome, isEmpty: isEmpty)
    return outcome
  }

  private func namespaceIsEmpty() -> Bool {
    guard let first else { return true }
    var polls = [pollfd(fd: first.number, events: Int16(POLLIN), revents: 0)]
    return poll(&polls, 1, 5_000) > 0
  }

  /// Reads the rest. Nobody writes any more, so it is there, and so is its end.
  private mutating func drain() {
    let end = MonotonicClock.milliseconds() + Supervisor.drainMilliseconds
    while !open.isEmpty, MonotonicClock.milliseconds() < end {
      var hasRead = false
      for index in open.indices.reversed() where read(at: index) { hasRead = true }
      if hasRead { continue }
      var polls = open.map { pollfd(fd: $0.descriptor.number, events: Int16(POLLIN), revents: 0) }
      poll(&polls, nfds_t(polls.count), 20)
    }
  }

  private func fill(_ outcome: inout SandboxOutcome) {
    outcome.cpuMilliseconds = groups?.cpuMilliseconds ?? tree.cpuMilliseconds
    outcome.memoryPeakBytes =
      groups.map { $0.memoryPeakBytes ?? memoryPeak } ?? tree.memoryPeakBytes
    outcome.processesPeak = groups?.processesPeak ?? processesPeak
    let diskNow = workSpace.disk?.usage.bytes ?? FolderUsage.measure(workSpace.work).bytes
    outcome.diskBytes = max(diskPeak, diskNow)
    outcome.log = log.bytes
    outcome.logBytes = log.total
    outcome.logDroppedBytes = log.droppedBytes
    outcome.channel = channel
    outcome.channelOverflowed = channelOverflowed
  }

  private func decide(_ outcome: inout SandboxOutcome, isEmpty: Bool) {
    let status = BubblewrapStatus(statusText)
    outcome.exitCode = status.exitCode
    if let code = status.exitCode, code > 128, code < 193 { outcome.signal = code - 128 }
    guard isEmpty else {
      outcome.status = .failed
      outcome.message = "something in the sandbox could not be killed"
      return
    }
    if wasCancelled || graceEnds != nil {
      outcome.status = .cancelled
    } else if wasStopped {
      outcome.status = .stopped
    } else if let budget = exceeded ?? passiveBudget(status.exitCode) {
      outcome.status = .killed
      outcome.exceeded = budget
      outcome.message = BudgetSentence.text(budget, specification.budget)
    } else if status.exitCode == nil {
      outcome.status = .failed
      outcome.message = "the sandbox could not be set up: \(reasonOfFailure)"
    } else if outcome.signal != nil {
      outcome.status = .signalled
    }
  }

  /// What bubblewrap said before it gave up or, where it said nothing, how it ended.
  private var reasonOfFailure: String {
    let words = String(decoding: log.bytes.prefix(400), as: UTF8.self)
      .split(whereSeparator: \.isNewline).joined(separator: "; ")
    if !words.isEmpty { return words }
    let signal = waitStatus & 0x7F
    return "bubblewrap said nothing and ended "
      + (signal == 0 ? "with exit code \(waitStatus >> 8 & 0xFF)" : "by signal \(signal)")
  }

  /// Budgets that the kernel holds by refusing: they ended the program if it failed because of
  /// them.
  private func passiveBudget(_ exitCode: Int32?) -> SandboxOutcome.Budget? {
    if let groups, groups.memoryKills > 0 { return .memory }
    guard exitCode != 0 else { return nil }
    if exitCode == 128 + SIGXFSZ { return .disk }
    if exitCode == 128 + SIGXCPU { return .cpu }
    if let groups {
      if groups.cpuMilliseconds > specification.budget.cpuMilliseconds { return .cpu }
      if groups.refusedForks > 0 { return .processes }
    }
    if let disk = workSpace.disk {
      if diskWasFull || disk.usage.isFull { return .disk }
      if disk.hasNoInode { return .inodes }
    }
    return nil
  }
}
