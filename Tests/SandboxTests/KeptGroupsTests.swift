// Groups that one sandbox after the other uses: what is kept is empty, is in one sandbox at a time,
// says nothing of earlier runs, and is gone with the last one who may use it.

import Foundation
import Glibc
import Synchronization
import Testing

@testable import Sandbox

private let keepsGroups =
  MachineProbe.current.carriesBudgetsInGroups
  && !KeptGroups.roles(MachineProbe.current.groups).isEmpty

@Suite(.enabled(if: keepsGroups, "only root keeps groups, where version 2 carries no budgets"))
struct KeptGroupsTests {
  /// A run, and the folders that it told of.
  private func run(
    _ script: String, in sandbox: Sandbox,
    _ adjust: (inout SandboxSpecification) -> Void = { _ in },
    onOutput: @escaping (Set<String>) -> Void = { _ in }
  ) throws -> (outcome: SandboxOutcome, folders: Set<String>) {
    let scratch = Scratch()
    var specification = SandboxSpecification(
      command: ["/bin/sh", "-c", script], workDirectory: scratch.path,
      budget: SandboxBudget(wallMilliseconds: 60_000, cpuMilliseconds: 10_000))
    adjust(&specification)
    var folders: Set<String> = []
    let outcome = try sandbox.run(
      specification, started: { folders = Set($0) }, onOutput: { _, _ in onOutput(folders) })
    return (outcome, folders)
  }

  private func isKept(_ folder: String) -> Bool {
    let layout = MachineProbe.current.groups
    return folder.hasPrefix("\(layout.unified ?? "-")/stemma-")
      || folder.hasPrefix("\(layout.legacy["cpu"] ?? "-")/stemma-")
  }

  private func unified(_ folders: Set<String>) throws -> String {
    let layout = MachineProbe.current.groups
    return try #require(folders.first { $0.hasPrefix("\(layout.unified ?? "-")/stemma-") })
  }

  @Test func whatRemembersIsFreshAndTheRestIsUsedAgain() throws {
    var told: Set<String> = []
    do {
      let sandbox = Sandbox()
      let first = try run("exit 0", in: sandbox).folders
      let second = try run("exit 1", in: sandbox).folders
      #expect(first.filter(isKept) == second.filter(isKept) && first.count(where: isKept) == 2)
      #expect(first.intersection(second) == first.filter(isKept))
      #expect(first.union(second).filter(KernelFile.exists) == first.filter(isKept))
      // What is ended from outside mostly leaves them, and always something to go on with.
      let third = try run("sleep 60", in: sandbox) { $0.budget.wallMilliseconds = 50 }
      #expect(third.outcome.exceeded == .wall)
      let fourth = try run("exit 0", in: sandbox)
      #expect(fourth.outcome.status == .exited)
      told = first.union(second).union(third.folders).union(fourth.folders)
      #expect(told.filter(KernelFile.exists) == fourth.folders.filter(isKept), "the control")
    }
    #expect(told.filter(KernelFile.exists).isEmpty, "the last user is gone")
  }

  @Test func twoAtOnceNeverShare() throws {
    let sandbox = Sandbox()
    let inUse = Mutex<[String: Int]>([:])
    let seen = Mutex<[String: Int]>([:])
    let shared = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 24) { _ in
      var mine: Set<String> = []
      let outcome = try? run("echo started; sleep 0.02", in: sandbox) { _ in
      } onOutput: { folders in
        guard mine.isEmpty else { return }
        mine = folders
        for folder in mine {
          inUse.withLock { $0[folder, default: 0] += 1 }
          seen.withLock { $0[folder, default: 0] += 1 }
        }
        usleep(20_000)
        let most = inUse.withLock { use in mine.map { use[$0] ?? 0 }.max() }
        if most != 1 { shared.add(1, ordering: .relaxed) }
        for folder in mine { inUse.withLock { $0[folder]? -= 1 } }
      }
      if outcome?.outcome.status != .exited { shared.add(1_000, ordering: .relaxed) }
    }
    #expect(shared.load(ordering: .relaxed) == 0)
    let uses = seen.withLock { $0.filter { isKept($0.key) } }
    #expect(uses.values.reduce(0, +) == 48 && uses.count < 48, "the control: some are used again")
  }

  @Test func theQuotaIsThatOfTheRun() throws {
    let sandbox = Sandbox()
    let cpu = try #require(MachineProbe.current.groups.legacy["cpu"])
    for (cpus, quota) in [(1.0, 100_000), (0.5, 50_000), (0.5, 50_000), (2.0, 200_000)] {
      let inForce = Mutex<Int?>(nil)
      _ = try run("echo started; sleep 0.05", in: sandbox) {
        $0.budget.cpus = cpus
      } onOutput: { folders in
        let group = folders.first { $0.hasPrefix(cpu + "/stemma-") } ?? ""
        inForce.withLock { $0 = KernelFile.integer(group + "/\(ControlGroups.quotaName)") }
      }
      #expect(inForce.withLock { $0 } == quota)
    }
  }

  @Test func processorTimeIsThatOfTheRun() throws {
    let sandbox = Sandbox()
    let busy = "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done"
    let first = try run(busy, in: sandbox)
    let second = try run("exit 0", in: sandbox) { $0.budget.cpuMilliseconds = 2_000 }
    #expect(first.folders.filter(isKept) == second.folders.filter(isKept))
    #expect(first.outcome.cpuMilliseconds >= 100, "the control: \(first.outcome.cpuMilliseconds)")
    #expect(second.outcome.cpuMilliseconds < first.outcome.cpuMilliseconds / 2)
    #expect(second.outcome.status == .exited)
  }

  /// A group with somebody in it is left alone: it is neither used again nor is anybody killed.
  @Test func aGroupThatIsNotEmptyIsNotUsedAgain() throws {
    let sandbox = Sandbox()
    let first = try run("exit 0", in: sandbox).folders
    let group = try unified(first)
    let stranger = Process()
    stranger.executableURL = URL(fileURLWithPath: "/bin/sleep")
    stranger.arguments = ["1000"]
    try stranger.run()
    defer { kill(stranger.processIdentifier, SIGKILL) }
    try #require(KernelFile.write(group + "/cgroup.procs", "\(stranger.processIdentifier)") == 0)
    let second = try run("exit 0", in: sandbox)
    #expect(second.outcome.status == .exited)
    #expect(first.isDisjoint(with: second.folders))
    #expect(stranger.isRunning)
    kill(stranger.processIdentifier, SIGKILL)
    stranger.waitUntilExit()
    #expect(ControlGroup.remove(group))
  }

  /// Without version 2 beside it nothing of version 1 says that all are dead, so nothing is kept.
  @Test func versionOneAloneKeepsNothing() throws {
    var machine = MachineProbe.current
    machine.groups.unified = nil
    let sandbox = Sandbox(machine: machine)
    let busy = "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done"
    let first = try run(busy, in: sandbox)
    #expect(first.outcome.status == .exited && first.outcome.cpuMilliseconds >= 100)
    let second = try run("(setsid sleep 1000 &); sleep 60", in: sandbox) {
      $0.budget.wallMilliseconds = 100
    }
    #expect(second.outcome.exceeded == .wall)
    #expect(first.folders.count > 3 && first.folders.isDisjoint(with: second.folders))
    #expect(first.folders.union(second.folders).filter(KernelFile.exists).isEmpty)
  }

  @Test func groupsThatWereKilledAsAWholeAreNotUsedAgain() throws {
    let layout = MachineProbe.current.groups
    let places = try #require(ControlGroups.folders(named: RunName.next().text, layout))
    let roles = KeptGroups.roles(layout)
    let kept = places.filter { roles.contains($0.key) }
    var groups = try KeptGroups(making: kept)
    let before = groups.isReusable
    let isKilled = groups.killAll()
    let after = (isReusable: groups.isReusable, isEmpty: groups.isEmpty)
    #expect(before && isKilled && after.isEmpty)
    #expect(!after.isReusable)
  }

  /// What cannot be killed, here because it is frozen, keeps its groups for itself.
  @Test(.enabled(if: MachineProbe.current.groups.legacy["freezer"] != nil))
  func whatLivesOnKeepsItsGroups() throws {
    let sandbox = Sandbox()
    let parent = try #require(MachineProbe.current.groups.legacy["freezer"])
    let freezer = try ControlGroup(making: "\(parent)/\(RunName.next().text)")
    let first = try run("echo started; exec sleep 1000", in: sandbox) {
      $0.budget.wallMilliseconds = 300
    } onOutput: { folders in
      guard let group = try? unified(folders) else { return }
      // The program alone: bubblewrap itself has to die when it is told to.
      for process in (KernelFile.read(group + "/cgroup.procs") ?? "").split(separator: "\n") {
        let name = KernelFile.read("/proc/\(process)/comm") ?? ""
        if name == "sleep\n" || name == "sh\n" { freezer.write("cgroup.procs", String(process)) }
      }
      freezer.write("freezer.state", "FROZEN")
    }
    #expect(first.outcome.status == .failed, "the control: \(first.outcome.status)")
    #expect(!freezer.processes.isEmpty, "the control: it lives")
    let second = try run("exit 0", in: sandbox)
    #expect(second.outcome.status == .exited)
    #expect(first.folders.isDisjoint(with: second.folders))
    freezer.write("freezer.state", "THAWED")
    #expect(freezer.remove())
    for folder in first.folders { #expect(ControlGroup.remove(folder)) }
  }
}
