// Takes the files of a dead run: into memory, into a folder, or back into the owner's working
// folder. It writes only below folders that it opened itself, without following links on either
// side.

import Base
import CSandbox
import Glibc

enum Collector {
  /// Files from this size on are large, and so are all once so much is held.
  static let largeBytes = 1 << 20
  private static let heldBytes = 64 << 20

  /// Collects by the specification's wish; see `SandboxCollection`. Throws what `large` throws.
  static func collect(
    _ collection: SandboxCollection, from work: Descriptor, to target: FolderWriter?,
    large: LargeFiles? = nil, skipping skips: @escaping (String) -> Bool = { _ in false },
    into outcome: inout SandboxOutcome
  ) throws {
    var files: [SandboxFile] = []
    var held = 0
    var failure: (any Error)?
    let endedWell = outcome.status == .exited && outcome.exitCode == 0
    var walk = CollectionWalk(bounds: collection, skipping: skips) { found in
      if failure != nil { return "not looked at" }
      guard let file = found.open() else { return "could not be opened" }
      let isLarge = found.bytes >= largeBytes || held + found.bytes > heldBytes
      var taken = SandboxFile(
        path: found.path, bytes: [], byteCount: found.bytes, isExecutable: found.isExecutable)
      if let target {
        guard target.write(file, found) else { return "could not be written" }
      } else if let large, isLarge, !large.holds(found.path, found.bytes) {
        guard endedWell else { return "\(found.bytes) bytes of a program that did not end well" }
        do { taken.keptAs = try keep(file, found.bytes, large) } catch { failure = error }
      } else {
        guard let bytes = file.readAll(limit: found.bytes), bytes.count == found.bytes else {
          return "could not be read"
        }
        taken.bytes = bytes
        held += bytes.count
      }
      files.append(taken)
      return nil
    }
    walk.walk(below: work)
    if let failure { throw failure }
    outcome.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    outcome.refusedFiles = walk.refusals
  }

  /// Hands a file on in pieces.
  private static func keep(
    _ file: Descriptor, _ bytes: Int, _ large: LargeFiles
  ) throws -> String {
    var left = bytes
    return try large.keep {
      guard left > 0 else { return [] }
      guard let piece = file.readAll(limit: min(left, largeBytes)), !piece.isEmpty else {
        throw SystemFailure(action: "cannot read what a run left", code: EIO).error
      }
      left -= piece.count
      return piece
    }
  }

  /// Brings changed files back to `target` and removes those that were copied in and are gone.
  static func writeBack(
    from work: Descriptor, to writer: FolderWriter, copied: [String: CopiedFile],
    budget: SandboxBudget, into outcome: inout SandboxOutcome
  ) {
    var seen: Set<String> = []
    let bounds = SandboxCollection(
      source: ".", maximumBytes: budget.diskBytes, maximumFiles: budget.inodes,
      maximumDepth: TreeCopy.maximumDepth, maximumNameBytes: 255)
    var walk = CollectionWalk(bounds: bounds) { found in
      seen.insert(found.path)
      let now = CopiedFile(bytes: found.bytes, modifiedNanoseconds: found.modifiedNanoseconds)
      if copied[found.path] == now { return nil }
      guard let file = found.open() else { return "could not be opened" }
      return writer.write(file, found) ? nil : "could not be written"
    }
    walk.walk(below: work)
    for path in copied.keys where !seen.contains(path) { writer.remove(path) }
    outcome.refusedFiles += walk.refusals
  }
}

/// Writes files below one folder.
struct FolderWriter {
  private let root: Descriptor

  /// Writes below a folder that is open.
  init(root: Descriptor) { self.root = root }

  /// Opens the folder and makes it, with the folders above, where it is missing.
  init(path: String) throws {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/" + part
      mkdir(made, 0o755)
    }
    root = try Descriptor.open(trusted: path, O_RDONLY | O_DIRECTORY)
  }

  /// The folder of a path below the root, made where asked; never through a link.
  private func folder(of parts: ArraySlice<Substring>, makes: Bool) -> Descriptor? {
    var folder = root
    for part in parts {
      let name = String(part)
      if makes { mkdirat(folder.number, name, 0o755) }
      let number = csandbox_open_beneath(folder.number, name, O_RDONLY | O_DIRECTORY, 0)
      guard number >= 0 else { return nil }
      folder = Descriptor(number)
    }
    return folder
  }

  /// Copies an open file to a fresh name and renames it into place.
  func write(_ file: Descriptor, _ found: FoundFile) -> Bool {
    let parts = found.path.split(separator: "/")
    guard let name = parts.last.map(String.init),
      let folder = folder(of: parts.dropLast(), makes: true)
    else { return false }
    let fresh = ".stemma-\(getpid())-\(MonotonicClock.nanoseconds())"
    let number = csandbox_open_beneath(folder.number, fresh, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard number >= 0 else { return false }
    let output = Descriptor(number)
    let copied = csandbox_copy_file(file.number, number, UInt64(found.bytes))
    fchmod(number, found.isExecutable ? 0o755 : 0o644)
    var status = stat()
    fstat(file.number, &status)
    futimens(number, [status.st_atim, status.st_mtim])
    _ = output
    guard copied == Int64(found.bytes), renameat(folder.number, fresh, folder.number, name) == 0
    else {
      unlinkat(folder.number, fresh, 0)
      return false
    }
    return true
  }

  func remove(_ path: String) {
    let parts = path.split(separator: "/")
    guard let name = parts.last.map(String.init),
      let folder = folder(of: parts.dropLast(), makes: false)
    else { return }
    unlinkat(folder.number, name, 0)
  }
}
