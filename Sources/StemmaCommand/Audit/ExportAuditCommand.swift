// `stemma export audit`: a folder or a .zip that anyone can check offline.

import ArgumentParser
import Audit
import Base
import Glibc
import Rendering
import Signing
import Stemma

struct ExportAuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Write a bundle that anyone can check offline, with a verifier in it.",
    discussion: """
      Examples:
        stemma checkpoint && stemma export audit bundle
        stemma export audit bundle.zip --campaign C1
        stemma export audit bundle --query 'MATCH (f:Finding) RETURN f'
        python3 bundle/verify.py --key KEY

      The bundle shows what the newest checkpoint covers. The same checkpoint,
      selection and key give the same bytes.
      """)

  @Argument(help: "The folder or .zip to write; it must not be there yet.")
  var folder: String

  @Option(help: "Only what this query returns; headers of all records go along.")
  var query: String?

  @Option(help: "Only a campaign, by its key.")
  var campaign: String?

  @Option(help: "Only records from this number on.")
  var since: UInt64?

  @Flag(help: "Leave out contents (trees, logs, artifacts); they are listed as absent.")
  var withoutContents = false

  @Option(help: "The log's key file, which signs the list of files; otherwise your own.")
  var key: String?

  @OptionGroup var store: StoreOptions

  func validate() throws {
    let count = [query != nil, campaign != nil, since != nil].count { $0 }
    if count > 1 { throw ValidationError("give one of --query, --campaign and --since") }
  }

  func run() throws {
    let trail = AuditTrail(try store.openForReading())
    let key = try LogKey.existing(trail, path: key)
    let options = BundleOptions(selection: selection, includesObjects: !withoutContents)
    let showsProgress = Terminal.isTerminal(STDERR_FILENO)
    let summary = try trail.export(to: folder, options, key: key) { step, done, total in
      guard showsProgress else { return }
      Terminal.printProgress(ProgressText.bar(done: done, total: total, label: step))
    }
    if showsProgress { Terminal.clearProgress() }
    let later = summary.laterRecords
    try Terminal.print(
      "\(folder): \(summary.records) of \(summary.size) records, \(summary.nodes) nodes, "
        + "\(summary.edges) edges, \(summary.objects) contents, \(summary.claims) claims\n")
    if later > 1 {
      Terminal.printError("not in it: \(later) records written after the newest checkpoint")
    }
  }

  private var selection: BundleSelection {
    if let query { return .query(query) }
    if let campaign { return .campaign(campaign) }
    if let since { return .since(TransactionNumber(since)) }
    return .everything
  }
}
