// The model of a TOML 1.0 document in which every key and value knows its place, so that an error
// in a campaign file can point at it. It must never know what the keys mean.

/// A value with the place where it starts.
struct TOMLValue {
  enum Content {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    /// Any of TOML's four kinds of dates and times, as it was written.
    case dateTime(String)
    case array([TOMLValue])
    case table(TOMLTable)
  }

  var content: Content
  var place: TOMLPlace
  /// Whether this is an array made by `[[name]]` headers, which later headers may extend.
  var isArrayOfTables = false

  init(content: Content, place: TOMLPlace) {
    self.content = content
    self.place = place
  }

  /// What a person calls a value of this kind.
  var kind: String {
    switch content {
    case .string: "a string"
    case .integer: "an integer"
    case .float: "a number with a point"
    case .boolean: "a boolean"
    case .dateTime: "a date or time"
    case .array: "an array"
    case .table: "a table"
    }
  }
}

/// A position in a document: line and column from 1, in code points.
struct TOMLPlace: Hashable, Sendable {
  var line: Int
  var column: Int
  var length: Int
}

/// A table: keys in the order of the document, each once. A class because a document fills the same
/// table from several places.
final class TOMLTable {
  struct Entry {
    var key: String
    var keyPlace: TOMLPlace
    var value: TOMLValue
  }

  /// How the table came to be, which decides who may add to it.
  enum Origin {
    /// Named only on the way to another table; its own header may still come.
    case implied
    case header
    case dotted
    case inline
  }

  var entries: [Entry] = []
  var origin: Origin
  var place: TOMLPlace

  init(origin: Origin, place: TOMLPlace) {
    self.origin = origin
    self.place = place
  }

  /// Position of a key, compared by bytes.
  func index(of key: String) -> Int? {
    entries.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
  }

  subscript(key: String) -> Entry? { index(of: key).map { entries[$0] } }
}
