// Permissions of what only the owner may read.

import Glibc

enum OwnerOnly {
  /// Takes every right from everybody but the owner of a folder.
  static func restrict(_ directory: String) throws {
    guard chmod(directory, 0o700) == 0 else { throw FileBytes.unwritable(directory, errno) }
  }
}
