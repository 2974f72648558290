// Writes an audit bundle: what one checkpoint covers, with everything that is needed to check it
// offline. It only reads the store. The same checkpoint, selection and key give the same bytes.

import Base
import Graph
public import Signing
import Stemma

/// What was exported.
public struct BundleSummary: Sendable {
  public var size: UInt64
  public var records: Int
  public var nodes: Int
  public var edges: Int
  public var objects: Int
  public var claims: Int
  /// Records that were written after the checkpoint and are not in the bundle.
  public var laterRecords: UInt64
}

/// How a bundle is to be made.
public struct BundleOptions: Sendable {
  public var selection: BundleSelection
  /// Whether contents go along; otherwise they are listed as absent.
  public var includesObjects: Bool

  public init(selection: BundleSelection = .everything, includesObjects: Bool = true) {
    self.selection = selection
    self.includesObjects = includesObjects
  }
}

extension AuditTrail {
  /// Exports what the newest checkpoint covers to a folder that is not there yet. `key` signs the
  /// list of files.
  public func export(
    to path: String, _ options: BundleOptions = BundleOptions(), key: SigningKey,
    progress: (_ step: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws -> BundleSummary {
    guard let checkpoint = try checkpoints().last else {
      throw StemmaError(
        .argumentInvalid, "the log has no checkpoint yet, and a bundle shows what one covers",
        advice: "make one with `stemma checkpoint`")
    }
    guard try keys().keys(.log, atSize: checkpoint.size).contains(NoteKey(key.publicKey)) else {
      throw StemmaError(
        .argumentInvalid, "the key \(key.publicKey.name) did not count at that checkpoint",
        advice: "`stemma key list` shows those that did")
    }
    let chosen = try options.selection.records(database, size: checkpoint.size)
    let folder = try BundleFolder(path)
    do {
      let summary = try database.readLog(at: TransactionNumber(checkpoint.size)) { graph in
        var export = BundleExport(
          trail: self, folder: folder, checkpoint: checkpoint, options: options, chosen: chosen)
        return try export.run(graph, key: key, progress)
      }
      try folder.finish()
      return summary
    } catch {
      folder.abandon()
      throw error
    }
  }
}

/// One export under way.
struct BundleExport {
  let trail: AuditTrail
  let folder: BundleFolder
  let checkpoint: AuditTrail.Kept
  let options: BundleOptions
  /// The records whose contents go along; `nil` for all.
  let chosen: Set<UInt64>?
  var graph: BundleGraph
  /// Of the records that are written so far.
  var tally = BundleTally()
  var (objectCount, claimCount) = (0, 0)

  init(
    trail: AuditTrail, folder: BundleFolder, checkpoint: AuditTrail.Kept, options: BundleOptions,
    chosen: Set<UInt64>?
  ) {
    self.trail = trail
    self.folder = folder
    self.checkpoint = checkpoint
    self.options = options
    self.chosen = chosen
    graph = BundleGraph(isPart: chosen != nil)
  }

  mutating func run(
    _ view: borrowing GraphView, key: SigningKey,
    _ progress: (_ step: String, _ done: Int, _ total: Int) -> Void
  ) throws -> BundleSummary {
    try writeTiles(view)
    try writeRecords(view, progress)
    try writeKeys(view)
    try writeCheckpoints(view)
    progress("contents", 0, 1)
    try writeObjects()
    try writeClaims(view, progress)
    progress("pages", 0, 1)
    try writeCrate(view)
    try folder.file("absent.json", tally.absent.json)
    try writePage(view)
    try folder.file("verify.py", VerifierText.text)
    try folder.file("README.txt", readme)
    try writeList(key)
    let last = try trail.database.lastTransaction().rawValue
    return BundleSummary(
      size: checkpoint.size, records: tally.records, nodes: tally.nodes, edges: tally.edges,
      objects: objectCount, claims: claimCount, laterRecords: last - checkpoint.size)
  }

  private var readme: String {
    """
    Audit bundle of \(trail.origin), \(checkpoint.size) records.

    To check it, offline:  python3 verify.py --key KEY [--checkpoint FILE]
    KEY is the log's verifier key, which you should have from somewhere else than this folder;
    FILE a checkpoint that you kept earlier. Read index.html first, docs/audit.md of Stemma for
    the formats. Without Python: sha256sum and openssl suffice, as that page shows.

    checkpoint, checkpoints/   signed roots of the log, the newest first, with witnesses and times
    tile/                      all headers and the tree, as C2SP tlog-tiles
    records.cbor, .jsonl       the records, exact and readable
    keys.json                  the keys of the log and when they counted
    absent.json                what is not here, and why
    objects/                   contents by their SHA-256
    claims.json, proofs/       what is claimed, on what evidence, and a receipt for each
    statements/                in-toto statements for what won
    graph.sqlite               the graph as tables; prov.json, prov.provn: as W3C PROV
    ro-crate-metadata.json     as a Process Run Crate; ro-crate-context.json for its terms
    bundle.json, bundle.note   the list of all files, and its signature

    """
  }

  /// The list of files, and a signature over it.
  private func writeList(_ key: SigningKey) throws {
    var json = PlainJSON()
    json.raw("{\n\"format\": \"stemma-bundle\",\n\"version\": 1,\n\"origin\": ")
    json.string(trail.origin)
    json.raw(",\n\"size\": \(checkpoint.size),\n\"selection\": ")
    json.string(options.selection.words)
    json.raw(",\n\"files\": {\n")
    let files = folder.files.sorted { Text($0.key) < Text($1.key) }
    for (index, file) in files.enumerated() {
      json.string(file.key)
      json.raw(": \"\(file.value)\"\(index + 1 < files.count ? "," : "")\n")
    }
    json.raw("}\n}\n")
    try folder.file("bundle.json", json.bytes)
    var note = try SignedNote(
      text: """
        stemma bundle v1
        \(trail.origin)
        \(checkpoint.size)
        \(SHA256.hash(json.bytes).hex)

        """)
    try note.sign(with: key)
    try folder.file("bundle.note", note.rendered)
  }
}
