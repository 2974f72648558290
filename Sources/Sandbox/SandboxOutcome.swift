// What the runner itself saw of a sandboxed program. Nothing in here is the program's own word.

/// How a sandboxed program ended and what it used.
public struct SandboxOutcome: Sendable {
  public enum Status: String, Sendable, Hashable {
    /// It exited by itself; see `exitCode`.
    case exited
    /// A signal that was not ours ended it; see `signal`.
    case signalled
    /// A budget ended it; see `exceeded`.
    case killed
    /// The caller cancelled it.
    case cancelled
    /// What it wrote into the watched file ended it, by the caller's rule.
    case stopped
    /// The sandbox itself failed: our fault or the machine's, never the program's.
    case failed
  }

  public enum Budget: String, Sendable, Hashable {
    case wall, cpu, memory, processes, disk, inodes, log
  }

  public var status: Status
  public var exitCode: Int32?
  public var signal: Int32?
  public var exceeded: Budget?
  /// One sentence for `failed` and `killed`.
  public var message: String?
  public var wallMilliseconds: Int
  public var cpuMilliseconds: Int
  public var memoryPeakBytes: Int
  public var processesPeak: Int?
  /// The most that was seen on the disk.
  public var diskBytes: Int
  public var logBytes: Int
  public var logDroppedBytes: Int
  /// Standard output and error, interleaved as they came, head and tail kept.
  public var log: [UInt8]
  /// What came through the channel, where there was one.
  public var channel: [UInt8]
  /// Whether the channel carried more than its limit; then `channel` holds only the head.
  public var channelOverflowed: Bool
  /// What the collection took, by path below its source, in byte order of the paths.
  public var files: [SandboxFile]
  /// What the collection left, and why: a link, a pipe, too large, an odd name. Of very many the
  /// last says how many more there are.
  public var refusedFiles: [(path: String, reason: String)]
  /// Guards that were in force and how, for example `memory: cgroup-v1`.
  public var guards: [(name: String, mechanism: String)]

  public init(status: Status) {
    self.status = status
    self.wallMilliseconds = 0
    self.cpuMilliseconds = 0
    self.memoryPeakBytes = 0
    self.diskBytes = 0
    self.logBytes = 0
    self.logDroppedBytes = 0
    self.log = []
    self.channel = []
    self.channelOverflowed = false
    self.files = []
    self.refusedFiles = []
    self.guards = []
  }
}

/// One file that a run left behind.
public struct SandboxFile: Sendable, Hashable {
  /// Relative to the collection's source, `/` between parts.
  public var path: String
  /// Empty where the collection had a destination: then the file is there. Empty also where
  /// `keptAs` is not `nil`.
  public var bytes: [UInt8]
  public var byteCount: Int
  public var isExecutable: Bool
  /// What `LargeFiles.keep` returned for it.
  public var keptAs: String?

  public init(path: String, bytes: [UInt8], byteCount: Int, isExecutable: Bool) {
    self.path = path
    self.bytes = bytes
    self.byteCount = byteCount
    self.isExecutable = isExecutable
  }
}
