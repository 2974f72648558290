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
  /// What a captured tree cannot hold or should not, with the reason.
  var leftOut: [(path: String, reason: String)] = []
  /// What is left for the tree.
  var fileCount = 0
  var byteCount = 0

  private static let lockNames = [
    "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "conda-lock.yml", "environment.yml",
    "requirements.lock", "requirements.txt",
  ]
  private static let depthLimit = 4
  private static let sizeLimitBytes: Int = 1 << 20
  /// Larger files are data, which is mounted where it is asked for and not copied with every tree.
  private static let captureLimitBytes = 100 << 20
  /// Never code: what git, Python and ourselves keep.
  private static let passedOver: Set<String> = [".git", ".stemma", "__pycache__"]

  /// `environment` is that of this process: an activated environment is taken where the folder has
  /// none of its own.
  /// Throws where a name is not UTF-8 or a folder cannot be read.
  init(of folder: String, activated: [String?], leavesOut: (String) -> Bool) throws {
    let environment = Self.environment(in: folder, activated: activated)
    self.environment = environment
    locks = Self.lockNames.filter { Self.isFile(folder + "/" + $0) }
    var ranks: [(rank: Int, path: String)] = []
    func leaves(_ path: String) -> Bool {
      leavesOut(path) || folder + "/" + path == environment
    }
    try Self.walk(folder, leavesOut: leaves) { path, status in
      if let reason = Self.reasonToLeaveOut(path, status) { return leftOut.append((path, reason)) }
      fileCount += 1
      byteCount += Int(status.st_size)
      let parts = path.split(separator: "/")
      let name = parts.last.map(String.init) ?? path
      guard !parts.contains(where: { $0.hasPrefix(".") }), parts.count <= Self.depthLimit else {
        return
      }
      if parts.count <= 2 {
        let endings = [".toml", ".json", ".yaml", ".yml"]
        let isConfiguration = ["config", "params", "hparams", "settings"].contains {
          name.lowercased().hasPrefix($0)
        }
        if isConfiguration, endings.contains(where: name.hasSuffix) { configurations.append(path) }
      }
      guard name.hasSuffix(".py") else { return }
      sources.append(path)
      if let rank = Self.rank(name, folder + "/" + path) {
        ranks.append((rank - parts.count, path))
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

  private static func reasonToLeaveOut(_ path: String, _ status: stat) -> String? {
    switch status.st_mode & S_IFMT {
    case S_IFLNK: return "is a link, and left out"
    case S_IFREG: break
    default: return "is a special file, and left out"
    }
    guard TreePath.isValid(path) else { return "has an odd name, and is left out" }
    guard Int(status.st_size) > captureLimitBytes else { return nil }
    return "has \(status.st_size >> 20) MiB, and is left out of the source"
  }

  /// How much a file looks like the program that trains; `nil` where it is none at all.
  private static func rank(_ name: String, _ path: String) -> Int? {
    guard let text = try? TextFile.read(path), text.utf8.count <= sizeLimitBytes else { return nil }
    let names = [("train", 40), ("main", 30), ("run", 20), ("fit", 20), ("experiment", 20)]
    let named = names.first { name.lowercased().hasPrefix($0.0) }?.1 ?? 0
    guard text.contains("__main__") || text.contains("parse_args(") else {
      // Its name says so, and it works as soon as it is started.
      return named > 0 && worksAtItsTop(text) ? named / 2 : nil
    }
    let isTest = name.hasPrefix("test_") || name.hasPrefix("setup") || name.hasPrefix("conf")
    return named + (text.contains("parse_args(") ? 10 : 0) - (isTest ? 100 : 0)
  }

  /// Whether a module does something outside its functions: a loop or a call at its left margin.
  private static func worksAtItsTop(_ text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      let word = line.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
      return ["for", "while", "with"].contains(word)
        || !word.isEmpty && line.dropFirst(word.count).first == "("
    }
  }

  /// Everything that is no folder, but for what is left out.
  private static func walk(
    _ folder: String, _ prefix: String = "", leavesOut: (String) -> Bool,
    _ tell: (String, stat) -> Void
  ) throws {
    for name in try TreeFolder.names(in: prefix.isEmpty ? folder : folder + "/" + prefix)
    where !passedOver.contains(name) {
      let path = prefix.isEmpty ? name : prefix + "/" + name
      guard !leavesOut(path) else { continue }
      var status = stat()
      guard lstat(folder + "/" + path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        try walk(folder, path, leavesOut: leavesOut, tell)
      } else {
        tell(path, status)
      }
    }
  }
}
