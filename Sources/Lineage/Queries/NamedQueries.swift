// The shipped named queries and those that a user adds. Files of the user win over shipped ones of
// the same name, so that a question can be asked differently without a new build.

import Base

/// Named queries by name.
public struct NamedQueries: Sendable {
  /// Sorted by name.
  public private(set) var all: [NamedQuery]

  /// The queries compiled in from queries/*.cypher.
  public static let shipped = NamedQueries(all: shippedQueries())

  private init(all: [NamedQuery]) { self.all = all }

  /// One shipped query, without reading the heads of all others; its name may begin with `@`.
  ///
  /// - Throws: `query.parameter` with the nearest names.
  public static func shipped(named name: String) throws -> NamedQuery {
    let bare = Text(name.hasPrefix("@") ? String(name.dropFirst()) : name)
    guard let text = ShippedTexts.queries.first(where: { Text($0.name) == bare })?.text else {
      return try shipped.named(name)
    }
    return try NamedQueryReader.read(name: bare.string, text: text)
  }

  /// A test proves that every shipped file is in form, so none is ever left out here.
  private static func shippedQueries() -> [NamedQuery] {
    ShippedTexts.queries.compactMap { try? NamedQueryReader.read(name: $0.name, text: $0.text) }
  }

  /// Adds the query in a file's text, replacing the one that has its name.
  ///
  /// - Throws: `query.parameter` with file and line where the head of the file is not in form.
  public mutating func add(name: String, text: String) throws {
    let query = try NamedQueryReader.read(name: name, text: text)
    all.removeAll { Text($0.name) == Text(name) }
    let position = all.firstIndex { Text(name) < Text($0.name) } ?? all.count
    all.insert(query, at: position)
  }

  /// The query called `name`, with or without the leading `@`.
  ///
  /// - Throws: `query.parameter` with the nearest known name.
  public func named(_ name: String) throws -> NamedQuery {
    let bare = Text(name.hasPrefix("@") ? String(name.dropFirst()) : name)
    if let found = all.first(where: { Text($0.name) == bare }) { return found }
    let names = all.map(\.name)
    var near = names.filter { Self.shareStart(Text($0), bare) >= 3 }
    if near.isEmpty, let name = Suggestion.nearest(to: bare.string, among: names) { near = [name] }
    throw StemmaError(
      .queryParameter, "there is no named query @\(bare)",
      advice: near.isEmpty
        ? "`stemma query --list` shows them all."
        : "Did you mean @\(near.joined(separator: " or @"))?")
  }

  private static func shareStart(_ left: Text, _ right: Text) -> Int {
    zip(left.string.utf8, right.string.utf8).prefix { $0 == $1 }.count
  }
}
