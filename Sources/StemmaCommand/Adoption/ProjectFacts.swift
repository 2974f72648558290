// What a folder of code shows of itself without being run: its virtual environment, lock files,
// the program that trains, configuration files. Guesses are ranked, and the others are named.

import Base
import Glibc
import Loop

/// What was found in a project.
struct ProjectFacts {
  /// The folder of a virtual environment or of conda, absolute.
  var environment: String?
  var locks: [String] = []
  /// Python programs that can be started, the likeliest first; relative.
  var programs: [String] = []
  /// Configuration files at the top, relative.
  var configurations: [String] = []
  /// Python sources, relative.
  var sources: [String] = []
  /// Links, which a captured tree cannot hold.
  var links: [String] = []

  private static let lockNames = [
    "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "conda-lock.yml", "environment.yml",
    "requirements.lock", "requirements.txt",
  ]
  private static let depthLimit = 4
  private static let sizeLimitBytes: Int = 1 << 20

  /// `environment` is that of this process: an activated environment is taken where the folder has
  /// none of its own.
  init(of folder: String, activated: [String?], leavesOut: (String) -> Bool) {
    environment = Self.environment(in: folder, activated: activated)
    locks = Self.lockNames.filter { Self.isFile(folder + "/" + $0) }
    var ranks: [(rank: Int, path: String)] = []
    Self.walk(folder, leavesOut: leavesOut) { path, isLink in
      if isLink { return links.append(path) }
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if !path.contains("/") || path.split(separator: "/").count == 2 {
        let endings = [".toml", ".json", ".yaml", ".yml"]
        let isConfiguration = ["config", "params", "hparams", "settings"].contains {
          name.lowercased().hasPrefix($0)
        }
        if isConfiguration, endings.contains(where: name.hasSuffix) { configurations.append(path) }
      }
      guard name.hasSuffix(".py") else { return }
      sources.append(path)
      if let rank = Self.rank(name, folder + "/" + path) {
        ranks.append((rank - path.split(separator: "/").count, path))
      }
    }
    programs = ranks.sorted { ($1.rank, $0.path) < ($0.rank, $1.path) }.map(\.path)
  }

  // MARK: Parts

  private static func environment(in folder: String, activated: [String?]) -> String? {
    let own = [".venv", "venv", "env", ".env"].map { folder + "/" + $0 }
    return (own + activated.compactMap(\.self)).first {
      isFile($0 + "/bin/python") || isFile($0 + "/bin/python3")
    }
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// How much a file looks like the program that trains; `nil` where it is none at all.
  private static func rank(_ name: String, _ path: String) -> Int? {
    guard let text = try? TextFile.read(path), text.utf8.count <= sizeLimitBytes,
      text.contains("__main__") || text.contains("parse_args(")
    else { return nil }
    let names = [("train", 40), ("main", 30), ("run", 20), ("fit", 20), ("experiment", 20)]
    let rank = names.first { name.lowercased().hasPrefix($0.0) }?.1 ?? 0
    let isTest = name.hasPrefix("test_") || name.hasPrefix("setup") || name.hasPrefix("conf")
    return rank + (text.contains("parse_args(") ? 10 : 0) - (isTest ? 100 : 0)
  }

  /// Every regular file, but for hidden folders and what is left out.
  private static func walk(
    _ folder: String, _ prefix: String = "", leavesOut: (String) -> Bool,
    _ tell: (String, _ isLink: Bool) -> Void
  ) {
    guard prefix.split(separator: "/").count < depthLimit,
      let names = try? TreeFolder.names(in: folder + "/" + prefix)
    else { return }
    for name in names where !name.hasPrefix(".") {
      let path = prefix.isEmpty ? name : prefix + "/" + name
      guard !leavesOut(path) else { continue }
      var status = stat()
      guard lstat(folder + "/" + path, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: walk(folder, path, leavesOut: leavesOut, tell)
      case S_IFREG: tell(path, false)
      case S_IFLNK: tell(path, true)
      default: break
      }
    }
  }
}
