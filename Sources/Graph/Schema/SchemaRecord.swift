// Schemas as the store keeps them, one per transaction that defined one:
//
//   key in `schema`:  1 | transaction (8 bytes)
//   value:            the graph type, field by field in the order of `GraphType`; texts and lists
//                     with their lengths in LEB128, an absent text as a zero byte before it
//
// The log has the schema too; this copy spares an opening store the search for it.

import Base
import Store

/// Reads and writes schemas in the table `schema`.
enum SchemaRecord {
  static let keyPrefix: UInt8 = 1

  static func key(_ transaction: TransactionNumber) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(keyPrefix)
    key.add64(transaction.rawValue)
    return key
  }

  /// The schema in force, if there is one.
  static func newest(_ reading: Reading) throws -> GraphType? {
    var cursor = try reading.cursor(.schema)
    let end = key(.unbounded)
    guard try cursor.seekBelow(end.bytes), cursor.key.byteCount == 9,
      cursor.key.byte(0) == keyPrefix
    else { return nil }
    return try decode(cursor.value)
  }

  /// The schema that was in force after a transaction, if there was one.
  static func newest(_ reading: Reading, at transaction: TransactionNumber) throws -> GraphType? {
    guard transaction < .unbounded else { return try newest(reading) }
    var cursor = try reading.cursor(.schema)
    let end = key(TransactionNumber(transaction.rawValue + 1))
    guard try cursor.seekBelow(end.bytes), cursor.key.byteCount == 9,
      cursor.key.byte(0) == keyPrefix
    else { return nil }
    return try decode(cursor.value)
  }

  // MARK: Bytes

  static func encode(_ type: GraphType) -> [UInt8] {
    var row: [UInt8] = []
    add(type.name, to: &row)
    row.appendVariable(UInt64(type.nodeTypes.count))
    for node in type.nodeTypes {
      add(node.label, to: &row)
      add(optional: node.keyPrefix, to: &row)
      add(node.properties, to: &row)
      add(node.documentation, to: &row)
      add(optional: node.provenanceClass, to: &row)
      row.appendVariable(UInt64(max(0, node.line)))
    }
    row.appendVariable(UInt64(type.edgeTypes.count))
    for edge in type.edgeTypes {
      for text in [edge.type, edge.from, edge.to] { add(text, to: &row) }
      add(edge.properties, to: &row)
      row.append(edge.isManyToOne ? 1 : 0)
      add(edge.documentation, to: &row)
      row.appendVariable(UInt64(max(0, edge.line)))
    }
    row.appendVariable(UInt64(type.indexes.count))
    for index in type.indexes {
      add(index.name, to: &row)
      add(index.label, to: &row)
      add(index.properties, to: &row)
      row.append(index.isUnique ? 1 : 0)
    }
    add(type.source, to: &row)
    return row
  }

  private static func add(_ text: Text, to row: inout [UInt8]) {
    row.appendVariable(UInt64(text.utf8Count))
    row.append(text)
  }

  private static func add(optional text: Text?, to row: inout [UInt8]) {
    row.append(text == nil ? 0 : 1)
    if let text { add(text, to: &row) }
  }

  private static func add(_ texts: [Text], to row: inout [UInt8]) {
    row.appendVariable(UInt64(texts.count))
    for text in texts { add(text, to: &row) }
  }

  private static func add(_ properties: [PropertyType], to row: inout [UInt8]) {
    row.appendVariable(UInt64(properties.count))
    for property in properties {
      add(property.name, to: &row)
      add(Text(property.valueType.rawValue), to: &row)
      row.append(property.isRequired ? 1 : 0)
      add(property.allowed, to: &row)
      add(property.documentation, to: &row)
      row.appendVariable(UInt64(max(0, property.line)))
    }
  }

  static func decode(_ row: RawSpan) throws -> GraphType {
    var at = 0
    let name = try text(row, &at)
    var nodes: [NodeType] = []
    for _ in 0..<(try row.length(&at)) {
      nodes.append(
        NodeType(
          label: try text(row, &at), keyPrefix: try optionalText(row, &at),
          properties: try properties(row, &at), documentation: try text(row, &at),
          provenanceClass: try optionalText(row, &at), line: try row.length(&at)))
    }
    var edges: [EdgeType] = []
    for _ in 0..<(try row.length(&at)) {
      edges.append(
        EdgeType(
          type: try text(row, &at), from: try text(row, &at), to: try text(row, &at),
          properties: try properties(row, &at), isManyToOne: try flag(row, &at),
          documentation: try text(row, &at), line: try row.length(&at)))
    }
    var indexes: [IndexDefinition] = []
    for _ in 0..<(try row.length(&at)) {
      indexes.append(
        IndexDefinition(
          name: try text(row, &at), label: try text(row, &at), properties: try texts(row, &at),
          isUnique: try flag(row, &at)))
    }
    return GraphType(
      name: name, nodeTypes: nodes, edgeTypes: edges, indexes: indexes,
      source: try text(row, &at))
  }

  private static func text(_ row: RawSpan, _ at: inout Int) throws -> Text {
    let count = try row.length(&at)
    try row.require(count, at: at)
    defer { at += count }
    return try PropertyCodec.text(row, at, count)
  }

  private static func flag(_ row: RawSpan, _ at: inout Int) throws -> Bool {
    try row.require(1, at: at)
    at += 1
    return row.byte(at - 1) != 0
  }

  private static func optionalText(_ row: RawSpan, _ at: inout Int) throws -> Text? {
    try flag(row, &at) ? try text(row, &at) : nil
  }

  private static func texts(_ row: RawSpan, _ at: inout Int) throws -> [Text] {
    var result: [Text] = []
    for _ in 0..<(try row.length(&at)) { result.append(try text(row, &at)) }
    return result
  }

  private static func properties(_ row: RawSpan, _ at: inout Int) throws -> [PropertyType] {
    var result: [PropertyType] = []
    for _ in 0..<(try row.length(&at)) {
      let name = try text(row, &at)
      let spelling = try text(row, &at)
      guard
        let valueType = PropertyType.ValueType.allCases.first(where: {
          Text($0.rawValue) == spelling
        })
      else { throw StemmaError.damaged("schema", "a property has an unknown type") }
      result.append(
        PropertyType(
          name: name, valueType: valueType, isRequired: try flag(row, &at),
          allowed: try texts(row, &at), documentation: try text(row, &at),
          line: try row.length(&at)))
    }
    return result
  }
}
