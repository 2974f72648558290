// Folders that outlive runs, ends that are asked for, and files that are read while they grow.

import Base
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Sandbox

@Suite struct KeptTests {
  private func kept(in scratch: Scratch, _ bytes: Int = 1 << 20) -> KeptFolder {
    KeptFolder(place: scratch.path + "/R1", target: "/run/stemma/resume", bytes: bytes)
  }

  @Test func theNextRunFindsWhatTheLastOneKept() throws {
    let home = Scratch()
    let script = """
      cd /run/stemma/resume; n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n
      mkdir -p deep/er; echo x > deep/er/file; cat n; ls -A
      """
    for number in 1...3 {
      let outcome = try runScript(script) { $0.kept = kept(in: home) }
      #expect(outcome.exitCode == 0, "\(outcome.logText) \(outcome.message ?? "")")
      #expect(outcome.logText == "\(number)\ndeep\nn\n", "\(outcome.logText)")
    }
    KeptFolder.remove(home.path + "/R1")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty)
    let fresh = try runScript(script) { $0.kept = kept(in: home) }
    #expect(fresh.logText.hasPrefix("1\n"))
  }

  @Test(.enabled(if: geteuid() == 0)) func itHoldsNoMoreThanItsSize() throws {
    let home = Scratch()
    let outcome = try runScript(
      "head -c 9000000 /dev/zero > /run/stemma/resume/big; stat -c %s /run/stemma/resume/big"
    ) { $0.kept = kept(in: home, 4 << 20) }
    #expect(outcome.logText.contains("No space left"), "\(outcome.logText)")
    // An image that was not unmounted is thrown away. Another test's sandbox may hold a copy of our
    // descriptors until its exec, so it is unmounted a moment later.
    let image = home.path + "/R1.ext4"
    try KeptDisk.waitUntilFree(image)
    let file = open(image, O_RDWR)
    pwrite(file, [UInt8(0), 0], 2, 1_024 + 0x3A)
    close(file)
    let next = try runScript("ls -A /run/stemma/resume") { $0.kept = kept(in: home, 4 << 20) }
    #expect(next.logText.isEmpty && next.exitCode == 0, "\(next.logText)")
  }

  /// A program that is asked has its time; one that does not listen is killed at its end.
  @Test(arguments: [true, false]) func whoIsAskedMayEnd(listens: Bool) throws {
    let home = Scratch()
    let isCancelled = Atomic(false)
    let script =
      "trap '\(listens ? "echo saved > /run/stemma/resume/state; exit 3" : ":")' TERM\n"
      + "echo ready; while :; do sleep 0.05; done"
    let start = Date()
    var specification = SandboxSpecification(
      command: ["/bin/sh", "-c", script], workDirectory: home.path, budget: SandboxBudget())
    specification.kept = kept(in: home)
    specification.graceMilliseconds = 1_500
    let outcome = try Sandbox().run(
      specification, isCancelled: { isCancelled.load(ordering: .relaxed) },
      onOutput: { _, _ in isCancelled.store(true, ordering: .relaxed) })
    #expect(outcome.status == .cancelled)
    #expect((Date().timeIntervalSince(start) > 1.4) == !listens || listens)
    let state = try runScript("cat /run/stemma/resume/state") { $0.kept = kept(in: home) }
    #expect(state.logText.contains("saved") == listens, "\(state.logText)")
  }

  @Test func aWatchedFileEndsTheProgram() throws {
    let seen = Mutex("")
    let outcome = try runScript(
      "mkdir out; for i in 1 2 3 4 5 6 7 8 9; do echo $i >> out/m; sleep 0.1; done; sleep 30"
    ) { specification in
      specification.watch = SandboxWatch(path: "out/m") { bytes in
        seen.withLock { text in
          text += String(decoding: bytes, as: UTF8.self)
          return text.contains("5")
        }
      }
    }
    #expect(outcome.status == .stopped)
    #expect(seen.withLock { $0.hasPrefix("1\n2\n3\n4\n5\n") })
    #expect(outcome.wallMilliseconds < 20_000)
  }

  /// What is put in its place is not followed.
  @Test func aWatchedFileIsNeverALink() throws {
    let seen = Mutex(0)
    for script in [
      "mkdir out; ln -s /etc/ld.so.cache out/m; sleep 0.2", "ln -s /etc out; sleep 0.2",
      "mkdir out; mkfifo out/m; sleep 0.2", "mkdir -p out/m; sleep 0.2",
    ] {
      let outcome = try runScript(script) { specification in
        specification.watch = SandboxWatch(path: "out/m") { bytes in
          seen.withLock { $0 += bytes.count }
          return true
        }
      }
      #expect(outcome.status == .exited, "\(script): \(outcome.message ?? "")")
    }
    #expect(seen.withLock { $0 } == 0)
  }
}
