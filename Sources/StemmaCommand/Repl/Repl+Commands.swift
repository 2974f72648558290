// The commands of the shell: everything that starts with a colon.

import Base
import Glibc
import Rendering
import Stemma

extension Repl {
  static let commandNames = [
    "asof", "explain", "format", "help", "limit", "limits", "param", "params", "queries", "quit",
    "schema", "set", "show", "timing",
  ]

  /// Runs one command, given without its colon.
  mutating func command(_ line: String) throws {
    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
    let argument = parts.count > 1 ? parts[1].trimmingSpaces : ""
    switch parts.first ?? "" {
    case "help", "h", "?": try Terminal.print(Self.help)
    case "quit", "q", "exit": isDone = true
    case "schema": try Pager.show(try schemaText(argument))
    case "queries": try Pager.show(NamedQueryList.text)
    case "explain":
      try Terminal.print(try database.explain(argument, parameters: parameters) + "\n")
    case "asof": try setSnapshot(argument)
    case "format": try setFormat(argument)
    case "timing": showsTiming = try onOrOff(argument, now: showsTiming, name: "timing")
    case "limit": try setLimit(argument)
    case "limits": try Terminal.print(LimitSettings.text(limits))
    case "set": try LimitSettings.set(argument, in: &limits)
    case "param": try setParameter(argument)
    case "params": try printParameters()
    case "show":
      try NodePage(database: database, key: argument, options: QueryOptions(asOf: asOf))
        .print(format)
    default:
      throw StemmaError(
        .argumentInvalid, "there is no command :\(parts.first ?? "")", advice: ":help lists them")
    }
  }

  static let help = """
    A query runs at a semicolon or an empty line:  MATCH (p:Proposal) RETURN p LIMIT 3;
    @name key=P42          a named query (:queries lists them)
    :show P42              one node with its edges
    :schema [Label]        kinds, properties and edges
    :explain QUERY         the plan
    :asof X | now          read the past: a transaction number, a date-time, a checkpoint
    :param name=value      set a parameter for $name;  :params  shows them
    :format table|json|jsonl|csv
    :limit N | all         rows shown of a table
    :limits                what stops a query;  :set rows|timeout|memory|disk|expansions N|off
    :timing on|off         time of each query
    :quit                  leave (Ctrl-D); Ctrl-C stops a query

    """

  private mutating func setSnapshot(_ text: String) throws {
    guard !text.isEmpty, text != "now" else {
      (asOf, asOfText) = (nil, nil)
      return try Terminal.print("reading the present\n")
    }
    let moment = try SnapshotText.parse(text)
    // Asked of the store at once: a moment that is not there is an error now and not at each query.
    let snapshot = try database.query("RETURN 1", options: QueryOptions(asOf: moment)).snapshot
    (asOf, asOfText) = (moment, text)
    let transaction = text == "\(snapshot.rawValue)" ? "" : ", transaction \(snapshot.rawValue)"
    try Terminal.print(
      "reading as of \(text)\(transaction); :asof now returns to the present\n")
  }

  private mutating func setFormat(_ text: String) throws {
    guard let wanted = OutputFormat(rawValue: text) else {
      throw StemmaError(
        .argumentInvalid, "\"\(text)\" is no format", advice: "table, json, jsonl or csv")
    }
    format = wanted
  }

  private mutating func setLimit(_ text: String) throws {
    if text == "all" {
      rowLimit = nil
    } else if let number = Int(text), number > 0 {
      rowLimit = number
    } else {
      throw StemmaError(
        .argumentInvalid, "\"\(text)\" is no limit", advice: ":limit 100, :limit all")
    }
  }

  private mutating func setParameter(_ text: String) throws {
    let (name, value) = try ParameterText.parse(text)
    parameters[name] = value
  }

  private func printParameters() throws {
    let values = ValueText(entities: EntityTable())
    if parameters.isEmpty { try Terminal.print("no parameters; set one with :param name=value\n") }
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      try Terminal.print("$\(name) = \(values.cell(value))\n")
    }
  }

  private func onOrOff(_ text: String, now: Bool, name: String) throws -> Bool {
    switch text {
    case "on": return true
    case "off": return false
    case "": return !now
    default: throw StemmaError(.argumentInvalid, ":\(name) is on or off, not \"\(text)\"")
    }
  }

  /// All kinds in a line each, or one kind with its properties and edges.
  private func schemaText(_ label: String) throws -> String {
    guard let schema = try database.schema() else { return "this store has no schema\n" }
    guard !label.isEmpty else {
      let rows = schema.nodeTypes.map { kind in
        [kind.label.string, kind.keyPrefix?.string ?? "", kind.documentation.string]
      }
      return table(["label", "key", "what it is"], rows)
    }
    guard let kind = schema.nodeTypes.first(where: { $0.label == Text(label) }) else {
      let nearest = Suggestion.nearest(to: label, among: schema.nodeTypes.map(\.label.string))
      throw StemmaError(
        .argumentInvalid, "the schema has no label \(label)",
        advice: nearest.map { "did you mean \($0)?" } ?? ":schema lists all")
    }
    let rows = kind.properties.map { property in
      [
        property.name.string,
        property.valueType.gqlName + (property.isRequired ? " required" : ""),
        property.documentation.string,
      ]
    }
    let edges = schema.edgeTypes.filter { $0.from == kind.label || $0.to == kind.label }.map {
      "(:\($0.from))-[:\($0.type)]->(:\($0.to))  \($0.documentation)".trimmingSpaces + "\n"
    }
    return kind.documentation.string + "\n" + table(["property", "type", "what it is"], rows)
      + edges.joined()
  }

  private func table(_ titles: [String], _ rows: [[String]]) -> String {
    TableText(columns: titles.map { .init($0) }, rows: rows)
      .render(maximumWidth: Terminal.width, style: Terminal.style)
  }
}
