// Whether a store can hold a campaign at all: its schema must know what the loop writes. Looked at
// before anything is stored, so that a store made for something else stays as it was. A store that
// an earlier Stemma made gets what the shipped schema has gained since, as a change in its log.

import Base
import Graph
import Lineage
import Stemma

enum LineageCheck {
  /// Throws `loop.state` where the store's schema lacks kinds of the shipped lineage schema; a
  /// schema that adds to it is fine, and so is an earlier one, which can grow.
  static func require(_ database: Database) throws {
    guard let schema = try database.schema() else {
      throw refusal("this store has no schema, so it cannot hold a campaign's lineage")
    }
    guard schema.name != LineageSchema.name else { return }
    let labels = Set(schema.nodeTypes.map(\.label))
    let types = Set(schema.edgeTypes.map(\.type))
    try refuse(
      RecordKind.allCases.map(\.label).filter { !labels.contains($0) }
        + Relation.allCases.map(\.type).filter { !types.contains($0) }, schema)
  }

  /// The same for whoever writes: a schema that the shipped one only adds to becomes the shipped
  /// one. A store whose owner has changed the schema keeps it, as long as it lacks nothing.
  static func grow(_ database: Database, surroundings: Surroundings) throws {
    try require(database)
    guard let schema = try database.schema(), schema.source.string != LineageSchema.text else {
      return
    }
    let shipped = try Database.graphType(of: LineageSchema.text)
    let missing = shipped.parts.subtracting(schema.parts)
    guard !missing.isEmpty else { return }
    do {
      try database.append(
        TransactionRequest(
          requestID: RequestID(high: surroundings.random(), low: surroundings.random()),
          actor: "loop", reason: "the lineage's schema has grown since this store was made",
          operations: [.defineSchema(shipped)]))
    } catch let error as StemmaError where error.code == .schemaViolation {
      try refuse(missing.sorted(), schema, because: error.message)
    }
  }

  private static func refuse(
    _ missing: [Text], _ schema: GraphType, because reason: String? = nil
  ) throws {
    guard let first = missing.first else { return }
    let kinds = reason == nil ? "more kinds" : "more parts"
    let others = missing.count > 1 ? " and \(missing.count - 1) \(kinds)" : ""
    throw refusal(
      "the schema '\(schema.name)' of this store lacks \(first)\(others) of the lineage"
        + (reason.map { ", and cannot become the shipped one: \($0)" } ?? ""))
  }

  private static func refusal(_ message: String) -> StemmaError {
    StemmaError(
      .loopState, message,
      advice: "Make a store with the shipped schema for campaigns: `stemma init FOLDER`, then "
        + "`--store FOLDER`.")
  }
}

extension GraphType {
  /// Everything that a record may need, each by a name of its own.
  fileprivate var parts: Set<Text> {
    var parts: Set<Text> = []
    for node in nodeTypes {
      parts.insert(node.label)
      for property in node.properties { property.add(to: &parts, of: node.label.string) }
    }
    for edge in edgeTypes {
      let name = "(\(edge.from))-[:\(edge.type)]->(\(edge.to))"
      parts.insert(Text(name))
      for property in edge.properties { property.add(to: &parts, of: name) }
    }
    return parts
  }
}

extension PropertyType {
  fileprivate func add(to parts: inout Set<Text>, of owner: String) {
    parts.insert(Text("\(owner).\(name)"))
    for value in allowed { parts.insert(Text("\(owner).\(name) = '\(value)'")) }
  }
}
