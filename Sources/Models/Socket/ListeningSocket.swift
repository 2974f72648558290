// Makes a listening Unix socket with a name in a folder.

import Base
import Glibc

enum ListeningSocket {
  /// The path of a socket may have 107 bytes, those of stores have more; through the folder's
  /// descriptor it is short.
  ///
  /// - Returns: a descriptor that never blocks.
  static func make(_ name: String, in folder: String, backlog: Int) throws -> Int32 {
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw failure(folder) }
    defer { close(directory) }
    unlinkat(directory, name, 0)
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let descriptor = socket(AF_UNIX, Int32(kind), 0)
    guard descriptor >= 0 else { throw failure(folder) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = "/proc/self/fd/\(directory)/\(name)"
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0, listen(descriptor, Int32(backlog)) == 0 else {
      let error = failure(folder)
      close(descriptor)
      throw error
    }
    return descriptor
  }

  static func failure(_ path: String) -> StemmaError {
    StemmaError(
      .sandboxFailed, "cannot make the socket for models: \(String(cString: strerror(errno)))",
      at: .file(path: path, line: nil, column: nil))
  }
}
