// What a transaction leaves in memory for the next one: the rows that a writer changes again and
// again, taken apart. It belongs to one state of the log, and is dropped where the store has
// another: projections are a function of the log, so what was made of the same log is the same.

import Base

/// Parts of projections as they are in the store after some transaction.
struct KeptProjection: Sendable {
  /// The log that they were made of: its right edge, and the leaf that came last.
  let frontier: MerkleFrontier
  let lastLeaf: Digest
  fileprivate var sketches: OpenSketches
  fileprivate var nameBlock: NameBlock?
  fileprivate var bitmaps: Projector.Bitmaps
  fileprivate var groups: Projector.Groups

  /// More than this is not kept: sketches have a kilobyte each.
  static let sketchesAtMost = 1_024
  /// A larger transaction changed what the next one need not.
  static let rowsAtMost = 64
}

extension Projector {
  /// Goes on with what the transaction before has left.
  func adopt(_ kept: consuming KeptProjection) {
    sketches = kept.sketches
    nameBlock = kept.nameBlock
    bitmaps = kept.bitmaps
    groups = kept.groups
  }

  /// What the next transaction can begin with, once everything is flushed and committed.
  func kept(_ log: LogWriter) -> KeptProjection? {
    guard let lastLeaf = log.lastLeaf, sketches.slots.count <= KeptProjection.sketchesAtMost
    else { return nil }
    return KeptProjection(
      frontier: log.frontier, lastLeaf: lastLeaf, sketches: sketches, nameBlock: nameBlock,
      bitmaps: bitmaps, groups: groups)
  }
}
