// Where a run works: a file system of its own with the owner's files copied in, or the owner's
// folder itself where no such file system can be made.

import Base
import CSandbox
import Glibc

/// The working folder of one run, its temporary folder, and what it may inspect.
final class WorkSpace: Sendable {
  /// The file system of the run; `nil` where it works in a folder of this machine.
  let disk: RunDisk?
  /// The folder that the program sees as its working folder.
  let work: Descriptor
  /// Where that folder lies on this machine; empty where it is on a file system of its own.
  let workPath: String
  /// What was copied in.
  let copied: [String: CopiedFile]
  /// Copies of the inspected folders where there is no such file system, in their order.
  let inspected: [ScratchFolder]
  /// The folder of a layout where there is no such file system.
  private let scratch: ScratchFolder?

  /// What a safe copy of an inspected folder may take.
  static let inspectionBounds = SandboxCollection(
    source: ".", maximumBytes: 1 << 40, maximumFiles: 1 << 20, maximumDepth: 32,
    maximumNameBytes: 255)

  /// A file system of the budget's size, owned by `user`.
  init(_ specification: SandboxSpecification, _ kind: RunDisk.Kind, user: UInt32) throws {
    let needs = try specification.inspected.map { inspected in
      try inspected.layout.map(\.needs) ?? WorkSpace.measure(inspected.path)
    }
    let disk = try RunDisk(
      kind, budget: specification.budget.diskBytes, inodes: specification.budget.inodes,
      extraBytes: needs.reduce(0) { $0 + $1.bytes },
      extraInodes: needs.reduce(0) { $0 + $1.files + 1 })
    let root = disk.root.number
    work = try WorkSpace.makeFolder("work", in: root, mode: 0o755)
    _ = try WorkSpace.makeFolder("tmp", in: root, mode: 0o1777)
    for (number, inspected) in specification.inspected.enumerated() {
      let folder = try WorkSpace.makeFolder("inspected-\(number)", in: root, mode: 0o755)
      if let layout = inspected.layout {
        try LayoutWriter(root: folder, user: nil).write(layout)
      } else {
        try WorkSpace.copySafely(from: inspected.path, to: FolderWriter(root: folder))
      }
    }
    if let layout = specification.layout {
      try LayoutWriter(root: work, user: user).write(layout)
      copied = [:]
    } else {
      let source = try Descriptor.open(
        trusted: specification.workDirectory, O_RDONLY | O_DIRECTORY)
      var copy = TreeCopy(user: user)
      try copy.copy(from: source, to: work)
      copied = copy.files
    }
    fchown(work.number, user, user)
    try disk.fix()
    self.disk = disk
    workPath = ""
    inspected = []
    scratch = nil
  }

  /// A folder of this machine: the owner's itself, or one of ours for a layout.
  init(folder specification: SandboxSpecification) throws {
    disk = nil
    scratch = try specification.layout.map { layout in
      let scratch = try ScratchFolder()
      try LayoutWriter(root: scratch.open(), user: nil).write(layout)
      return scratch
    }
    workPath = scratch?.path ?? specification.workDirectory
    work = try Descriptor.open(trusted: workPath, O_RDONLY | O_DIRECTORY)
    copied = [:]
    inspected = try specification.inspected.map { inspected in
      let scratch = try ScratchFolder()
      if let layout = inspected.layout {
        try LayoutWriter(root: scratch.open(), user: nil).write(layout)
      } else {
        try WorkSpace.copySafely(
          from: inspected.path, to: FolderWriter(path: scratch.path))
      }
      return scratch
    }
  }

  private static func makeFolder(
    _ name: String, in root: Int32, mode: mode_t
  ) throws -> Descriptor {
    guard mkdirat(root, name, 0o755) == 0, fchmodat(root, name, mode, 0) == 0 else {
      throw SystemFailure(action: "cannot prepare the run's file system", code: errno).error
    }
    return try Descriptor(
      checking: csandbox_open_beneath(root, name, O_RDONLY | O_DIRECTORY, 0),
      "cannot open the run's file system")
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
