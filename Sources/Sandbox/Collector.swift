// Takes the files of a dead run: into memory, into a folder, or back into the owner's working
// folder. It writes only below folders that it opened itself, without following links on either
// side.

import Base
import CSandbox
import Glibc

enum Collector {
  /// Collects by the specification's wish; see `SandboxCollection`.
  static func collect(
    _ collection: SandboxCollection, from work: Descriptor, to target: FolderWriter?,
    skipping skips: @escaping (String) -> Bool = { _ in false },
    into outcome: inout SandboxOutcome
  ) {
    var files: [SandboxFile] = []
    var walk = CollectionWalk(bounds: collection, skipping: skips) { found in
      guard let file = found.open() else { return "could not be opened" }
      if let target {
        guard target.write(file, found) else { return "could not be written" }
        files.append(
          SandboxFile(
            path: found.path, bytes: [], byteCount: found.bytes, isExecutable: found.isExecutable))
      } else {
        guard let bytes = file.readAll(limit: found.bytes) else { return "could not be read" }
        files.append(
          SandboxFile(
            path: found.path, bytes: bytes, byteCount: bytes.count,
            isExecutable: found.isExecutable))
      }
      return nil
    }
    walk.walk(below: work)
    outcome.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    outcome.refusedFiles = walk.refused
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
    for refusal in walk.refused where outcome.refusedFiles.count < CollectionWalk.maximumRefusals {
      outcome.refusedFiles.append(refusal)
    }
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
