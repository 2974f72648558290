// Literature notes as records: what a file of references says, and the transaction that stores it.

package import Base
package import Graph
package import Stemma

/// One reference.
package struct SourceEntry: Sendable, Hashable {
  package var title = ""
  package var authors: [String] = []
  package var year: Int?
  package var uri: String?
  package var note: String?

  package init() {}

  var properties: [Property] {
    var properties = [Property("title", .text(title))]
    if !authors.isEmpty {
      properties.append(Property("authors", .list(authors.map { .text($0) })))
    }
    if let year { properties.append(Property("year", .integer(Int64(year)))) }
    if let uri { properties.append(Property("uri", .text(uri))) }
    if let note { properties.append(Property("note", .text(note))) }
    return properties
  }
}

package enum SourceImport {
  /// Reads references. `format` is `bib`, `md` or `json`; `name` is for messages.
  package static func read(_ text: String, format: String, name: String) throws -> [SourceEntry] {
    let entries: [SourceEntry]
    switch format {
    case "bib", "bibtex": entries = try BibTeXReader(text, name: name).entries()
    case "md", "markdown": entries = MarkdownSources.entries(text)
    case "json": entries = try JSONSources.entries(text, name: name)
    default:
      throw StemmaError(
        .argumentInvalid, "\(name) is of no form that has references",
        advice: "give a .bib, .md or .json file, or say --format")
    }
    guard !entries.isEmpty else {
      throw StemmaError(.fileUnreadable, "\(name) has no reference")
    }
    return entries
  }

  /// Stores them in one transaction; those whose title is there already are left out. Returns their
  /// keys.
  package static func store(
    _ entries: [SourceEntry], in database: Database, actor: Text, reason: Text,
    requestID: RequestID
  ) throws -> [Text] {
    let known = try database.query("MATCH (s:Source) RETURN s.title")
    var titles = Set(known.rows.compactMap(\.first))
    let fresh = entries.filter { titles.insert(.text($0.title)).inserted }
    guard !fresh.isEmpty else { return [] }
    let receipt = try database.append(
      TransactionRequest(
        requestID: requestID, actor: actor, reason: reason,
        operations: fresh.map {
          .createNode(labels: ["Source"], key: nil, properties: $0.properties)
        }))
    return receipt.keys.compactMap { $0 }
  }
}
