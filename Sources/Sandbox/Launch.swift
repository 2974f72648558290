// One started bubblewrap: its process, the pipes to it, and how it is started. It turns a
// specification into a plan for the C helper and keeps nothing of it afterwards.

import Base
import CSandbox
import Glibc

/// A running sandbox, before anybody looks after it.
struct Launch {
  let process: Int32
  /// Readable when the process ends.
  let processDescriptor: Descriptor
  let output: Descriptor
  let errors: Descriptor
  let channel: Descriptor?
  let status: Descriptor

  /// What to wait for, where the end is awaited.
  var endPoll: pollfd { pollfd(fd: processDescriptor.number, events: Int16(POLLIN), revents: 0) }
}

/// Builds and starts one launch.
struct Launcher {
  let specification: SandboxSpecification
  let machine: MachineProbe
  let plan: GuardPlan
  let workSpace: WorkSpace
  let groups: ControlGroups?
  /// The run's own user id; `nil` for the caller's.
  let user: UInt32?
  let files: PassedFiles
  let kept: KeptDisk?

  private static let seccompNumber: Int32 = 4
  private static let statusNumber: Int32 = 5
  private static let usersNumber: Int32 = 6
  private static let groupsNumber: Int32 = 7
  /// Where staged mounts appear, in the sandbox's own mount namespace only.
  private static let stagePlace = ["/mnt", "/media", "/srv", "/opt"].first(where: isFolder)

  /// Starts the program; when this returns, bubblewrap runs with every limit in force.
  func start() throws -> Launch {
    guard let bubblewrap = machine.bubblewrap, let child = csandbox_plan_create(bubblewrap) else {
      throw StemmaError(.sandboxUnavailable, "bubblewrap is not installed")
    }
    defer { csandbox_plan_destroy(child) }
    try addMounts(to: child)
    for word in specification.command { csandbox_plan_command(child, word) }
    for folder in groups?.joined ?? [] { csandbox_plan_join(child, folder) }
    if let birthplace = groups?.birthplace { csandbox_plan_birthplace(child, birthplace) }
    addLimits(to: child)
    if let user { csandbox_plan_identity(child, user, user) }

    // Held until the child has its copies.
    let output = try Pipe()
    let errors = try Pipe()
    let status = try Pipe()
    let channel = try specification.channelLimitBytes.map { _ in try Pipe() }
    let input = try inputDescriptor()
    files.rewind()
    let passed: [(Int32, Descriptor?)] = [
      (0, input), (1, output.writing), (2, errors.writing), (3, channel?.writing),
      (Launcher.seccompNumber, files.filter), (Launcher.statusNumber, status.writing),
      (Launcher.usersNumber, files.users), (Launcher.groupsNumber, files.groups),
    ]
    for (number, descriptor) in passed {
      if let descriptor { csandbox_plan_descriptor(child, number, descriptor.number) }
    }

    var report: Int32 = -1
    let process = csandbox_start(child, &report)
    guard process > 0 else {
      throw SystemFailure(action: "cannot start the sandbox", code: -process).error
    }
    try Launcher.checkReport(report, process)
    let descriptor = try Descriptor(
      checking: csandbox_pidfd_open(process), "cannot watch the sandbox")
    withExtendedLifetime(passed) {}
    return Launch(
      process: process, processDescriptor: descriptor, output: output.reading,
      errors: errors.reading, channel: channel?.reading, status: status.reading)
  }

  private func inputDescriptor() throws -> Descriptor {
    guard let input = specification.input else {
      return try Descriptor.open(trusted: "/dev/null", O_RDONLY)
    }
    return try Descriptor(
      checking: csandbox_memory_file(input, input.count), "cannot pass the input")
  }

  private static func checkReport(_ report: Int32, _ process: Int32) throws {
    var step: Int32 = 0
    let result = csandbox_report(report, &step)
    guard result != 0 else { return }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let names = [
      "starting", "a new session", "joining a control group", "mounts", "limits", "descriptors",
      "changing the user", "dropping privileges", "the parent's life line", "starting bubblewrap",
    ]
    let name = names.indices.contains(Int(step)) ? names[Int(step)] : "starting"
    throw SystemFailure(action: "the sandbox failed at \(name)", code: -result).error
  }

  private func addLimits(to child: OpaquePointer) {
    let budget = specification.budget
    func limit(_ name: Int, _ value: Int) {
      csandbox_plan_limit(child, Int32(name), UInt64(max(0, value)))
    }
    limit(CSANDBOX_LIMIT_OPEN_FILES, budget.openFiles)
    // One byte: with none a dump still goes to a program of the machine that asks for dumps.
    limit(CSANDBOX_LIMIT_CORE, 1)
    // On a file system of its own the blocks are the limit; a sparse file may be long.
    if workSpace.disk == nil { limit(CSANDBOX_LIMIT_FILE_SIZE, budget.diskBytes) }
    // The second line: one process alone cannot go far past the budget even if we were stopped.
    limit(CSANDBOX_LIMIT_CPU_SECONDS, budget.cpuMilliseconds / 1_000 + 2)
    limit(CSANDBOX_LIMIT_LOCKED_MEMORY, 8 << 20)
    limit(CSANDBOX_LIMIT_MESSAGE_QUEUES, 0)
    if groups == nil {
      // The kernel counts everything of this user, so what is there already comes on top.
      let mine = ProcessTable.count(ofUser: getuid())
      limit(CSANDBOX_LIMIT_PROCESSES, mine + budget.processes + 2)
      csandbox_plan_processors(child, Int32(max(1, Int(budget.cpus.rounded(.up)))))
    }
  }

  // MARK: What is seen inside

  private func addMounts(to child: OpaquePointer) throws {
    var mounts: [BubblewrapOptions.Mount] = []
    var work = workSpace.workPath
    var temporary: String?
    if let disk = workSpace.disk {
      let staged = try stage(
        dup(disk.root.number), isFolder: true, "the run's file system", in: child)
      work = staged + "/work"
      temporary = staged + "/tmp"
    } else if let user {
      work = try stage(
        StagedTree.open(work, isReadOnly: false, user: user), isFolder: true, work, in: child)
    }
    mounts.append(.init(source: work, target: specification.workDirectory, isReadOnly: false))
    if let kept, let target = specification.kept?.target {
      var source = kept.folder ?? ""
      if let root = kept.root {
        source = try stage(dup(root.number), isFolder: true, "the kept folder", in: child)
      } else if let user {
        source = try stage(
          StagedTree.open(source, isReadOnly: false, user: user), isFolder: true, source,
          in: child)
      }
      mounts.append(.init(source: source, target: target, isReadOnly: false))
    }
    for (number, inspected) in specification.inspected.enumerated() {
      var source = Launcher.parent(of: work) + "/inspected-\(number)"
      if workSpace.disk == nil {
        source = workSpace.inspected[number].path
        if let user {
          source = try stage(
            StagedTree.open(source, isReadOnly: true, user: user), isFolder: true, source,
            in: child)
        }
      }
      mounts.append(.init(source: source, target: inspected.path, isReadOnly: true))
    }
    let granted = specification.readOnly.map { SandboxMount(source: $0, target: $0) }
    for mount in granted + specification.placed {
      var source = mount.source
      if let user {
        source = try stage(
          StagedTree.open(source, isReadOnly: true, user: user),
          isFolder: Launcher.isFolder(source), source, in: child)
      }
      mounts.append(.init(source: source, target: mount.target, isReadOnly: true))
    }
    let options = BubblewrapOptions(
      mounts: mounts, workDirectory: specification.workDirectory,
      startDirectory: specification.startDirectory ?? specification.workDirectory,
      temporarySource: temporary,
      temporaryBytes: max(1 << 20, specification.budget.diskBytes / 4),
      // Shared memory is charged to the memory budget where groups count it.
      sharedBytes: groups == nil
        ? max(1 << 20, specification.budget.diskBytes / 4) : specification.budget.memoryBytes / 2,
      environment: specification.environment, seccompNumber: Int(Launcher.seccompNumber),
      statusNumber: Int(Launcher.statusNumber), usersNumber: Int(Launcher.usersNumber),
      groupsNumber: Int(Launcher.groupsNumber))
    for option in options.list { csandbox_plan_option(child, option) }
  }

  /// Hands a detached mount to the child and returns where it will find it. The child's user can
  /// walk there even if the folders above the source are closed to it.
  private func stage(
    _ descriptor: Int32, isFolder: Bool, _ name: String, in child: OpaquePointer
  ) throws -> String {
    guard descriptor >= 0 else {
      throw SystemFailure(action: "cannot mount \(name)", code: -descriptor).error
    }
    guard let stage = Launcher.stagePlace else {
      throw StemmaError(.sandboxUnavailable, "there is no /mnt to stage mounts on")
    }
    csandbox_plan_stage(child, stage)
    let number = csandbox_plan_mount(child, descriptor, isFolder ? 1 : 0)
    guard number >= 0 else {
      close(descriptor)
      throw StemmaError(.argumentInvalid, "too many folders are mounted into one sandbox")
    }
    return "\(stage)/\(number)"
  }

  private static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

/// Both ends of a pipe; the reading end does not block.
private struct Pipe {
  let reading: Descriptor
  let writing: Descriptor

  init() throws {
    var ends: (Int32, Int32) = (-1, -1)
    let result = csandbox_pipe(&ends.0, &ends.1)
    guard result == 0 else {
      throw SystemFailure(action: "cannot make a pipe", code: -result).error
    }
    reading = Descriptor(ends.0)
    writing = Descriptor(ends.1)
  }
}
