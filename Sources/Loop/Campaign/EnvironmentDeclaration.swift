// What runs and evaluations are carried out with besides the system's programs: a virtual
// environment, its locks, an image, modules. It says what is mounted and which variables are set;
// it never starts anything of it.

import Base
import Glibc
import Sandbox

/// The programs and packages of a campaign, fixed for all of its runs.
public struct EnvironmentDeclaration: Sendable, Hashable {
  /// The folder of a virtual environment (venv, uv) or of conda, absolute; mounted read-only.
  public var folder: String?
  /// Lock files, absolute: hashed, not mounted.
  public var locks: [String] = []
  /// The digest of the container image that the runner works in.
  public var image: String?
  /// Modules of the cluster that are loaded, as `name/version`.
  public var modules: [String] = []

  /// `venv`, `conda`, `image`, `modules`, or `system`.
  var kind: String {
    if let folder {
      return FilePaths.kind(of: folder + "/conda-meta") == .directory ? "conda" : "venv"
    }
    return image != nil ? "image" : modules.isEmpty ? "system" : "modules"
  }

  /// Its programs come first.
  var variables: [(name: String, value: String)] {
    guard let folder else { return [] }
    let path = RunOrders.base.first { $0.name == "PATH" }?.value ?? ""
    let name = kind == "conda" ? "CONDA_PREFIX" : "VIRTUAL_ENV"
    return [(name: "PATH", value: "\(folder)/bin:\(path)"), (name: name, value: folder)]
  }

  /// The folder and the interpreters that it stands on, under the paths by which its links and
  /// scripts know them.
  var mounts: [SandboxMount] {
    guard let folder else { return [] }
    return [SandboxMount(source: folder, target: folder)]
      + Self.bases(of: folder).map { SandboxMount(source: $0, target: $0) }
  }

  /// A program of the environment where it has one of that name, else the name.
  func program(_ name: String) -> String {
    let inside = folder.map { "\($0)/bin/\(name)" } ?? ""
    return !name.contains("/") && FilePaths.isExecutable(inside) ? inside : name
  }

  // MARK: What a virtual environment stands on

  private static let linkLimit = 16

  /// Installations outside the folder and outside the system's folders that its interpreter leads
  /// to, as the names along the links say them.
  static func bases(of folder: String) -> [String] {
    var programs: [String] = []
    var path = folder + "/bin/python"
    if FilePaths.kind(of: path) != .file { path = folder + "/bin/python3" }
    for _ in 0..<linkLimit {
      guard let target = try? FilePaths.linkTarget(path) else { break }
      path = FilePaths.absolute(
        String(decoding: target, as: UTF8.self), in: FilePaths.parent(of: path))
      programs.append(path)
    }
    // Folders on the way may be links as well; the interpreter looks for itself at the end of all.
    if let real = realpath(folder + "/bin/python3", nil) {
      programs.append(String(cString: real))
      free(real)
    }
    var bases: [String] = []
    for program in programs {
      let base = FilePaths.parent(of: FilePaths.parent(of: program))
      let isKnown = (Sandbox.systemFolders + [folder] + bases).contains {
        FilePaths.contains($0, base)
      }
      if !isKnown, isInstallation(base), !FilePaths.contains(base, folder) { bases.append(base) }
    }
    return bases
  }

  /// A folder with programs and libraries of its own; never a home folder with a `bin` in it.
  private static func isInstallation(_ path: String) -> Bool {
    let names = (try? TreeFolder.names(in: path + "/lib")) ?? []
    return names.contains { $0.hasPrefix("python3") }
  }
}
