// Reads the JSON lines form of a graph back into a store, as one transaction: all of it or nothing.

public import Base
public import Graph
public import Stemma

/// Reads graphs.
public enum GraphImport {
  /// Longer texts are refused: one transaction holds them whole.
  public static let maximumTextBytes = 256 << 20

  /// Appends the nodes and edges of a JSON lines text in one transaction.
  ///
  /// Nodes with keys keep them; the others are known by their numbers inside the text only. A text
  /// without its tail, or whose tail counts otherwise, is refused.
  /// - Throws: `file.unreadable` with the line; errors of `append`.
  public static func jsonLines(
    _ text: String, into database: Database, requestID: RequestID, actor: Text, reason: Text
  ) throws -> TransactionReceipt {
    guard text.utf8.count <= maximumTextBytes else {
      throw StemmaError(
        .fileUnreadable, "the text is longer than \(maximumTextBytes) bytes",
        advice: "Import it in parts.")
    }
    var reader = JSONLinesReader()
    var line = 0
    for source in text.split(separator: "\n", omittingEmptySubsequences: false) {
      line += 1
      if source.isEmpty { continue }
      try reader.take(source, line: line)
    }
    return try database.append(
      TransactionRequest(
        requestID: requestID, actor: actor, reason: reason,
        operations: try reader.finished(line: line)))
  }
}

/// Turns lines into operations.
private struct JSONLinesReader {
  private var operations: [Operation] = []
  private var nodes: [Int64: Int] = [:]
  private var keys: [Text: Int] = [:]
  private var nodeCount = 0
  private var edgeCount = 0
  private var hasHead = false
  private var hasTail = false

  mutating func take(_ source: Substring, line: Int) throws {
    let value = try object(source, line)
    guard !hasTail else { throw fault("there is something after the tail", line) }
    if !hasHead {
      guard value["format"] == .text(JSONLinesWriter.format),
        value["version"] == .integer(JSONLinesWriter.version)
      else { throw fault("the first line is no head of a stemma-graph, version 1", line) }
      hasHead = true
    } else if let name = value["node"] {
      try node(name, value, line)
    } else if value["edge"] != nil {
      try edge(value, line)
    } else {
      try tail(value, line)
    }
  }

  private func object(_ source: Substring, _ line: Int) throws -> ValueMap {
    let limits = StrictJSON.Limits(
      bytes: GraphImport.maximumTextBytes, refusesWideIntegers: true)
    var column = 1
    do throws(JSONRefusal) {
      if case .map(let map) = try StrictJSON.parse(Array(source.utf8), limits: limits) {
        return map
      }
    } catch {
      column = error.offset + 1
    }
    throw fault("this line is no JSON object", line, column: column)
  }

  func finished(line: Int) throws -> [Operation] {
    guard hasTail else { throw fault("the text ends before its tail: it was cut off", line) }
    return operations
  }

  private mutating func node(_ name: Value, _ value: ValueMap, _ line: Int) throws {
    guard case .list(let labels)? = value["labels"] else {
      throw fault("a node needs labels", line)
    }
    let names = try labels.map { label in
      guard case .string(let text) = label else { throw fault("a label is a string", line) }
      return text
    }
    var key: Text?
    switch name {
    case .string(let text):
      key = text
      guard keys.updateValue(nodeCount, forKey: text) == nil else {
        throw fault("the node \(text) is there twice", line)
      }
    case .integer(let number):
      guard nodes.updateValue(nodeCount, forKey: number) == nil else {
        throw fault("the node \(number) is there twice", line)
      }
    default: throw fault("a node is named by its key or a number", line)
    }
    nodeCount += 1
    operations.append(
      .createNode(labels: names, key: key, properties: try properties(value, line)))
  }

  private mutating func edge(_ value: ValueMap, _ line: Int) throws {
    guard case .string(let type)? = value["edge"] else { throw fault("a type is a string", line) }
    edgeCount += 1
    operations.append(
      .createEdge(
        type: type, from: try end(value["from"], line), to: try end(value["to"], line),
        properties: try properties(value, line)))
  }

  private func end(_ name: Value?, _ line: Int) throws -> NodeReference {
    switch name {
    case .string(let key):
      guard let index = keys[key] else { throw fault("there is no node \(key)", line) }
      return .new(index)
    case .integer(let number):
      guard let index = nodes[number] else { throw fault("there is no node \(number)", line) }
      return .new(index)
    default: throw fault("an edge needs from and to", line)
    }
  }

  private mutating func tail(_ value: ValueMap, _ line: Int) throws {
    guard value["nodes"] == .integer(Int64(nodeCount)),
      value["edges"] == .integer(Int64(edgeCount)), value["complete"] != nil
    else {
      throw fault("the tail does not count what was read: \(nodeCount) and \(edgeCount)", line)
    }
    hasTail = true
  }

  private func properties(_ value: ValueMap, _ line: Int) throws -> [Property] {
    guard let given = value["properties"] else { return [] }
    guard case .map(let members) = given else {
      throw fault("properties are an object", line)
    }
    return try members.entries.map { member in
      guard let value = PropertyValue.read(member.value) else {
        throw fault("the property \(member.key) has no value that a node can hold", line)
      }
      return Property(member.key, value)
    }
  }

  private func fault(_ message: String, _ line: Int, column: Int? = nil) -> StemmaError {
    StemmaError(
      .fileUnreadable, message, at: .file(path: "JSON lines", line: line, column: column),
      advice: "`stemma export --format jsonl` writes this form; docs/interchange.md describes it.")
  }
}
