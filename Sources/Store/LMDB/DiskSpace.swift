// Whether a disk is full. LMDB says only "input/output error" where the disk took a part of what
// was to be written, so we ask ourselves.

internal import Glibc

enum DiskSpace {
  /// What a commit needs at least.
  private static let probeBytes = 64 * 1024

  /// Whether a folder's disk, or the user's quota on it, has no room left for a small file.
  static func isFull(_ folder: String) -> Bool {
    let path = "\(folder)/probe-\(getpid())"
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { return [ENOSPC, EDQUOT].contains(errno) }
    defer {
      close(descriptor)
      unsafe unlink(path)
    }
    let bytes = [UInt8](repeating: 0, count: probeBytes)
    let written = unsafe write(descriptor, bytes, bytes.count)
    if written < 0 { return [ENOSPC, EDQUOT].contains(errno) }
    return written < bytes.count
  }
}

extension StoreError {
  /// This error, or what it really was.
  func explained(in folder: String?) -> StoreError {
    guard code == .inputOutput, number == EIO, let folder, DiskSpace.isFull(folder) else {
      return self
    }
    return StoreError(.diskFull, number: ENOSPC, table: table)
  }
}
