// Programs that try to get out, to stay alive, to fool the collection or the record. Each test says
// what would have happened without the guard, and has an honest control beside the attack.

import Base
import Glibc
import Testing

@testable import Sandbox

private func python(
  _ program: String, in scratch: Scratch = Scratch(),
  _ adjust: (inout SandboxSpecification) -> Void = { _ in }
) throws -> SandboxOutcome {
  scratch.write(program, "hostile.py")
  return try runScript("exec /usr/bin/python3 -S hostile.py", in: scratch, adjust)
}

@Suite struct HostileTests {
  @Test func anOutputFolderReplacedByALinkIsNotFollowed() throws {
    let attack = try runScript("ln -s /etc out") { $0.collection = SandboxCollection() }
    #expect(attack.files.isEmpty)
    #expect(attack.refusedFiles.contains { $0.path == "out" })
    var all = SandboxCollection()
    all.takesAllWhereMissing = true
    let link = try runScript("echo x > x; ln -s /etc out") { $0.collection = all }
    #expect(link.files.isEmpty, "a link is not a missing folder")
    let missing = try runScript("echo x > x") { $0.collection = all }
    #expect(missing.files.map(\.path) == ["x"])
    let honest = try runScript("mkdir out; echo x > out/x") { $0.collection = SandboxCollection() }
    #expect(honest.files.map(\.path) == ["x"])
  }

  @Test func filesComeBackWithoutTheirPowers() throws {
    let scratch = Scratch()
    scratch.write("before", "replaced")
    let outside = Scratch()
    outside.write("untouched", "file")
    let outcome = try runScript(
      """
      cp /bin/true tool; chmod 6777 tool; rm replaced; ln -s \(outside.path)/file replaced
      mkdir -p folder/inner; echo deep > folder/inner/file; mkfifo pipe; echo x > 'a;b'
      """, in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome.logText)")
    guard geteuid() == 0 else { return }  // An ordinary user's program works in the folder itself.
    var status = stat()
    #expect(lstat(scratch.path + "/tool", &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o755 && status.st_uid == 0)
    #expect(lstat(scratch.path + "/replaced", &status) != 0, "what was deleted is gone")
    #expect(lstat(scratch.path + "/pipe", &status) != 0)
    #expect(lstat(scratch.path + "/a;b", &status) != 0)
    #expect(scratch.read("folder/inner/file") == "deep\n")
    #expect(outside.read("file") == "untouched")
  }

  @Test func aTreeThatStopsItselfIsStillEnded() throws {
    let outcome = try runScript("kill -STOP $$") { $0.budget.wallMilliseconds = 300 }
    #expect(outcome.exceeded == .wall)
  }

  @Test func aDaemonThatHoldsThePipesDoesNotHoldTheRunner() throws {
    let outcome = try runScript("(setsid sleep 777 &) ; (sleep 777 <&- &) ; echo left") {
      $0.channelLimitBytes = 10
    }
    #expect(outcome.status == .exited && outcome.logText == "left\n")
    #expect(outcome.wallMilliseconds < 30_000)
    #expect(system("pgrep -x sleep -a | grep -q ' 777$'") != 0)
  }

  @Test func aFloodOfTheChannelIsCut() throws {
    let outcome = try runScript("head -c 5000000 /dev/zero >&3") { $0.channelLimitBytes = 1_000 }
    #expect(outcome.channel.count == 1_000)
    #expect(outcome.channelOverflowed)
    #expect(outcome.exitCode == 0)
  }

  @Test func memoryOutsideTheHeapCounts() throws {
    let shared = try python("open('/dev/shm/x', 'wb').write(bytes(150 << 20))") {
      $0.budget.memoryBytes = 64 << 20
    }
    #expect(shared.exitCode != 0 || shared.status == .killed)
    let anonymous = try python(
      """
      import os
      fd = os.memfd_create("x")
      for i in range(150): os.write(fd, bytes(1 << 20))
      """
    ) {
      $0.budget.memoryBytes = 64 << 20
    }
    if geteuid() == 0 { #expect(anonymous.exceeded == .memory) }
    let honest = try python("open('/dev/shm/x', 'wb').write(bytes(4 << 20))")
    #expect(honest.exitCode == 0, "\(honest.logText)")
  }

  @Test func filesWithoutNamesCountAsDisk() throws {
    guard geteuid() == 0 else { return }  // Polling does not see them; the probe says so.
    let outcome = try python(
      """
      import os, tempfile
      import time
      held = [tempfile.TemporaryFile(dir=d, buffering=0) for d in (".", "/tmp") * 16]
      try:
          for f in held: f.write(bytes(1 << 20))
      finally: time.sleep(0.1)
      """
    ) { $0.budget.diskBytes = 16 << 20 }
    #expect(outcome.exceeded == .disk, "\(outcome.logText)")
  }

  @Test func foreignSystemCallsEndTheProcess() throws {
    // x32: the same machine, numbers that a careless filter does not know.
    let outcome = try python(
      "import ctypes\nctypes.CDLL(None).syscall(0x40000000 + 39)\nprint('survived')")
    #if arch(x86_64)
      #expect(outcome.signal == SIGSYS)
    #endif
    #expect(!outcome.logText.contains("survived") || outcome.signal == nil)
  }

  /// Honest calls with a flag that reaches something of the machine which is in nobody's budget.
  @Test func flagsThatReachPastTheSandboxAreRefused() throws {
    #if arch(arm64)
      let asynchronousSetup = 0
    #else
      let asynchronousSetup = 206
    #endif
    let outcome = try python(
      """
      import ctypes, fcntl, os, resource
      libc = ctypes.CDLL(None, use_errno=True)
      master, slave = os.openpty()
      own = os.open('own', os.O_CREAT | os.O_RDONLY, 0o600)
      attacks = {
        'vsock by the pair': libc.socketpair(40, 1, 0, (ctypes.c_int * 2)()),
        'line discipline': libc.ioctl(slave, 0x5423, ctypes.byref(ctypes.c_int(27))),
        'lease': libc.fcntl(own, 1024, 0),
        'asynchronous events': libc.syscall(\(asynchronousSetup), 1, (ctypes.c_ulong * 1)()),
        'huge pages': libc.memfd_create(b'huge', 4),
      }
      print([name for name, result in attacks.items() if result != -1])
      resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
      print(resource.getrlimit(resource.RLIMIT_CORE)[0])
      pair = (ctypes.c_int * 2)()
      small = libc.memfd_create(b'small', 0) != -1
      print(libc.socketpair(1, 1, 0, pair), libc.fcntl(own, 3) >= 0, small)
      """)
    let said = outcome.logText.split(separator: "\n")
    #expect(said.first == "[]", "\(outcome.logText)")
    if geteuid() == 0 { #expect(said.dropFirst().first == "1", "zero would feed a pipe") }
    // As an ordinary user files of memory are absent altogether.
    #expect(said.last == (geteuid() == 0 ? "0 True True" : "0 True False"))
  }

  /// What an ordinary user's disk budget cannot look at would otherwise be free.
  @Test func whatCannotBeCountedIsOverTheBudget() throws {
    let scratch = Scratch()
    scratch.write("content", "plain")
    let folder = try Descriptor.open(trusted: scratch.path, O_RDONLY | O_DIRECTORY)
    #expect(FolderUsage.measure(folder).entries == 1)
    var inner = folder
    for _ in 0...FolderUsage.maximumDepth {
      #expect(mkdirat(inner.number, "d", 0o755) == 0)
      inner = try Descriptor(
        checking: openat(inner.number, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "cannot open d")
    }
    #expect(!FolderUsage.measure(folder).isCounted)
  }

  @Test func holesAreNotCopiedAsZeros() throws {
    let scratch = Scratch()
    scratch.write("head", "hole")
    #expect(truncate(scratch.path + "/hole", 8 << 20) == 0)
    let outcome = try runScript("stat -c '%s %b' hole; head -c 4 hole", in: scratch)
    let said = outcome.logText.split(whereSeparator: \.isWhitespace)
    #expect(said.first == "8388608" && said.last == "head", "\(outcome.logText)")
    #expect(said.count == 3 && (Int(said[1]) ?? .max) * 512 <= 64 << 10, "\(outcome.logText)")
  }

  @Test func itsOwnWordsAreNotTheRecord() throws {
    let outcome = try runScript(
      """
      echo '{"status":"exited","exit-code":0}' ; echo '{"exit-code": 0}' > status.json
      for n in 3 4 5 6 7 8 9; do (echo '{ "exit-code": 0 }' >&$n) 2>/dev/null; done; exit 9
      """)
    #expect(outcome.exitCode == 9)
  }

  /// A small disk lies in memory; its size and its inodes are as exact as those of an image.
  @Test(.enabled(if: geteuid() == 0, "an ordinary user's disk is a folder"))
  func aSmallDiskIsExact() throws {
    func fill(_ program: String) throws -> SandboxOutcome {
      try python(program) {
        $0.budget.memoryBytes = 64 << 20
        $0.budget.diskBytes = 1 << 20
        $0.budget.inodes = 20
      }
    }
    let large = try fill("f = open('x', 'wb', 0)\nfor i in range(300): f.write(bytes(4096))")
    #expect(large.exceeded == .disk, "\(large.logText)")
    #expect(large.diskBytes <= 1 << 20)
    #expect(large.guards.contains { $0.name == "disk" && $0.mechanism.hasPrefix("tmpfs") })
    let many = try fill("for i in range(30): open(f'/tmp/{i}', 'w').close()")
    #expect(many.exceeded == .inodes, "\(many.logText)")
    let honest = try fill(
      "open('x', 'wb').write(bytes(900 << 10))\nfor i in range(17): open(f'{i}', 'w').close()")
    #expect(honest.exitCode == 0, "\(honest.logText)")
  }

  @Test func aRunDoesNotFlushTheDisksOfTheMachine() throws {
    let outcome = try python(
      """
      import ctypes, os
      libc = ctypes.CDLL(None, use_errno=True)
      print(libc.syscall(162), libc.syscall(306, os.open('/usr', os.O_RDONLY)))
      os.fsync(os.open('hostile.py', os.O_RDONLY))
      """)
    #if arch(x86_64)
      #expect(outcome.logText == "-1 -1\n")
    #endif
    #expect(outcome.exitCode == 0)
  }

  @Test func theCpuShareIsHeld() throws {
    guard geteuid() == 0 else { return }
    let outcome = try python(
      """
      import os, time
      end = time.time() + 0.8
      for i in range(3): os.fork()
      while time.time() < end: pass
      """
    ) { $0.budget.cpus = 0.5 }
    #expect(outcome.cpuMilliseconds <= 700, "eight burners on half a processor for 0.8 s")
    #expect(outcome.cpuMilliseconds >= 20, "the control: they did burn")
  }

  @Test func runsDoNotSeeEachOther() async throws {
    let scratch = Scratch()
    let outcomes = try await withThrowingTaskGroup(of: SandboxOutcome.self) { group in
      for number in 0..<6 {
        group.addTask {
          try runScript(
            """
            echo \(number) > /tmp/mine; sleep 0.2; cat /tmp/mine
            ls /proc | grep -c '^[0-9]'; id -u
            """, in: scratch)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count == 6)
    for outcome in outcomes {
      let lines = outcome.logText.split(separator: "\n")
      #expect(lines.count == 3 && (Int(lines[1]) ?? 99) <= 5, "\(outcome.logText)")
    }
  }
}

@Suite struct PlaceTests {
  @Test func aStatusFileThatBecomesALinkIsReplaced() throws {
    let scratch = Scratch()
    let victim = Scratch()
    victim.write("untouched", "file")
    symlink(victim.path + "/file", scratch.path + "/status.json")
    let specification = SandboxSpecification(
      command: ["sh", "-c", "rm -f status.json; ln -s \(victim.path)/file status.json"],
      workDirectory: scratch.path, budget: SandboxBudget())
    let (status, _) = try SandboxCommandLine.run(
      SandboxRunArguments(
        specification: specification, statusFile: scratch.path + "/status.json"))
    #expect(status == 0)
    #expect(victim.read("file") == "untouched")
    #expect(scratch.read("status.json")?.hasPrefix("{\"status\":\"exited\"") == true)
  }

  @Test func placesThatCannotBeWrittenAreRefusedBeforeTheRun() throws {
    let scratch = Scratch()
    mkdir(scratch.path + "/folder", 0o755)
    var specification = SandboxSpecification(
      command: ["sh", "-c", "echo > ran"], workDirectory: scratch.path, budget: SandboxBudget())
    for place in [scratch.path + "/folder", scratch.path + "/none/status.json"] {
      let error = #expect(throws: StemmaError.self) {
        try SandboxCommandLine.run(
          SandboxRunArguments(specification: specification, statusFile: place))
      }
      #expect(error?.code == .fileUnreadable, "\(place) \(String(describing: error))")
    }
    for source in ["/etc", "../other", "out/../../other"] {
      specification.collection = SandboxCollection(
        source: source, destination: scratch.path + "/taken")
      let error = #expect(throws: StemmaError.self) { try Sandbox().run(specification) }
      #expect(error?.code == .argumentInvalid, "\(source)")
    }
    #expect(scratch.read("ran") == nil)
    #expect(system("test \"$(ls -A \(scratch.path))\" = folder") == 0)
  }

  @Test func aCollectionGoesWhereItWasToldBeforeTheRun() throws {
    let scratch = Scratch()
    let destination = Scratch()
    let outcome = try runScript("mkdir -p out/inner; echo kept > out/inner/file", in: scratch) {
      $0.collection = SandboxCollection(destination: destination.path + "/made/here")
    }
    #expect(outcome.files.map(\.path) == ["inner/file"])
    #expect(outcome.files.first?.byteCount == 5)
    #expect(destination.read("made/here/inner/file") == "kept\n")
  }
}
