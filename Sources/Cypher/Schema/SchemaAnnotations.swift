// What the lines of a documentation comment say: prose, and annotations that start with `@`.
// GQL has no words for key prefixes, indexes, allowed values and PROV classes; kept in comments,
// they leave the file legal GQL. docs/schema.md describes them.

import Base

/// A documentation comment, taken apart.
struct SchemaAnnotations {
  var prose: Text = ""
  var keyPrefix: Located?
  var provenanceClass: Located?
  var indexes: [Index] = []
  var allowed: [Located] = []
  var isManyToOne: Located?

  struct Located {
    var text: Text
    var place: SchemaPlace
  }

  struct Index {
    var properties: [Located]
    var isUnique: Bool
  }

  /// Where an annotation may stand.
  enum Element: String {
    case node = "a node type"
    case edge = "an edge type"
    case property = "a property"

    var known: [Text] {
      switch self {
      case .node: ["@key", "@prov", "@index", "@unique"]
      case .edge: ["@one"]
      case .property: ["@allowed"]
      }
    }
  }

  init() {}

  init(
    _ lines: [SchemaDocumentationLine], for element: Element, report: SchemaReport
  ) throws {
    var proseLines: [String] = []
    for line in lines {
      guard line.text.string.utf8.first == 0x40 else {
        proseLines.append(line.text.string)
        continue
      }
      try read(line, for: element, report: report)
    }
    prose = Text(proseLines.joined(separator: " "))
  }

  private mutating func read(
    _ line: SchemaDocumentationLine, for element: Element, report: SchemaReport
  ) throws {
    let parts = words(of: line)
    let name = parts[0]
    let rest = Array(parts.dropFirst())
    guard element.known.contains(name.text) else {
      throw report.error(
        "\(name.text) is no annotation of \(element.rawValue)", at: name.place,
        advice: report.suggestion(
          for: name.text, among: element.known,
          otherwise: "Known here: \(element.known.map(\.string).joined(separator: ", "))."))
    }
    switch name.text {
    case "@key": keyPrefix = try single(rest, after: name, report: report)
    case "@prov": provenanceClass = try single(rest, after: name, report: report)
    case "@one": isManyToOne = name
    case "@allowed": allowed += try values(rest, after: name, report: report)
    default:
      let properties = rest.filter { !["(", ")", ","].contains($0.text) }
      guard rest.first?.text == "(", rest.last?.text == ")", !properties.isEmpty else {
        throw report.error(
          "\(name.text) needs the properties in brackets", at: name.place,
          advice: "Write for example @index (metric, value).")
      }
      indexes.append(Index(properties: properties, isUnique: name.text == "@unique"))
    }
  }

  private func single(
    _ rest: [Located], after name: Located, report: SchemaReport
  ) throws -> Located {
    guard rest.count == 1 else {
      throw report.error(
        "\(name.text) needs exactly one word", at: name.place,
        advice: "Write for example @key P or @prov Entity.")
    }
    return rest[0]
  }

  /// `a | b | c`.
  private func values(
    _ rest: [Located], after name: Located, report: SchemaReport
  ) throws -> [Located] {
    var found: [Located] = []
    for (index, part) in rest.enumerated() {
      let isBar = part.text == "|"
      guard isBar == (index % 2 == 1) else {
        throw report.error(
          "allowed values are single words with | between them", at: part.place,
          advice: "Write for example @allowed better | worse.")
      }
      if !isBar { found.append(part) }
    }
    guard rest.count % 2 == 1 else {
      throw report.error(
        "@allowed needs values", at: name.place,
        advice: "Write for example @allowed better | worse.")
    }
    return found
  }

  /// Words separated by spaces; brackets, commas and bars stand alone.
  private func words(of line: SchemaDocumentationLine) -> [Located] {
    var found: [Located] = []
    var current = ""
    var start = 0
    var column = line.place.column
    func place(_ at: Int, _ length: Int) -> SchemaPlace {
      SchemaPlace(line: line.place.line, column: at, length: length)
    }
    func finish() {
      guard !current.isEmpty else { return }
      found.append(
        Located(text: Text(current), place: place(start, current.unicodeScalars.count)))
      current = ""
    }
    for scalar in line.text.string.unicodeScalars {
      switch scalar {
      case " ", "\t": finish()
      case "(", ")", ",", "|":
        finish()
        found.append(Located(text: Text(String(scalar)), place: place(column, 1)))
      default:
        if current.isEmpty { start = column }
        current.unicodeScalars.append(scalar)
      }
      column += 1
    }
    finish()
    return found
  }
}
