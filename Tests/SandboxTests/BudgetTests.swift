// Hostile programs against each budget, with an honest neighbour that shows the limit is not zero.

import Base
import Glibc
import Sandbox
import Testing

private func runPython(
  _ program: String, in scratch: Scratch = Scratch(),
  _ adjust: (inout SandboxSpecification) -> Void = { _ in }
) throws -> SandboxOutcome {
  scratch.write(program, "program.py")
  return try runScript("exec /usr/bin/python3 program.py", in: scratch, adjust)
}

@Suite struct BudgetTests {
  @Test func memoryOfOneProcess() throws {
    let bomb = try runPython("x = bytearray(200 << 20)\nprint(len(x))") {
      $0.budget.memoryBytes = 64 << 20
    }
    #expect(bomb.status == .killed && bomb.exceeded == .memory, "\(bomb.logText)")
    let honest = try runPython("x = bytearray(30 << 20)\nprint(len(x))") {
      $0.budget.memoryBytes = 64 << 20
    }
    #expect(honest.status == .exited && honest.exitCode == 0, "\(honest.logText)")
  }

  @Test func memorySplitOverProcesses() throws {
    let bomb = try runPython(
      """
      import os, time
      for i in range(8):
          if os.fork() == 0:
              x = bytearray(20 << 20); time.sleep(30); os._exit(0)
      time.sleep(30)
      """
    ) { $0.budget.memoryBytes = 64 << 20 }
    #expect(bomb.exceeded == .memory)
  }

  /// What ends by itself between two looks, but too late, has used up its time all the same.
  @Test(arguments: [1, 12, 15, 30]) func theTimeOnTheClockIsWhatWasGranted(limit: Int) throws {
    for _ in 0..<10 {
      let outcome = try runScript("exit 0") { $0.budget.wallMilliseconds = limit }
      let isOver = outcome.wallMilliseconds > limit
      #expect(outcome.status == (isOver ? .killed : .exited), "\(outcome.wallMilliseconds) ms")
      #expect(outcome.exceeded == (isOver ? .wall : nil))
    }
  }

  @Test func wallAndDaemonsDie() throws {
    let outcome = try runScript("(setsid sh -c 'sleep 1234567' &) ; sleep 60") {
      $0.budget.wallMilliseconds = 200
    }
    #expect(outcome.exceeded == .wall)
    #expect(outcome.wallMilliseconds < 10_000)
    #expect(system("pgrep -f 'sleep 123456[7]' >/dev/null") != 0)
  }

  @Test func processorTimeOfARelay() throws {
    // Each child is short, so a limit per process never bites.
    let outcome = try runScript(
      "while :; do sh -c 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done'; done"
    ) {
      $0.budget.cpuMilliseconds = 300
    }
    #expect(outcome.exceeded == .cpu)
    #expect(outcome.cpuMilliseconds < 3_000)
  }

  @Test func forkBombHitsTheLimit() throws {
    let outcome = try runPython(
      """
      import os, time
      made = 0
      for i in range(200):
          try:
              if os.fork() == 0:
                  time.sleep(30); os._exit(0)
              made += 1
          except OSError:
              break
      print("made", made)
      raise SystemExit(1 if made < 200 else 0)
      """
    ) { $0.budget.processes = 20 }
    if geteuid() == 0 { #expect(outcome.exceeded == .processes, "\(outcome.logText)") }
    #expect(outcome.exitCode == 1 || outcome.exceeded == .processes)
    #expect((outcome.processesPeak ?? 99) <= 20)
  }

  @Test func diskInOneFileAndInMany() throws {
    let one = try runPython(
      "f = open('big', 'wb')\nfor i in range(64): f.write(bytes(1 << 20))\nf.close()"
    ) { $0.budget.diskBytes = 16 << 20 }
    #expect(one.status != .exited || one.exitCode != 0)
    let many = try runPython(
      """
      for i in range(64):
          with open(f'part{i}', 'wb') as f: f.write(bytes(1 << 20))
      """
    ) { $0.budget.diskBytes = 16 << 20 }
    #expect(many.exceeded == .disk, "\(many.logText) \(many.diskBytes) \(many.exitCode ?? -1)")
    let files = try runScript("i=0; while [ $i -lt 500 ]; do : > f$i || exit 1; i=$((i+1)); done") {
      $0.budget.inodes = 100
    }
    #expect(files.exceeded == .inodes, "\(files.logText)")
    let honest = try runPython("open('part', 'wb').write(bytes(14 << 20))") {
      $0.budget.diskBytes = 16 << 20
    }
    #expect(honest.exitCode == 0, "\(honest.logText)")
  }

  @Test func logKeepsHeadAndTail() throws {
    let outcome = try runScript("echo first; yes | head -c 300000; echo last") {
      $0.budget.logBytes = 10_000
    }
    #expect(outcome.exitCode == 0)
    #expect(outcome.logText.hasPrefix("first\n"))
    #expect(outcome.logText.hasSuffix("last\n"))
    #expect(outcome.logBytes == 300_011)
    #expect(outcome.logDroppedBytes == 290_011)
    #expect(outcome.log.count < 10_200)
  }

  @Test func cancelled() throws {
    let scratch = Scratch()
    let start = time(nil)
    let outcome = try Sandbox().run(
      SandboxSpecification(
        command: ["sleep", "60"], workDirectory: scratch.path, budget: SandboxBudget()),
      isCancelled: { time(nil) > start })
    #expect(outcome.status == .cancelled)
  }
}
