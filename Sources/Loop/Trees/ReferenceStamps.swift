// Hashes of files that were read before, by their stamps, in a file beside the store. It may be
// lost or removed at any time: then everything is read again.

import Base
import Glibc

/// What is known of the files of one reference.
struct ReferenceStamps: Sendable {
  private let file: String
  /// Stamp and hash by path.
  private var known: [Substring: (stamp: Substring, hash: Substring)] = [:]

  private static let limitBytes = 1 << 30

  /// `folder` is made where it is missing.
  init(folder: String, of path: String) {
    file = folder + "/" + SHA256.hash(Array(path.utf8)).hex
    try? TreeFolder.makeFolders(folder)
    guard let bytes = try? FileBytes.read(file, limitBytes: Self.limitBytes) else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 2)
      if parts.count == 3, parts[1].utf8.count == 64 { known[parts[2]] = (parts[0], parts[1]) }
    }
  }

  /// The hash that the file had when its stamp was the same.
  func hash(of found: ReferenceManifest.Found) -> String? {
    guard let known = known[found.path[...]], known.stamp == found.stamp else { return nil }
    return String(known.hash)
  }

  /// Keeps what was found. A file that was changed in the very second of the look may change again
  /// without another stamp, so it is not kept.
  mutating func keep(
    _ found: [ReferenceManifest.Found], _ hashes: [String], before start: Int
  ) {
    var text = ""
    for (found, hash) in zip(found, hashes) where found.changed < start - 1 {
      text += "\(found.stamp)\t\(hash)\t\(found.path)\n"
    }
    try? FileBytes.write(Array(text.utf8), to: file, mode: 0o600)
  }
}
