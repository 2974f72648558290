// Where a run works: a file system of its own with the owner's files copied in, or the owner's
// folder itself where no such file system can be made.

import Base
import CSandbox
import Glibc

/// The working folder of one run, its temporary folder, and what it may inspect.
final class WorkSpace: Sendable {
  /// The file system of the run; `nil` where it works in the owner's folder.
  let image: DiskImage?
  /// The folder that the program sees as its working folder.
  let work: Descriptor
  /// What was copied in.
  let copied: [String: CopiedFile]
  /// Copies of the inspected folders where there is no image, in their order.
  let inspected: [ScratchFolder]

  /// What a safe copy of an inspected folder may take.
  static let inspectionBounds = SandboxCollection(
    source: ".", maximumBytes: 1 << 40, maximumFiles: 1 << 20, maximumDepth: 32,
    maximumNameBytes: 255)

  /// A file system of the budget's size, owned by `user`.
  init(_ specification: SandboxSpecification, user: UInt32) throws {
    let needs = try specification.inspected.map(WorkSpace.measure)
    let image = try DiskImage(
      budget: specification.budget.diskBytes, inodes: specification.budget.inodes,
      extraBytes: needs.reduce(0) { $0 + $1.bytes }, extraInodes: needs.reduce(0) { $0 + $1.files })
    let root = image.root.number
    let source = try Descriptor.open(
      trusted: specification.workDirectory, O_RDONLY | O_DIRECTORY)
    try WorkSpace.makeFolder("work", in: root, mode: 0o755)
    try WorkSpace.makeFolder("tmp", in: root, mode: 0o1777)
    for (number, path) in specification.inspected.enumerated() {
      try WorkSpace.makeFolder("inspected-\(number)", in: root, mode: 0o755)
      try WorkSpace.copySafely(
        from: path,
        to: FolderWriter(
          root: Descriptor(
            checking: csandbox_open_beneath(root, "inspected-\(number)", O_RDONLY | O_DIRECTORY, 0),
            "cannot open the disk image")))
    }
    work = try Descriptor(
      checking: csandbox_open_beneath(root, "work", O_RDONLY | O_DIRECTORY, 0),
      "cannot open the disk image")
    var copy = TreeCopy(user: user)
    try copy.copy(from: source, to: work)
    fchown(work.number, user, user)
    unlinkat(root, "lost+found", AT_REMOVEDIR)
    try image.fix()
    self.image = image
    copied = copy.files
    inspected = []
  }

  /// The owner's folder itself.
  init(folder specification: SandboxSpecification) throws {
    image = nil
    work = try Descriptor.open(
      trusted: specification.workDirectory, O_RDONLY | O_DIRECTORY)
    copied = [:]
    inspected = try specification.inspected.map { path in
      let scratch = try ScratchFolder()
      try WorkSpace.copySafely(from: path, to: FolderWriter(path: scratch.path))
      return scratch
    }
  }

  private static func makeFolder(_ name: String, in root: Int32, mode: mode_t) throws {
    guard mkdirat(root, name, 0o755) == 0, fchmodat(root, name, mode, 0) == 0 else {
      throw SystemFailure(action: "cannot prepare the disk image", code: errno).error
    }
  }

  /// Bytes in whole blocks, and files, that a safe copy would take.
  private static func measure(_ path: String) throws -> (bytes: Int, files: Int) {
    var bytes = 1 << 20
    var files = 4
    let folder = try Descriptor.open(trusted: path, O_RDONLY | O_DIRECTORY)
    var walk = CollectionWalk(bounds: inspectionBounds) { found in
      bytes += (found.bytes + 8_191) / 4_096 * 4_096
      // Each file may bring folders of its own.
      files += 1 + found.path.utf8.count(where: { $0 == UInt8(ascii: "/") })
      return nil
    }
    walk.walk(below: folder)
    return (bytes, files)
  }

  private static func copySafely(from path: String, to writer: FolderWriter) throws {
    let folder = try Descriptor.open(trusted: path, O_RDONLY | O_DIRECTORY)
    var failure: String?
    var walk = CollectionWalk(bounds: inspectionBounds) { found in
      guard let file = found.open(), writer.write(file, found) else {
        failure = found.path
        return "could not be copied"
      }
      return nil
    }
    walk.walk(below: folder)
    if let failure {
      throw StemmaError(.sandboxFailed, "\(failure) could not be copied for the evaluator")
    }
  }
}
