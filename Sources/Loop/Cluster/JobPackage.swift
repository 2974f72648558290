// The folder through which one job and the loop talk: an order goes in, a result comes out. Both
// appear whole, by renaming, and neither side changes what the other wrote.

import Base
import Glibc
import Sandbox

/// One package on shared storage.
struct JobPackage {
  static let textLimitBytes = 64 << 20
  /// The most that a package brings back of a run's files: the loop has them in memory at once.
  static let outputLimitBytes = 256 << 20

  /// Absolute; the inputs that its campaign's packages share lie beside it.
  let path: String

  var name: String { String(path.split(separator: "/").last ?? "") }
  private var orderPath: String { path + "/order.json" }
  private var resultPath: String { path + "/result.json" }
  private var jobPath: String { path + "/job" }
  private var claimPath: String { path + "/claim" }
  /// What the job prints, which is nothing unless it fails.
  var logPath: String { path + "/job.log" }
  var results: FolderObjects { FolderObjects(directory: path + "/objects") }
  var inputs: FolderObjects {
    FolderObjects(directory: FilePaths.parent(of: path) + "/objects")
  }
  /// What attempts keep: one name per run, beside the packages of its campaign.
  var keptFolder: String { FilePaths.parent(of: path) + "/" + Self.keptName }
  static let keptName = "resume"
  /// Where a node lays out evaluators.
  var workspace: String { path + "/work" }

  var exists: Bool { FilePaths.kind(of: path) == .directory }

  // MARK: The loop's side

  /// Writes the order with the trees that it names; they are taken from `source`.
  func write(_ order: JobOrder, from source: some ObjectStore) throws {
    try TreeFolder.makeFolders(inputs.directory)
    for hash in order.trees {
      let manifest = try source.load(hash)
      for file in try Tree(manifest: manifest).files {
        guard FilePaths.kind(of: inputs.directory + "/" + file.hash) == .missing else { continue }
        _ = try inputs.store(source.load(file.hash))
      }
      _ = try inputs.store(manifest)
    }
    for hash in order.objects { _ = try inputs.store(source.load(hash)) }
    let fresh = path + ".partial"
    FolderRemoval.remove(fresh)
    try TreeFolder.makeFolders(fresh + "/objects")
    try FileBytes.write(order.bytes, to: fresh + "/order.json", mode: 0o600)
    guard rename(fresh, path) == 0 else { throw FileBytes.unwritable(path, errno) }
  }

  /// Remembers which job has the package.
  func note(job: String) throws {
    try FileBytes.write(Array(job.utf8), to: jobPath, mode: 0o600)
  }

  /// The job that was submitted for it, or that said that it carries it out.
  var job: String? { Self.word(jobPath) ?? claim }

  /// The job that carries it out; `nil` before one started.
  var claim: String? { Self.word(claimPath) }

  /// The result, once it is there. Throws where it is not the answer to `order`.
  func result(of order: JobOrder) throws -> JobResult? {
    // Shared storage may keep a look at a folder for a while; listing it looks again.
    if FilePaths.kind(of: resultPath) == .missing { _ = try? TreeFolder.names(in: path) }
    guard FilePaths.kind(of: resultPath) == .file else { return nil }
    let bytes = try FileBytes.read(resultPath, limitBytes: Self.textLimitBytes)
    let result = try JobResult(bytes, objects: results)
    guard result.order == SHA256.hash(order.bytes).hex else {
      throw StemmaError(
        .sandboxFailed, "the result in \(path) answers another order",
        advice: "Remove the folder; the same `stemma loop run` submits it again.")
    }
    return result
  }

  func remove() { FolderRemoval.remove(path) }

  // MARK: The node's side

  func order() throws -> JobOrder {
    try JobOrder(FileBytes.read(orderPath, limitBytes: Self.textLimitBytes))
  }

  /// Says that a job carries the package out; false where another one does. A job that was queued
  /// again by Slurm comes with the same number, and its first life is over then.
  func claim(for job: String) throws -> Bool {
    let descriptor = open(claimPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      guard errno == EEXIST else { throw FileBytes.unwritable(claimPath, errno) }
      return claim == job
    }
    defer { close(descriptor) }
    try FileBytes.writeAll(Array(job.utf8), to: descriptor, path: claimPath)
    return true
  }

  func finish(_ result: JobResult) throws {
    try FileBytes.write(try result.bytes(storing: results), to: resultPath, mode: 0o600)
  }

  private static func word(_ path: String) -> String? {
    guard let bytes = try? FileBytes.read(path, limitBytes: 256), !bytes.isEmpty else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
      .map(String.init)
  }
}
