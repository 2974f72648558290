// Folders of this machine read by the walk that collects what runs leave.

import Base
import Glibc

extension Sandbox {
  /// The plain files of a folder with their bytes, and what is no plain file. Nothing of it is
  /// followed or written; `skips` says which paths are passed over without a word.
  ///
  /// - Throws: `file.unreadable` where there is no such folder.
  package static func files(
    of folder: String, within bounds: SandboxCollection,
    skipping skips: @escaping (String) -> Bool
  ) throws -> (files: [SandboxFile], refused: [(path: String, reason: String)]) {
    var outcome = SandboxOutcome(status: .exited)
    try Collector.collect(
      bounds, from: try Descriptor.open(trusted: folder, O_RDONLY | O_DIRECTORY), to: nil,
      skipping: skips, into: &outcome)
    return (outcome.files, outcome.refusedFiles)
  }
}
