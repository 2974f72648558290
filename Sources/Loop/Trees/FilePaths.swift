// Paths as texts: absolute forms, containment. Nothing here follows links or opens files.

import Glibc

enum FilePaths {
  enum Kind { case file, directory, other, missing }

  static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    default: return .other
    }
  }

  static func currentDirectory() -> String {
    var buffer = [CChar](repeating: 0, count: 4_097)
    guard getcwd(&buffer, buffer.count) != nil else { return "/" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The folders in which programs are looked for.
  static func searchPath() -> [String] {
    guard let value = getenv("PATH") else { return ["/usr/local/bin", "/usr/bin", "/bin"] }
    return String(cString: value).split(separator: ":").map(String.init)
  }

  static func isExecutable(_ path: String) -> Bool {
    kind(of: path) == .file && access(path, X_OK) == 0
  }

  /// The absolute form with `.` and `..` resolved as text.
  static func absolute(_ path: String, in directory: String) -> String {
    let whole = path.hasPrefix("/") ? path : directory + "/" + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }

  /// Where a link points to, byte for byte.
  static func linkTarget(_ path: String) throws -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = readlink(path, &buffer, buffer.count)
    guard count >= 0 else { throw FileBytes.unreadable(path, errno) }
    return buffer[0..<count].map { UInt8(bitPattern: $0) }
  }

  /// Whether `inner` is `outer` or lies inside it; both absolute.
  static func contains(_ outer: String, _ inner: String) -> Bool {
    outer == inner || inner.hasPrefix(outer == "/" ? "/" : outer + "/")
  }
}
