// Copies of stores through the façade: backup, restore, repair, compaction, and what a store takes.

public import Base
import Graph
import Store

/// What a copy of a store came to.
public struct CopyReport: Sendable, Hashable {
  /// The last transaction that the copy held before, and holds now.
  public var lastBefore: Int
  public var last: Int
  public var objectsCopied: Int
  public var objectBytesCopied: Int
  /// Objects that the copy had already.
  public var objectsKept: Int
  /// Objects whose bytes do not have their hash, which were left out.
  public var damagedObjects: [String]
  /// What was lost and why, where the log could not be read to its end.
  public var loss: String?
  /// What objects could not be read at all, and why.
  public var lostObjects: String?
}

/// Where the space of a store goes, and who reads it.
public struct UsageReport: Sendable, Hashable {
  public struct Table: Sendable, Hashable {
    public var name: String
    public var entries: Int
    public var bytes: Int
  }

  public struct Reader: Sendable, Hashable {
    public var process: Int
    /// Commits since its snapshot, whose old pages it keeps; `nil` where it is idle.
    public var commitsBehind: Int?
    /// Its snapshot is of this moment or older: each commit since had a transaction at least.
    public var isNoNewerThan: Timestamp?
  }

  public var tables: [Table]
  public var fileBytes: Int
  public var freeBytes: Int
  public var objects: Int
  public var objectBytes: Int
  public var readers: [Reader]
  /// False where this user or medium does not let us see readers.
  public var seesReaders: Bool
}

extension Database {
  /// Brings the backup in the folder `target` up to date, or makes it. A backup is a store.
  public func backUp(
    to target: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> CopyReport {
    CopyReport(try graph.backUp(to: target, progress: progress))
  }

  /// Makes a store in `target` from a backup, which stays as it is; up to a transaction or whole.
  public static func restore(
    from backup: String, to target: String, upTo end: TransactionNumber? = nil,
    surroundings: Surroundings, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> CopyReport {
    CopyReport(
      try Graph.restore(
        from: backup, to: target, upTo: end, surroundings: surroundings, progress: progress))
  }

  /// Makes a store in `target` from the log of a damaged one, which is never touched. With
  /// `allowsLoss` it ends where the log cannot be read on; otherwise that is an error.
  public static func repair(
    from source: String, into target: String, allowsLoss: Bool = false,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> CopyReport {
    CopyReport(
      try Graph.rebuild(from: source, into: target, allowsLoss: allowsLoss, progress: progress))
  }

  /// Gives free pages back to the disk; nobody else may have the store open. Returns the bytes
  /// that the file took before and takes now.
  public static func compact(at path: String) throws -> (before: Int, after: Int) {
    try Store.compact(at: path)
  }

  /// Brings a store of an older format to the newest; nobody else may have it open. Returns the
  /// name under which the old file is kept, or `nil` where there was nothing to do.
  public static func upgrade(
    at path: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> String? {
    try Graph.upgrade(at: path, progress: progress)
  }

  /// Where the space goes and who reads.
  public func usage() throws -> UsageReport {
    let usage = try graph.store.usage()
    let last = try graph.lastTransaction().rawValue
    let readers = try usage.readers.map { reader in
      let transaction = reader.commitsBehind.flatMap { behind in
        behind > 0 && behind < last ? TransactionNumber(last - UInt64(behind)) : nil
      }
      return UsageReport.Reader(
        process: reader.process, commitsBehind: reader.commitsBehind,
        isNoNewerThan: try transaction.map { try graph.read(at: $0) { $0.committedAt } })
    }
    return UsageReport(
      tables: usage.tables.map { .init(name: $0.name, entries: $0.entries, bytes: $0.bytes) },
      fileBytes: usage.fileBytes, freeBytes: usage.freeBytes, objects: usage.objects,
      objectBytes: usage.objectBytes,
      readers: readers, seesReaders: usage.seesReaders)
  }
}

extension CopyReport {
  init(_ outcome: CopyOutcome) {
    self.init(
      lastBefore: Int(clamping: outcome.before), last: Int(clamping: outcome.last),
      objectsCopied: outcome.objects.copied, objectBytesCopied: outcome.objects.copiedBytes,
      objectsKept: outcome.objects.kept, damagedObjects: outcome.objects.damaged,
      loss: outcome.loss, lostObjects: outcome.lostObjects)
  }
}
