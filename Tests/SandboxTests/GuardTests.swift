// The guards against themselves, the janitor, layouts of other machines, and the status file.

import Base
import Glibc
import Testing

@testable import Sandbox

@Suite struct GuardTests {
  @Test func everyGuardHolds() throws {
    let checks = try Sandbox().proveGuards()
    for check in checks { #expect(check.held, "\(check.name): \(check.evidence)") }
    #expect(checks.count == 25)
    #expect(Set(checks.map(\.name)).count == checks.count)
    #expect(checks.allSatisfy { !$0.mechanism.isEmpty && !$0.evidence.isEmpty })
  }

  @Test func aGuardThatDoesNotHoldIsSeen() throws {
    // The proofs are only worth something if they can fail: without bubblewrap nothing may pass.
    var machine = MachineProbe.current
    machine.bubblewrap = nil
    #expect(throws: StemmaError.self) { try Sandbox(machine: machine).proveGuards() }
    machine = MachineProbe.current
    machine.bubblewrap = "/bin/true"
    let checks = try Sandbox(machine: machine).proveGuards(thoroughly: false)
    #expect(checks.allSatisfy { !$0.held })
    // What `stemma doctor` says of it, and that it does not take it for granted.
    let row = try #require(machine.table.first { $0.name == "bubblewrap" })
    #expect(!row.isAvailable && row.detail == "/bin/true is another program")
    #expect(throws: StemmaError.self) { try Sandbox(machine: machine).check() }
    try Sandbox().check()
    let scratch = Scratch()
    let outcome = try Sandbox(machine: machine).run(
      SandboxSpecification(
        command: ["true"], workDirectory: scratch.path, budget: SandboxBudget()))
    let said = "the sandbox could not be set up: bubblewrap said nothing and ended with exit code 0"
    #expect(outcome.message == said)
  }

  @Test(.enabled(if: geteuid() == 0, "refusals are for root; an ordinary user has weaker modes"))
  func aMissingMechanismIsRefusedUnlessAllowedByName() throws {
    var machine = MachineProbe.current
    machine.hasLoopDevices = false
    let scratch = Scratch()
    var specification = SandboxSpecification(
      command: ["/bin/sh", "-c", "echo inside > made"], workDirectory: scratch.path,
      budget: SandboxBudget())
    let sandbox = Sandbox(machine: machine)
    #expect {
      try sandbox.run(specification)
    } throws: { error in
      (error as? StemmaError)?.code == .sandboxUnavailable
    }
    #expect(try sandbox.inexactGuards().map(\.weakness) == ["disk-by-polling"])
    #expect(try Sandbox().inexactGuards().isEmpty)
    specification.allowedWeaknesses = ["disk-by-polling"]
    let outcome = try sandbox.run(specification)
    #expect(outcome.exitCode == 0, "\(outcome.logText)")
    #expect(outcome.guards.contains { $0.mechanism.contains("disk-by-polling") })
    #expect(scratch.read("made") == "inside\n")
  }
}

@Suite struct JanitorTests {
  @Test func namesTellTheirMaker() {
    let name = RunName.next()
    #expect(RunName(name.text[...]) == name)
    #expect(!name.isOrphaned)
    var dead = name
    dead.start += 1
    #expect(dead.isOrphaned, "the process id is used again by another process")
    let place = "12345678effffffc"
    #expect(RunName("stemma-\(place)-1-1-1") != nil, "the control")
    for odd in [
      "stemma", "stemma-1-2-3-4", "other-\(place)-1-1-1", "stemma-\(place)-0-1-1",
      "stemma-12345678-1-1-1", "stemma-12345678effffff -1-1-1", "",
    ] {
      #expect(RunName(odd[...]) == nil)
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root makes control groups here"))
  func leftoversOfTheDeadAreRemovedAndOthersAreNot() throws {
    let layout = ControlGroupLayout.current()
    let parent = try #require(layout.unified ?? layout.legacy["pids"])
    let mine = RunName.next()
    var dead = RunName.next()
    dead.start += 1
    let living = "\(parent)/\(mine.text)"
    let orphan = "\(parent)/\(dead.text)"
    mkdir(living, 0o755)
    mkdir(orphan, 0o755)
    defer { rmdir(living) }
    let sleeper = popen(
      "echo $$ > \(orphan)/cgroup.procs; echo ready; exec sleep 1000", "r")
    var line = [UInt8](repeating: 0, count: 16)
    fread(&line, 1, 6, sleeper)
    // Another test may sweep at the same time, so what counts is what is left.
    Sandbox().removeLeftovers(recorded: ["/etc", orphan, "/tmp/../etc"])
    #expect(!KernelFile.exists(orphan))
    #expect(KernelFile.exists(living))
    #expect(pclose(sleeper) == SIGKILL)
  }
}

@Suite struct LayoutTests {
  @Test func versionTwo() {
    let layout = ControlGroupLayout(
      mountTable: "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
      membership: "0::/user.slice/session-1.scope", exists: { _ in true },
      readFile: { $0.hasSuffix("cgroup.controllers") ? "cpu memory pids io\n" : nil })
    #expect(layout.unified == "/sys/fs/cgroup/user.slice/session-1.scope")
    #expect(layout.unifiedCarriesBudgets)
    #expect(layout.summary == "version 2 (cpu io memory pids)")
  }

  @Test func hybridInsideAContainer() {
    let table = """
      32 31 0:29 /docker/abc /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
      35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw shared:1 - cgroup cgroup rw,memory
      36 31 0:32 / /other/memory rw - cgroup cgroup rw,memory
      39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
      41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
      42 31 0:38 / / rw - ext4 /dev/vda rw
      broken line
      """
    let membership = "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc/job\n2:pids:/x\n0::/\n"
    let layout = ControlGroupLayout(
      mountTable: table, membership: membership, exists: { !$0.contains("/pids/x") },
      readFile: { _ in "hugetlb" })
    #expect(layout.legacy["memory"] == "/other/memory/docker/abc", "the last mount wins")
    #expect(layout.legacy["cpu"] == "/sys/fs/cgroup/cpu,cpuacct/job")
    #expect(layout.legacy["cpuacct"] == layout.legacy["cpu"])
    #expect(layout.legacy["pids"] == "/sys/fs/cgroup/pids", "our own path is not visible there")
    #expect(layout.unified == "/sys/fs/cgroup/unified")
    #expect(!layout.unifiedCarriesBudgets)
  }

  @Test func nothing() {
    let layout = ControlGroupLayout(
      mountTable: "", membership: "", exists: { _ in false }, readFile: { _ in nil })
    #expect(layout.summary == "none")
    #expect(ControlGroups.folders(named: "x", layout) == nil)
  }
}

@Suite struct StatusTests {
  @Test func theStatusFileIsStrictJSON() throws {
    var outcome = SandboxOutcome(status: .killed)
    outcome.exceeded = .memory
    outcome.message = "a \"quoted\"\nline\u{1}"
    outcome.refusedFiles = [("a\\b", "odd")]
    outcome.guards = [("memory", "v1")]
    let text = SandboxStatusFile.text(outcome, SandboxBudget())
    let value = try StrictJSON.parse(Array(text.utf8), limits: .init(bytes: 1 << 16))
    guard case .map(let members) = value else {
      Issue.record("not an object")
      return
    }
    #expect(members["reason"] == .string("memory"))
  }

  @Test func exitStatuses() {
    var outcome = SandboxOutcome(status: .killed)
    outcome.exceeded = .wall
    #expect(SandboxCommandLine.exitStatus(of: outcome) == 124)
    outcome.exceeded = .disk
    #expect(SandboxCommandLine.exitStatus(of: outcome) == 137)
    outcome = SandboxOutcome(status: .exited)
    outcome.exitCode = 7
    #expect(SandboxCommandLine.exitStatus(of: outcome) == 7)
  }

  @Test func theLogBufferKeepsHeadAndTail() {
    var generator = SplitMix64(seed: 7)
    for limit in [0, 1, 2, 7, 100] {
      var buffer = LogBuffer(limit: limit)
      var all: [UInt8] = []
      for _ in 0..<50 {
        let count = Int(generator.next() % 20)
        let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        all += bytes
        buffer.append(bytes[...])
      }
      #expect(buffer.total == all.count)
      let head = all.prefix(limit - limit / 2)
      let tail = all.suffix(limit / 2)
      #expect(buffer.bytes.starts(with: head))
      #expect(buffer.bytes.suffix(tail.count) == tail)
      #expect(buffer.droppedBytes == all.count - limit)
    }
  }
}

@Suite struct ScratchFolderTests {
  @Test func deepFoldersAreRemoved() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path
    #expect(
      system("cd \(path); for i in $(seq 300); do mkdir d; : > f; cd -P d; done; ln -s / link") == 0
    )
    FolderRemoval.remove(path)
    #expect(access(path, F_OK) != 0)
    #expect(access("/etc/passwd", F_OK) == 0)
  }

  @Test func namesThatAreNoTextAreCountedAndRemoved() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path
    #expect(
      system(
        "cd \(path) && d=$(printf 'd\\377') && mkdir $d && head -c 900000 /dev/zero > $d/$d"
          + " && head -c 900000 /dev/zero > f$d && mkdir closed && : > closed/f && chmod 0 closed"
      ) == 0)
    let usage = FolderUsage.measure(try scratch.open())
    #expect(usage.bytes >= 1_800_000 && usage.entries == 5, "\(usage)")
    FolderRemoval.remove(path)
    #expect(access(path, F_OK) != 0)
  }
}
