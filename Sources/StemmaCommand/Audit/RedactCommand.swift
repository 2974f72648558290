// `stemma redact`: destroys a value for ever, and records that it did.

import ArgumentParser
import Base
import Glibc
import Recall
import Rendering
import Stemma

struct RedactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redact",
    abstract: "Destroy a value for ever; that it was done stays in the log.",
    discussion: """
      Examples:
        stemma redact S3.note --reason 'personal data, request 17' --yes
        stemma redact R9.outputHash --contents --reason 'leaked credentials' --yes

      Every version of the value goes, with its secret and every copy in the store's
      file. Proofs made before still hold and say "content withheld". The next
      `stemma backup` takes it out of the backup too; bundles and receipts elsewhere
      are not reached. Nobody else may have the store open.
      """)

  @Argument(help: "KEY.property")
  var subject: String

  @Option(help: "Why, for the log; do not repeat the value.")
  var reason: String

  @Flag(help: "Erase the contents that the value is the hash of, too.")
  var contents = false

  @Flag(help: "Do it; without this only what would be done is said.")
  var yes = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    let parts = subject.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw StemmaError(
        .argumentInvalid, "'\(subject)' does not name a value", advice: "write KEY.property")
    }
    let path = try StoreLocation.find(store.store)
    guard yes else {
      try requireNode(parts[0])
      return try Terminal.print(
        "would destroy every version of \(subject) in \(path) for ever; add --yes to do it\n")
    }
    let showsProgress = Terminal.isTerminal(STDERR_FILENO)
    let report = try Database.redact(
      Text(parts[1]), ofNode: Text(parts[0]), at: path, erasesContents: contents,
      actor: Text(Account.actor), reason: Text(reason), surroundings: .system
    ) { done, total in
      guard showsProgress else { return }
      Terminal.printProgress(ProgressText.bar(done: done, total: total, label: "records"))
    }
    RecallIndex.forget(storeAt: path)
    if showsProgress { Terminal.clearProgress() }
    let records = report.records.map { "\($0.rawValue)" }.joined(separator: ", ")
    let erased = report.erasedContents == 0 ? "" : ", \(report.erasedContents) contents erased"
    try Terminal.print("withheld \(subject) in record \(records)\(erased)\n")
  }

  /// Throws where there is no such node, so that nobody is told what would be done to nothing.
  private func requireNode(_ key: String) throws {
    let found = try store.openForReading()
      .query("MATCH (n {key: $key}) RETURN 1 LIMIT 1", parameters: ["key": .text(key)])
    guard found.rows.isEmpty else { return }
    throw StemmaError(
      .keyNotFound, "there is no node with the key `\(key)`", advice: "check the key")
  }
}
