// One line of the JSON lines form of a graph: what it says, checked. docs/interchange.md has the
// form.

import Base
import Graph

/// A line that is not blank.
enum JSONLine {
  case head
  case node(name: CSVNodeName, labels: [Text], properties: [Property])
  case edge(type: Text, from: CSVNodeName, to: CSVNodeName, properties: [Property])
  case tail(nodes: Value?, edges: Value?)

  /// Reads a line. Throws what is wrong with it; `isFirst` where nothing comes before it.
  init(_ bytes: [UInt8], line: Int, isFirst: Bool) throws(CSVFault) {
    let value = try Self.object(bytes, line)
    if isFirst {
      guard value["format"] == .text(JSONLinesWriter.format),
        value["version"] == .integer(JSONLinesWriter.version)
      else { throw CSVFault("the first line is no head of a stemma-graph, version 1", line, 1) }
      self = .head
    } else if let name = value["node"] {
      let name = try Self.name(name, "a node is named by its key or a number", line)
      self = .node(
        name: name, labels: try Self.labels(value, line),
        properties: try Self.properties(value, line).map(ImportedStanding.own))
    } else if let type = value["edge"] {
      guard case .string(let type) = type else { throw CSVFault("a type is a string", line, 1) }
      let what = "an edge needs from and to"
      self = .edge(
        type: type, from: try Self.name(value["from"], what, line),
        to: try Self.name(value["to"], what, line), properties: try Self.properties(value, line))
    } else {
      guard value["complete"] != nil else {
        throw CSVFault("a line is a node, an edge or the tail", line, 1)
      }
      self = .tail(nodes: value["nodes"], edges: value["edges"])
    }
  }

  private static func object(_ bytes: [UInt8], _ line: Int) throws(CSVFault) -> ValueMap {
    let limits = StrictJSON.Limits(
      bytes: GraphImport.maximumTextBytes, refusesWideIntegers: true)
    var column = 1
    do throws(JSONRefusal) {
      if case .map(let map) = try StrictJSON.parse(bytes, limits: limits) { return map }
    } catch {
      column = error.offset + 1
    }
    throw CSVFault("this line is no JSON object", line, column)
  }

  private static func name(
    _ value: Value?, _ what: String, _ line: Int
  ) throws(CSVFault) -> CSVNodeName {
    switch value {
    case .string(let key): return .text(key)
    case .integer(let number): return .number(number)
    default: throw CSVFault(what, line, 1)
    }
  }

  private static func labels(_ value: ValueMap, _ line: Int) throws(CSVFault) -> [Text] {
    guard case .list(let labels)? = value["labels"] else {
      throw CSVFault("a node needs labels", line, 1)
    }
    var result: [Text] = []
    for label in labels {
      guard case .string(let text) = label else { throw CSVFault("a label is a string", line, 1) }
      if !result.contains(text) { result.append(text) }
    }
    return result
  }

  private static func properties(
    _ value: ValueMap, _ line: Int
  ) throws(CSVFault) -> [Property] {
    guard let given = value["properties"] else { return [] }
    guard case .map(let members) = given else {
      throw CSVFault("properties are an object", line, 1)
    }
    var result: [Property] = []
    for member in members.entries {
      guard let value = PropertyValue.read(member.value) else {
        throw CSVFault("the property \(member.key) has no value that a node can hold", line, 1)
      }
      if !value.isNull { result.append(Property(member.key, value)) }
    }
    return result
  }
}
