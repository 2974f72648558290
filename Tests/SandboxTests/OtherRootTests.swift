// Two roots on one kernel: a change of root, or a container that sees this machine's processes, has
// a /run of its own and so takes the same user ids. Neither may end what lives in the other, and
// what is lost has to end whatever it does to itself.

import Foundation
import Glibc
import Testing

@testable import Sandbox

@Suite(
  .serialized, .enabled(if: geteuid() == 0, "only root runs sandboxes under user ids of their own"))
struct OtherRootTests {
  /// How the other root differs from ours; each has an empty /run.
  enum Root: String, CaseIterable {
    case mounts = "unshare -m"
    /// It cannot hold budgets by groups, so no name of a group tells its runner.
    case noGroups = "unshare -m "
    /// Its process ids are not ours.
    case processes = "unshare -m -f --kill-child --mount-proc -p"

    var preparation: String {
      "mount -t tmpfs none /run" + (self == .noGroups ? "; umount -R -l /sys/fs/cgroup" : "")
    }
  }

  @Test(
    .enabled(if: KilledRunnerTests.program != nil, "needs the built `stemma`"),
    arguments: Root.allCases)
  func whatLivesInAnotherRootIsLeftAlone(root: Root) throws {
    let scratch = Scratch()
    let first = try OtherRun(root, in: scratch, number: 1, "")
    defer { first.end() }
    // The second takes the same user id and tries to end everybody of that id.
    let second = try OtherRun(root, in: scratch, number: 2, "kill -9 -1; ")
    defer { second.end() }
    #expect(first.user == second.user, "the control: neither root sees the other's locks")

    for _ in 0..<3 { Sandbox().removeLeftovers() }
    usleep(100_000)
    #expect(first.isAlive && second.isAlive)
  }

  /// Lost is a tree without the outer half of bubblewrap, which nobody inside can reach.
  @Test func whatLostItsRunnerIsEnded() throws {
    let user = Slot.users.upperBound - 1
    let drop = "setpriv --reuid \(user) --regid \(user) --clear-groups"
    let scratch = Scratch()
    // A program that its user may not read cannot be looked into: /proc gives it to root.
    try #require(system("install -m 711 $(command -v sleep) \(scratch.path)/hidden") == 0)
    let programs = ["sleep", "\(scratch.path)/hidden"]
    for program in programs {
      // The shell's first child is the first process of the namespace, and left alone at once.
      let marker = OtherRun.marker(program)
      let command = "unshare --pid sh -c '\(drop) \(program) \(marker) > /dev/null 2>&1 &'"
      try #require(system(command) == 0)
      try #require(OtherRun.wait { OtherRun.sleeper(program) } != nil)
      Sandbox().removeLeftovers()
      #expect(OtherRun.wait { OtherRun.sleeper(program) == nil ? true : nil } == true)
    }
    // A child that is about to become bubblewrap has its runner still.
    let young = Process()
    young.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    young.arguments = drop.split(separator: " ").map(String.init) + ["sleep", "\(getpid())07"]
    // Who reads what the tests print waits until nobody can write there.
    young.standardOutput = FileHandle.nullDevice
    young.standardError = FileHandle.nullDevice
    try young.run()
    // A test beside this one may have blocked what `terminate` sends.
    defer { kill(young.processIdentifier, SIGKILL) }
    let hasDropped = { OtherRun.user(young.processIdentifier) == user ? true : nil }
    try #require(OtherRun.wait(hasDropped) != nil)
    Sandbox().removeLeftovers()
    usleep(100_000)
    #expect(young.isRunning)
  }

  /// A name of another process namespace is judged only by who sees all processes.
  @Test func namesOfOtherNamespacesAreNotMistaken() throws {
    var name = RunName.next()
    name.namespace = 1
    #expect(RunName(name.text[...]) == name)
    #expect(name.isOrphaned == RunName.seesAllProcesses)
  }
}

/// A sandbox that sleeps below another root.
private final class OtherRun {
  private let runner = Process()
  private let marker: String
  let user: uid_t

  init(_ root: OtherRootTests.Root, in scratch: Scratch, number: Int, _ script: String) throws {
    let allowed = Sandbox.weaknesses.map { "--allow \($0)" }.joined(separator: " ")
    let work = "\(scratch.path)/\(number)"
    mkdir(work, 0o755)
    marker = "77\(getpid())0\(root.preparation.count)0\(number)"
    let program = try #require(KilledRunnerTests.program)
    let whole = URL(fileURLWithPath: program).path
    runner.executableURL = URL(fileURLWithPath: "/bin/sh")
    runner.arguments = [
      "-c",
      "exec \(root.rawValue) sh -c '\(root.preparation); exec \(whole) sandbox run --work \(work) "
        + "\(allowed) -- sh -c \"\(script)exec sleep \(marker)\"'",
    ]
    runner.standardOutput = FileHandle.nullDevice
    runner.standardError = FileHandle.nullDevice
    try runner.run()
    let marker = marker
    guard let process = OtherRun.wait({ OtherRun.process("sleep", marker) }) else {
      throw Missing()
    }
    user = OtherRun.user(process) ?? 0
  }

  struct Missing: Error {}

  var isAlive: Bool { OtherRun.process("sleep", marker) != nil }

  func end() {
    kill(runner.processIdentifier, SIGKILL)
    runner.waitUntilExit()
  }

  static func wait<Value>(_ look: () -> Value?) -> Value? {
    for _ in 0..<500 {
      if let value = look() { return value }
      usleep(10_000)
    }
    return nil
  }

  static func marker(_ program: String) -> String { "76\(getpid())\(program.count)" }

  static func sleeper(_ program: String) -> Int32? { process(program, marker(program)) }

  static func process(_ program: String, _ marker: String) -> Int32? {
    ProcessTable.all().first { record in
      let line = KernelFile.read("/proc/\(record.process)/cmdline", limit: 4_096) ?? ""
      return !record.isZombie && line.hasPrefix("\(program)\0\(marker)")
    }?.process
  }

  static func user(_ process: Int32) -> uid_t? {
    let text = KernelFile.read("/proc/\(process)/status") ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("Uid:") }
    return line.flatMap { $0.split(separator: "\t").dropFirst().first }.flatMap { uid_t($0) }
  }
}
