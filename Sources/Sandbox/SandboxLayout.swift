// What a folder of a sandbox starts with, as values instead of a folder of this machine: files that
// are written straight into the run's own file system. It must never follow a link on the way.

import Base
import CSandbox
import Glibc

/// Files and folders that a sandboxed folder starts with.
public struct SandboxLayout: Sendable {
  public struct File: Sendable {
    /// Relative, `/` between parts, no `.` or `..`.
    public var path: String
    public var isExecutable: Bool
    public var byteCount: Int
    /// Gives the content, in pieces, when the file is written: a large layout is never whole in
    /// memory.
    public var load: @Sendable (_ take: ([UInt8]) throws -> Void) throws -> Void

    public init(
      path: String, isExecutable: Bool, byteCount: Int,
      load: @escaping @Sendable (_ take: ([UInt8]) throws -> Void) throws -> Void
    ) {
      self.path = path
      self.isExecutable = isExecutable
      self.byteCount = byteCount
      self.load = load
    }
  }

  public var files: [File]
  /// Folders that are made even where no file is in them.
  public var folders: [String]

  public init(files: [File], folders: [String] = []) {
    self.files = files
    self.folders = folders
  }

  /// Bytes in whole blocks, and names, that the layout takes at most.
  var needs: (bytes: Int, files: Int) {
    var bytes = 0
    var names = folders.reduce(0) { $0 + SandboxLayout.parts($1).count }
    for file in files {
      bytes += (file.byteCount + 8_191) / 4_096 * 4_096
      names += SandboxLayout.parts(file.path).count
    }
    return (bytes, names)
  }

  static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
}

/// Writes a layout below a folder of a run, owned by the run's user.
struct LayoutWriter {
  let root: Descriptor
  /// `nil` leaves what is made to ourselves.
  let user: UInt32?

  func write(_ layout: SandboxLayout) throws {
    for path in layout.folders { _ = try folder(SandboxLayout.parts(path)[...], of: path) }
    for file in layout.files {
      let parts = SandboxLayout.parts(file.path)
      guard let name = parts.last, name != "..", name != "." else { throw odd(file.path) }
      let folder = try folder(parts.dropLast(), of: file.path)
      let number = csandbox_open_beneath(
        folder.number, String(name), O_WRONLY | O_CREAT | O_EXCL, 0o600)
      guard number >= 0 else { throw failure(file.path, -number) }
      let output = Descriptor(number)
      try file.load { piece in
        let code = output.writeAll(piece)
        guard code == 0 else { throw failure(file.path, code) }
      }
      fchmod(number, file.isExecutable ? 0o755 : 0o644)
      own(number)
    }
  }

  /// The folder of these parts, made where it is missing.
  private func folder(_ parts: ArraySlice<Substring>, of path: String) throws -> Descriptor {
    var folder = root
    for part in parts {
      guard part != "..", part != "." else { throw odd(path) }
      let name = String(part)
      let isNew = mkdirat(folder.number, name, 0o755) == 0
      let refusal = isNew || errno == EEXIST ? 0 : errno
      let number = csandbox_open_beneath(folder.number, name, O_RDONLY | O_DIRECTORY, 0)
      guard number >= 0 else { throw failure(path, refusal == 0 ? -number : refusal) }
      folder = Descriptor(number)
      if isNew { own(number) }
    }
    return folder
  }

  private func own(_ number: Int32) {
    if let user { fchown(number, user, user) }
  }

  private func odd(_ path: String) -> StemmaError {
    StemmaError(.argumentInvalid, "'\(path)' cannot be a path in a sandbox")
  }

  private func failure(_ path: String, _ code: Int32) -> StemmaError {
    guard code == ENOSPC else {
      return SystemFailure(action: "cannot write \(path) into the sandbox", code: code).error
    }
    return SandboxLayout.tooLarge(path)
  }
}

extension SandboxLayout {
  /// What a run starts with has to fit into what it may hold.
  static func tooLarge(_ path: String) -> StemmaError {
    StemmaError(
      .argumentInvalid, "the working folder does not fit into the disk budget",
      at: .file(path: path, line: nil, column: nil),
      advice: "Give more disk or inodes, or mount large inputs read-only.")
  }
}
