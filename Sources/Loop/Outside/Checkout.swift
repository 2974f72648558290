// A proposal's tree as a folder to work in, marked with what it was made of, so that a change of it
// is never taken for one of something newer.

import Base
import Glibc
import Sandbox
public import Stemma

public enum Checkout {
  /// Names the proposal that a folder started as; no part of the tree.
  static let markName = ".stemma-base"

  /// Lays out the tree of a proposal, or of what is believed to be best, in a new folder. Returns
  /// the proposal's key.
  ///
  /// - Throws: `file.unreadable` where there is something at `directory`.
  public static func make(
    of key: String?, campaign: String, at directory: String, in database: Database
  ) throws -> String {
    let open = try OpenCampaign(campaign, in: database)
    let proposal = try open.proposal(key)
    let objects = DatabaseObjects(database: database)
    let tree = try Tree.load(proposal.string("tree"), from: objects)
    var status = stat()
    let isOurs = lstat(directory, &status) != 0
    do {
      try TreeFolder.materialise(tree, at: directory, from: objects)
      try FileBytes.write(
        Array("\(proposal.key)\n".utf8), to: directory + "/" + markName, mode: 0o644)
    } catch {
      // Half a tree is none, and the same command has to find its place free.
      if isOurs { FolderRemoval.remove(directory) }
      throw error
    }
    return proposal.key.string
  }

  /// What a folder started as, where it says so.
  static func base(of directory: String) throws -> String? {
    let path = directory + "/" + markName
    guard FilePaths.kind(of: path) == .file else { return nil }
    let text = String(decoding: try FileBytes.read(path, limitBytes: 64), as: UTF8.self)
    return String(text.prefix { $0 != "\n" })
  }
}
