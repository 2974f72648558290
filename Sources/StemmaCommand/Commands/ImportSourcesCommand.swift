// `stemma import sources`: literature as records that briefs show.

import ArgumentParser
import Base
import Graph
import Interchange
import Rendering
import Stemma

struct ImportSourcesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sources",
    abstract: "Read literature notes from BibTeX, Markdown or JSON.",
    discussion: """
      Examples:
        stemma import sources papers.bib
        stemma import sources notes.md    each heading is a source
        stemma import sources list.json

      JSON is [{"title", "authors", "year", "uri", "note"}].

      A title that is there already is left out.
      """)

  @Argument(help: "The file; - is standard input.")
  var file: String

  @Option(help: "bib, md or json; otherwise by the file's name.")
  var format: String?

  @Option(help: "Why, for the log.")
  var reason = "stemma import sources"

  @OptionGroup var store: StoreOptions

  func run() throws {
    let text = try TextFile.read(file, limitBytes: 64 << 20)
    let ending = file.lastIndex(of: ".").map { String(file[file.index(after: $0)...]) } ?? ""
    let entries = try SourceImport.read(
      text, format: format ?? ending, name: file == "-" ? "standard input" : file)
    let database = try store.openForWriting()
    let surroundings = Surroundings.system
    let keys = try SourceImport.store(
      entries, in: database, actor: Text(Account.actor), reason: Text(reason),
      requestID: RequestID(high: surroundings.random(), low: surroundings.random()))
    let known = entries.count - keys.count
    let range = keys.first.map { first in
      " as \(first)" + (keys.count > 1 ? " to \(keys[keys.count - 1])" : "")
    }
    try Terminal.print(
      "\(NumberText.counted(keys.count, "source")) imported\(range ?? "")"
        + (known > 0 ? "; \(known) were there already" : "") + "\n")
  }
}
