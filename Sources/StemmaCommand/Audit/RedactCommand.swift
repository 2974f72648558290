// `stemma redact`: destroys a value for ever, and records that it did.

import ArgumentParser
import Base
import Glibc
import Loop
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
      `stemma backup` takes the value out of the backup too, but no contents;
      bundles and receipts elsewhere are not reached. Nobody else may have the store
      open.

      With --contents goes what the value is the hash of and, where that is a list
      of files, the files. What another record needs is refused, or stays where it
      is only listed. A value that was withheld before no longer says what it named:
      --contents then lists what no record names, and --content HASH erases it.
      """)

  @Argument(help: "KEY.property")
  var subject: String

  @Option(help: "Why, for the log; do not repeat the value.")
  var reason: String

  @Flag(help: "Erase the contents that the value is the hash of, too.")
  var contents = false

  @Option(help: ArgumentHelp("Erase this content, too; repeatable.", valueName: "hash"))
  var content: [String] = []

  @Flag(help: "Do it; without this only what would be done is said.")
  var yes = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    let parts = subject.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw StemmaError(
        .argumentInvalid, "'\(subject)' does not name a value", advice: "write KEY.property")
    }
    let (key, property) = (Text(parts[0]), Text(parts[1]))
    let path = try StoreLocation.find(store.store)
    let hashes = try content.map { try ObjectHash(argument: $0).digest }
    guard yes else { return try announce(property, key, hashes, path) }
    let showsProgress = Terminal.isTerminal(STDERR_FILENO)
    var erasure: ContentErasure?
    let report = try Database.redact(
      property, ofNode: key, at: path, actor: Text(Account.actor), reason: Text(reason),
      surroundings: .system,
      erasing: { database, values in
        guard contents || !hashes.isEmpty else { return [] }
        let found = try ContentErasure(
          of: property, ofNode: key, values: contents ? values : [], hashes: hashes, in: database)
        erasure = found
        return found.contents
      },
      progress: { done, total in
        guard showsProgress else { return }
        Terminal.printProgress(ProgressText.bar(done: done, total: total, label: "records"))
      })
    RecallIndex.forget(storeAt: path)
    if showsProgress { Terminal.clearProgress() }
    let records = report.records.map { "\($0.rawValue)" }.joined(separator: ", ")
    var done = "withheld \(subject) in record \(records)"
    if records.isEmpty { done = "\(subject) was withheld before" }
    try Terminal.print(done + Self.words(erasure, "erased") + "\n")
  }

  /// What is done with contents.
  private static func words(_ erasure: ContentErasure?, _ done: String) -> String {
    guard let erasure, !erasure.contents.isEmpty else { return "" }
    let kept =
      erasure.kept == 0
      ? "" : "; \(erasure.kept) that it lists stay, because something else names them"
    return ", \(NumberText.counted(erasure.contents.count, "content")) \(done)\(kept)"
  }

  /// Says what would be done.
  private func announce(
    _ property: Text, _ key: Text, _ hashes: [Digest], _ path: String
  ) throws {
    try requireNode(key.string)
    var erasure: ContentErasure?
    if contents || !hashes.isEmpty {
      let database = try store.openForReading()
      let values = contents ? try database.values(of: property, ofNode: key) : []
      erasure = try ContentErasure(
        of: property, ofNode: key, values: values, hashes: hashes, in: database)
    }
    try Terminal.print(
      "would destroy every version of \(subject) in \(path) for ever"
        + Self.words(erasure, "with it") + "; add --yes to do it\n")
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
