// What a sandboxed program gets and what it may spend. Every limit is enforced by the machine or
// the run is refused; `weakened` names what the owner allowed to be missing.

/// A program to run in a sandbox, with its grants and budgets.
public struct SandboxSpecification: Sendable {
  /// The program and its arguments; the program is looked up inside the sandbox.
  public var command: [String]
  /// The working folder, read-write, under the same path inside.
  public var workDirectory: String
  /// Where the program starts, inside; the working folder where `nil`.
  public var startDirectory: String?
  /// Folders or files mounted read-only under the same path inside.
  public var readOnly: [String]
  /// Folders or files mounted read-only under another path inside.
  public var placed: [SandboxMount] = []
  /// The whole environment; nothing is inherited.
  public var environment: [(name: String, value: String)]
  public var budget: SandboxBudget
  /// Standard input; empty where `nil`.
  public var input: [UInt8]?
  /// Descriptor 3 inside is a pipe whose bytes come back as `SandboxOutcome.channel`, at most this
  /// many; `nil` for no channel. An evaluator writes its scores there.
  public var channelLimitBytes: Int?
  /// Weaker modes that the owner allowed by name, such as `disk-by-polling`.
  public var allowedWeaknesses: Set<String>
  /// What to take from the working folder once everything is dead; `nil` for nothing.
  public var collection: SandboxCollection?
  /// Takes large files of the collection, so that they need not be held in memory; `nil` where all
  /// of them are to be held. Not asked where the collection has a destination.
  public var largeFiles: LargeFiles?
  /// Whether the program's regular files replace those of `workDirectory` at the end. Where the
  /// disk budget is a file system of its own this is a copy through the same safe walk as a
  /// collection; elsewhere the program writes into the folder itself, whatever is asked here.
  public var writesBack: Bool
  /// What `workDirectory` starts with; then it is a path inside only, which need not exist here,
  /// and nothing is written back. `nil` for the files of the folder itself.
  public var layout: SandboxLayout?
  /// A folder that outlives the run.
  public var kept: KeptFolder?
  /// A file of the working folder that is read while the program writes it.
  public var watch: SandboxWatch?
  /// Where the caller cancels, every process of the program gets SIGTERM first, and so long to end.
  public var graceMilliseconds = 0
  /// What an evaluator sees of a run, read-only.
  var inspected: [Inspected] = []

  /// A folder whose regular files are copied by the safe walk and shown under the same path, or a
  /// layout that is shown there.
  struct Inspected: Sendable {
    var path: String
    var layout: SandboxLayout?
  }

  public init(command: [String], workDirectory: String, budget: SandboxBudget) {
    self.command = command
    self.workDirectory = workDirectory
    self.startDirectory = nil
    self.readOnly = []
    self.environment = []
    self.budget = budget
    self.input = nil
    self.channelLimitBytes = nil
    self.allowedWeaknesses = []
    self.collection = nil
    self.writesBack = true
    self.layout = nil
  }
}

/// Who takes what a program left that is too large to be held in memory. Only of a program that
/// ended well: of another such files are refused.
public struct LargeFiles: Sendable {
  /// Which files are to be held all the same, by path below the collection's source and size.
  public var holds: @Sendable (_ path: String, _ bytes: Int) -> Bool
  /// Takes a file piece by piece, an empty one being the end, and returns what
  /// `SandboxFile.keptAs` then says.
  public var keep: @Sendable (_ next: () throws -> [UInt8]) throws -> String

  public init(
    holds: @escaping @Sendable (_ path: String, _ bytes: Int) -> Bool,
    keep: @escaping @Sendable (_ next: () throws -> [UInt8]) throws -> String
  ) {
    self.holds = holds
    self.keep = keep
  }
}

/// A folder that a program finds again when it is started again: a file system of its own in a file
/// of this machine or, where none can be made, a folder that is looked at now and then.
public struct KeptFolder: Sendable, Hashable {
  /// Where it lies; made where it is missing, in a folder that is there. Nobody else may use it.
  public var place: String
  /// Where it is seen, inside.
  public var target: String
  public var bytes: Int

  public init(place: String, target: String, bytes: Int) {
    self.place = place
    self.target = target
    self.bytes = bytes
  }

  /// Removes what is kept at a place; missing is fine.
  public static func remove(_ place: String) { KeptDisk.remove(place) }
}

/// A file that a program writes, as it grows.
public struct SandboxWatch: Sendable {
  /// Relative to the working folder.
  public var path: String
  /// Gets what was appended since the last look; `true` ends the program.
  public var take: @Sendable ([UInt8]) -> Bool

  public init(path: String, take: @escaping @Sendable ([UInt8]) -> Bool) {
    self.path = path
    self.take = take
  }
}

/// Something of this machine under a path of its own inside.
public struct SandboxMount: Sendable, Hashable {
  public var source: String
  /// Absolute; nothing has to be there.
  public var target: String

  public init(source: String, target: String) {
    self.source = source
    self.target = target
  }
}

/// What to take from a dead run's working folder, and how much at most. Only regular files with one
/// link and a plain name are taken; everything else is named in `SandboxOutcome.refusedFiles`.
public struct SandboxCollection: Sendable, Hashable {
  /// The folder or file to take, relative to the working folder; `.` is all of it.
  public var source: String
  /// Whether the whole working folder is taken where `source` is missing; a `source` that is
  /// something else than a folder or file is refused in any case.
  public var takesAllWhereMissing = false
  /// Where to put the files on this machine, as `destination/<path below source>`; `nil` where only
  /// `SandboxOutcome.files` is wanted.
  public var destination: String?
  public var maximumBytes: Int
  public var maximumFiles: Int
  public var maximumDepth: Int
  public var maximumNameBytes: Int

  public init(
    source: String = "out", destination: String? = nil, maximumBytes: Int = 64 << 20,
    maximumFiles: Int = 5_000, maximumDepth: Int = 16, maximumNameBytes: Int = 200
  ) {
    self.source = source
    self.destination = destination
    self.maximumBytes = maximumBytes
    self.maximumFiles = maximumFiles
    self.maximumDepth = maximumDepth
    self.maximumNameBytes = maximumNameBytes
  }
}

/// Hard limits of one run.
public struct SandboxBudget: Sendable, Hashable {
  public var wallMilliseconds: Int
  public var cpuMilliseconds: Int
  public var memoryBytes: Int
  public var processes: Int
  public var diskBytes: Int
  public var inodes: Int
  public var logBytes: Int
  public var openFiles: Int
  /// CPUs at most used at once; 1.0 is one whole CPU.
  public var cpus: Double

  public init(
    wallMilliseconds: Int = 60_000, cpuMilliseconds: Int = 60_000,
    memoryBytes: Int = 512 << 20, processes: Int = 64, diskBytes: Int = 64 << 20,
    inodes: Int = 5_000, logBytes: Int = 8 << 20, openFiles: Int = 1_024, cpus: Double = 1
  ) {
    self.wallMilliseconds = wallMilliseconds
    self.cpuMilliseconds = cpuMilliseconds
    self.memoryBytes = memoryBytes
    self.processes = processes
    self.diskBytes = diskBytes
    self.inodes = inodes
    self.logBytes = logBytes
    self.openFiles = openFiles
    self.cpus = cpus
  }

  /// What each limit may be. Below, nothing could start; above, sums of limits could overflow.
  public enum Range {
    public static let wallMilliseconds = 1...366 * 86_400_000
    public static let cpuMilliseconds = 1...4_096 * 366 * 86_400_000
    public static let memoryBytes = (1 << 20)...(1 << 50)
    public static let processes = 4...(1 << 22)
    public static let diskBytes = (64 << 10)...(1 << 46)
    public static let inodes = 8...(1 << 31)
    public static let logBytes = 0...(1 << 36)
    public static let openFiles = 16...(1 << 20)
    public static let cpus = 0.01...4_096.0
  }
}
