// Which contents go with a value that is redacted: those that it names, or that are named with it,
// and what they list, but for what anything that stays needs. A store must never lack what its own
// records need, so a content that is needed elsewhere is refused.

package import Base
package import Stemma

/// What a redaction is to erase.
package struct ContentErasure {
  package private(set) var contents: [Digest] = []
  /// How many stay that the contents list, because something else names them.
  package private(set) var kept = 0

  /// `values` are the versions of the property that are withheld now, and `hashes` what else is to
  /// go. Where it was withheld before there are no values, and something has to be named.
  package init(
    of property: Text, ofNode key: Text, values: [Value], hashes: [Digest],
    in database: Database
  ) throws {
    if values.isEmpty, hashes.isEmpty { throw try Self.unnamed(property, key, database) }
    var direct: Set<Digest> = []
    for hash in hashes {
      guard try database.holdsObject(hash) else {
        throw StemmaError(
          .keyNotFound, "the store has no content with the hash \(hash.hex)",
          advice: "check the hash; nothing was changed")
      }
      direct.insert(hash)
    }
    for case .string(let text) in values {
      guard let hash = Digest(hex: text.string), try database.holdsObject(hash) else { continue }
      direct.insert(hash)
    }
    var listed: Set<Digest> = []
    if ContentNames.listing.contains(property) {
      for hash in direct {
        for file in ObjectUse.hashes(in: try database.object(hash)) {
          guard let file = Digest(hex: file), try database.holdsObject(file) else { continue }
          listed.insert(file)
        }
      }
      listed.subtract(direct)
    }
    let names = try ContentNames(
      of: direct.union(listed), in: database, without: (property, key))
    for hash in direct.sorted() {
      guard let (first, count) = names.needed[hash] else { continue }
      let others = count > 1 ? ", and so do \(count - 1) more" : ""
      throw StemmaError(
        .writeRejected, "the content \(hash.hex) cannot go: \(first.words)\(others)",
        advice: "redact those first, without contents; nothing was changed")
    }
    let free = listed.filter { names.needed[$0] == nil && !names.mentioned.contains($0) }
    kept = listed.count - free.count
    contents = direct.sorted() + free.sorted()
  }

  private static let shownHashes = 10

  /// The error for a value that was withheld before: it no longer says what it named, but what it
  /// named is among what nothing names.
  private static func unnamed(
    _ property: Text, _ key: Text, _ database: Database
  ) throws -> StemmaError {
    let all = Set(try database.objectHashes())
    let names = try ContentNames(of: all, in: database)
    let free = all.filter { names.needed[$0] == nil && !names.mentioned.contains($0) }.sorted()
    let shown = free.prefix(shownHashes).map(\.hex).joined(separator: "\n  ")
    let more = free.count > shownHashes ? "\n  and \(free.count - shownHashes) more" : ""
    return StemmaError(
      .keyNotFound,
      "\(key).\(property) was withheld before, and the hash of its contents went with it",
      advice: free.isEmpty
        ? "no content is left that no record names"
        : "name what is to go with --content HASH; nothing names these:\n  \(shown)\(more)")
  }
}
