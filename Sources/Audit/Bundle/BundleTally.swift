// What the records of a bundle add up to, for the files that are written after them: each run of
// records has its own, and they are joined in the order of the log.

import Base

/// What some records that follow each other hold.
struct BundleTally: Sendable {
  /// Nodes, runs and proposals that the crate and the page show; more are counted.
  static let shownLimit = 5_000

  var absent = BundleAbsence()
  /// Every text in a value that can be the hash of contents.
  var references: Set<Digest> = []
  /// The properties that nodes have whose first label this is.
  var columns: [Text: Set<Text>] = [:]
  var claims: [UInt64] = []
  var rejected: [UInt64] = []
  /// The first runs, proposals and nodes of all, for the crate and the page.
  var runs: [UInt64] = []
  var proposals: [UInt64] = []
  var first: [UInt64] = []
  var (records, nodes, edges, runCount, proposalCount) = (0, 0, 0, 0, 0)

  /// Joins what the records behind these hold.
  mutating func join(_ later: BundleTally) {
    absent.join(later.absent)
    references.formUnion(later.references)
    for (label, names) in later.columns { columns[label, default: []].formUnion(names) }
    claims += later.claims
    rejected += later.rejected
    runs += later.runs.prefix(Self.shownLimit - runs.count)
    proposals += later.proposals.prefix(Self.shownLimit - proposals.count)
    first += later.first.prefix(Self.shownLimit - first.count)
    records += later.records
    nodes += later.nodes
    edges += later.edges
    runCount += later.runCount
    proposalCount += later.proposalCount
  }
}
