// The runner itself is killed. Nothing of its run may live on, and the janitor removes the rest.

import Foundation
import Glibc
import Testing

@testable import Sandbox

@Suite struct KilledRunnerTests {
  /// The program that this package builds, beside the tests.
  static let program: String? = {
    let folder = Bundle.main.bundleURL.deletingLastPathComponent().path
    let here = CommandLine.arguments.first.map { ($0 as NSString).deletingLastPathComponent } ?? ""
    return [here, folder, ".build/debug", ".build/release"].map { $0 + "/stemma" }
      .first { access($0, X_OK) == 0 }
  }()

  @Test(
    .enabled(if: program != nil, "needs the built `stemma`, which `swift test` alone may not make"))
  func nothingOutlivesTheRunner() throws {
    let program = try #require(Self.program)
    let scratch = Scratch()
    let marker = "98765\(getpid())"
    let runner = Process()
    runner.executableURL = URL(fileURLWithPath: program)
    // A daemon in a session of its own, and a child that ignores every polite signal.
    runner.arguments = [
      "sandbox", "run", "--work", scratch.path, "--", "sh", "-c",
      "trap '' HUP INT TERM; (setsid sleep \(marker) &); sleep \(marker); sleep \(marker)",
    ]
    runner.standardOutput = FileHandle.nullDevice
    runner.standardError = FileHandle.nullDevice
    try runner.run()
    #expect(waitFor { Self.alive(marker) >= 2 }, "the control: both sleepers run")
    let images = Self.loopImages()
    let groups = Self.groups(of: runner.processIdentifier)
    if geteuid() == 0 {
      #expect(images > 0, "the control: the run has a disk image")
      #expect(!groups.isEmpty, "the control: the run has control groups")
    }

    kill(runner.processIdentifier, SIGKILL)
    runner.waitUntilExit()
    #expect(waitFor { Self.alive(marker) == 0 }, "a process outlived its runner")

    let next = Process()
    next.executableURL = runner.executableURL
    next.arguments = ["sandbox", "run", "--work", scratch.path, "--", "true"]
    try next.run()
    next.waitUntilExit()
    #expect(next.terminationStatus == 0)
    #expect(Self.groups(of: runner.processIdentifier).isEmpty)
    #expect(waitFor { Self.loopImages() < max(images, 1) }, "a disk image outlived its runner")
    let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
    #expect(!mounts.contains(scratch.path) && !mounts.contains(" stemma "))
  }

  /// The kernel kills births from a group that was ever killed as a whole into another; a runner
  /// may live in one, for example where a container's group is used again.
  @Test(
    .enabled(
      if: program != nil && MachineProbe.current.carriesBudgetsInGroups
        && !KeptGroups.roles(MachineProbe.current.groups).isEmpty, "needs both versions of groups"))
  func aRunnerInAGroupThatWasKilledOnceStartsSandboxes() throws {
    let program = try #require(Self.program)
    let layout = MachineProbe.current.groups
    let parent = try #require(layout.unified)
    let group = try ControlGroup(making: "\(parent)/\(RunName.next().text)")
    defer { group.remove() }
    try #require(group.write("cgroup.kill", "1") == 0)
    let scratch = Scratch()
    let command = "echo $$ > \(group.path)/cgroup.procs && exec \(program) sandbox run --work"
    #expect(system("\(command) \(scratch.path) -- sh -c 'echo lived > said' > /dev/null") == 0)
    #expect(scratch.read("said") == "lived\n")
  }

  private func waitFor(_ condition: () -> Bool) -> Bool {
    for _ in 0..<500 {
      if condition() { return true }
      usleep(10_000)
    }
    return condition()
  }

  /// Sleepers with this marker; the runner's own command line has it too and is not one.
  private static func alive(_ marker: String) -> Int {
    ProcessTable.all().count { record in
      let line = KernelFile.read("/proc/\(record.process)/cmdline", limit: 4_096) ?? ""
      return !record.isZombie && line.hasPrefix("sleep\0\(marker)")
    }
  }

  /// Control groups that a process made.
  private static func groups(of process: Int32) -> [String] {
    let layout = ControlGroupLayout.current()
    return Set(layout.mountPoints).flatMap { point -> [String] in
      let found = FileManager.default.enumerator(atPath: point)?.allObjects as? [String] ?? []
      return found.filter { path in
        path.split(separator: "/").last.flatMap { RunName($0) }?.process == process
      }
    }
  }

  /// Loop devices on files without a name.
  private static func loopImages() -> Int {
    (0..<256).count { number in
      (KernelFile.read("/sys/block/loop\(number)/loop/backing_file") ?? "").contains("(deleted)")
    }
  }
}
