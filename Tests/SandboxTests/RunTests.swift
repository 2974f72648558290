// Honest programs: what a sandbox gives, and what the record says of them.

import Base
import Glibc
import Sandbox
import Synchronization
import Testing

/// A folder of a test's own, removed with its last reference.
final class Scratch: Sendable {
  let path: String

  init() {
    let pattern = "/tmp/stemma-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    mkdir(pattern, 0o755)
    path = pattern
  }

  deinit { system("rm -rf '\(path)'") }

  func write(_ text: String, _ name: String) {
    let file = fopen("\(path)/\(name)", "w")
    fputs(text, file)
    fclose(file)
  }

  func read(_ name: String) -> String? {
    guard let file = fopen("\(path)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[0..<count], as: UTF8.self)
  }
}

extension SandboxOutcome {
  var logText: String { String(decoding: log, as: UTF8.self) }
}

/// Runs a shell script in a fresh folder.
func runScript(
  _ script: String, in scratch: Scratch = Scratch(),
  _ adjust: (inout SandboxSpecification) -> Void = { _ in }
) throws -> SandboxOutcome {
  var specification = SandboxSpecification(
    command: ["/bin/sh", "-c", script], workDirectory: scratch.path,
    budget: SandboxBudget(wallMilliseconds: 60_000, cpuMilliseconds: 10_000))
  adjust(&specification)
  return try Sandbox().run(specification)
}

@Suite struct RunTests {
  @Test func anHonestProgramRunsAndItsFilesComeBack() throws {
    let scratch = Scratch()
    scratch.write("hello\n", "input.txt")
    let outcome = try runScript(
      "cat input.txt; mkdir out; echo done > out/result; rm input.txt; echo oops >&2", in: scratch
    ) { $0.collection = SandboxCollection() }
    #expect(outcome.status == .exited, "\(outcome.message ?? "")")
    #expect(outcome.exitCode == 0)
    #expect(outcome.logText.contains("hello"))
    #expect(outcome.logText.contains("oops"))
    #expect(outcome.files.map(\.path) == ["result"])
    #expect(outcome.files.first?.bytes == Array("done\n".utf8))
    #expect(scratch.read("out/result") == "done\n")
    #expect(scratch.read("input.txt") == nil)
  }

  /// A working folder given as values needs no folder on this machine, and nothing goes back.
  @Test func aLayoutIsWhatTheRunStartsWith() throws {
    let place = "/run/stemma-test/\(UInt32.random(in: 0...UInt32.max))"
    var specification = SandboxSpecification(
      command: ["/bin/sh", "-c", "pwd; ls -R; cat deep/down/file; ./tool; echo x > out/result"],
      workDirectory: place, budget: SandboxBudget())
    specification.layout = SandboxLayout(
      files: [
        .init(path: "deep/down/file", isExecutable: false, byteCount: 5) {
          try $0(Array("deep\n".utf8))
        },
        .init(path: "tool", isExecutable: true, byteCount: 20) {
          // In pieces, as large ones come.
          try $0(Array("#!/bin/sh\n".utf8))
          try $0(Array("echo tool\n".utf8))
        },
      ], folders: ["out"])
    specification.collection = SandboxCollection()
    let outcome = try Sandbox().run(specification)
    #expect(
      outcome.logText == """
        \(place)\n.:\ndeep\nout\ntool\n\n./deep:\ndown\n\n./deep/down:\nfile\n\n./out:\ndeep\ntool\n
        """, "\(outcome.message ?? "")")
    #expect(outcome.files.map(\.path) == ["result"])
    #expect(access(place, F_OK) != 0)
  }

  @Test func largeFilesAreHandedOn() throws {
    let kept = Mutex<[Int]>([])
    func outcome(exitCode: Int) throws -> SandboxOutcome {
      try runScript(
        """
        mkdir out; head -c 3000001 /dev/zero > out/weights; head -c 3000000 /dev/zero > out/curve
        echo x > out/small; ln -s small out/link; exit \(exitCode)
        """
      ) {
        $0.writesBack = false
        $0.collection = SandboxCollection()
        $0.largeFiles = LargeFiles(
          holds: { path, bytes in path == "curve" && bytes == 3_000_000 },
          keep: { next in
            var sizes: [Int] = []
            while let piece = Optional(try next()), !piece.isEmpty { sizes.append(piece.count) }
            kept.withLock { $0 = sizes }
            return "kept"
          })
      }
    }
    let good = try outcome(exitCode: 0)
    #expect(good.files.map(\.path) == ["curve", "small", "weights"])
    #expect(good.files.map(\.byteCount) == [3_000_000, 2, 3_000_001])
    #expect(good.files.map(\.bytes.count) == [3_000_000, 2, 0])
    #expect(good.files.map(\.keptAs) == [nil, nil, "kept"])
    #expect(kept.withLock { $0 } == [1 << 20, 1 << 20, 3_000_001 - (2 << 20)])
    #expect(good.refusedFiles.map(\.path) == ["link"])
    let bad = try outcome(exitCode: 1)
    #expect(bad.files.map(\.path) == ["curve", "small"])
    #expect(Set(bad.refusedFiles.map(\.path)) == ["link", "weights"])
  }

  @Test func whatIsRefusedIsCounted() throws {
    let outcome = try runScript("mkdir out; cd out; for i in $(seq 210); do ln -s x $i; done") {
      $0.writesBack = false
      $0.collection = SandboxCollection()
    }
    #expect(outcome.refusedFiles.count == 201)
    #expect(outcome.refusedFiles.last?.reason == "10 more that are not named")
  }

  @Test(arguments: ["../up", "a/../../b", ".", ""])
  func anOddLayoutIsRefused(_ path: String) {
    let scratch = Scratch()
    var specification = SandboxSpecification(
      command: ["true"], workDirectory: scratch.path, budget: SandboxBudget())
    specification.layout = SandboxLayout(files: [
      .init(path: path, isExecutable: false, byteCount: 0) { try $0([]) }
    ])
    #expect(throws: StemmaError.self) { try Sandbox().run(specification) }
    specification.layout = SandboxLayout(files: [])
    specification.workDirectory = "relative/path"
    #expect(throws: StemmaError.self) { try Sandbox().run(specification) }
  }

  @Test func theProgramsOwnEndIsReported() throws {
    let failed = try runScript("exit 7")
    #expect(failed.status == .exited && failed.exitCode == 7)
    let signalled = try runScript("kill -SEGV $$")
    #expect(signalled.status == .signalled && signalled.signal == 11)
  }

  @Test func descriptorThreeIsTheChannel() throws {
    let outcome = try runScript("echo score >&3; ls /proc/self/fd") { $0.channelLimitBytes = 100 }
    #expect(outcome.channel == Array("score\n".utf8))
    #expect(
      outcome.logText.split(separator: "\n") == ["0", "1", "2", "3", "4"], "ls opens 4 itself")
  }

  @Test func environmentAndInputArePassed() throws {
    let outcome = try runScript("env | sort; cat; pwd; id -u") {
      $0.environment = [("SEED", "7")]
      $0.input = Array("typed".utf8)
    }
    #expect(outcome.logText.contains("SEED=7"))
    #expect(outcome.logText.contains("typed"))
    #expect(outcome.logText.contains("\n1000\n"))
  }

  @Test func readOnlyFoldersAreReadOnly() throws {
    let data = Scratch()
    data.write("data", "d")
    let outcome = try runScript("cat \(data.path)/d; echo x > \(data.path)/e") {
      $0.readOnly = [data.path]
    }
    #expect(outcome.logText.contains("data"))
    #expect(outcome.exitCode != 0)
    #expect(data.read("e") == nil)
  }

  @Test func closedFoldersOfTheOwnerAreReadableWhereGranted() throws {
    let outer = Scratch()
    mkdir(outer.path + "/data", 0o700)
    outer.write("secret", "data/file")
    chmod(outer.path + "/data/file", 0o600)
    chmod(outer.path, 0o700)
    let outcome = try runScript("cat \(outer.path)/data/file") {
      $0.readOnly = [outer.path + "/data"]
    }
    #expect(outcome.logText == "secret")
  }

  @Test func aSpecificationThatMakesNoSenseIsRefused() {
    let wrong: [(inout SandboxSpecification) -> Void] = [
      { $0.command = [] }, { $0.command = ["a\0b"] }, { $0.workDirectory = "/nowhere/at/all" },
      { $0.readOnly = ["/"] }, { $0.readOnly = ["/proc/1"] }, { $0.budget.memoryBytes = 0 },
      { $0.budget.cpus = .nan }, { $0.budget.wallMilliseconds = .max },
      { $0.environment = [("A=B", "c")] }, { $0.allowedWeaknesses = ["nonsense"] },
    ]
    for adjust in wrong {
      #expect(throws: StemmaError.self) { try runScript("true", adjust) }
    }
  }
}
