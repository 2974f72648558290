// Schemas and index definitions in CBOR: arrays in the order of the fields, since a replay must not
// depend on how a later version of the parser reads the schema's text.

import Base

extension CBORWriter {
  mutating func graphType(_ type: GraphType) {
    array(5)
    text(type.name)
    array(type.nodeTypes.count)
    for node in type.nodeTypes {
      array(6)
      text(node.label)
      optional(node.keyPrefix)
      properties(node.properties)
      text(node.documentation)
      optional(node.provenanceClass)
      integer(Int64(node.line))
    }
    array(type.edgeTypes.count)
    for edge in type.edgeTypes {
      array(7)
      text(edge.type)
      text(edge.from)
      text(edge.to)
      properties(edge.properties)
      boolean(edge.isManyToOne)
      text(edge.documentation)
      integer(Int64(edge.line))
    }
    array(type.indexes.count)
    for index in type.indexes { self.index(index) }
    text(type.source)
  }

  mutating func index(_ index: IndexDefinition) {
    array(4)
    text(index.name)
    text(index.label)
    texts(index.properties)
    boolean(index.isUnique)
  }

  private mutating func properties(_ properties: [PropertyType]) {
    array(properties.count)
    for property in properties {
      array(6)
      text(property.name)
      text(Text(property.valueType.rawValue))
      boolean(property.isRequired)
      texts(property.allowed)
      text(property.documentation)
      integer(Int64(property.line))
    }
  }

  private mutating func texts(_ texts: [Text]) {
    array(texts.count)
    for text in texts { self.text(text) }
  }

  private mutating func optional(_ text: Text?) {
    if let text { self.text(text) } else { null() }
  }
}

extension CBORReader {
  mutating func graphType() throws(CBORError) -> GraphType {
    try array(of: 5)
    let name = try text()
    let nodeTypes = try list { reader throws(CBORError) in try reader.nodeType() }
    let edgeTypes = try list { reader throws(CBORError) in try reader.edgeType() }
    let indexes = try list { reader throws(CBORError) in try reader.index() }
    return GraphType(
      name: name, nodeTypes: nodeTypes, edgeTypes: edgeTypes, indexes: indexes,
      source: try text())
  }

  mutating func index() throws(CBORError) -> IndexDefinition {
    try array(of: 4)
    return IndexDefinition(
      name: try text(), label: try text(),
      properties: try list { reader throws(CBORError) in try reader.text() },
      isUnique: try boolean())
  }

  private mutating func nodeType() throws(CBORError) -> NodeType {
    try array(of: 6)
    return NodeType(
      label: try text(), keyPrefix: try optionalText(),
      properties: try list { reader throws(CBORError) in try reader.propertyType() },
      documentation: try text(), provenanceClass: try optionalText(), line: try line())
  }

  private mutating func edgeType() throws(CBORError) -> EdgeType {
    try array(of: 7)
    return EdgeType(
      type: try text(), from: try text(), to: try text(),
      properties: try list { reader throws(CBORError) in try reader.propertyType() },
      isManyToOne: try boolean(), documentation: try text(), line: try line())
  }

  private mutating func propertyType() throws(CBORError) -> PropertyType {
    try array(of: 6)
    let name = try text()
    let start = offset
    let spelling = try text()
    guard
      let type = PropertyType.ValueType.allCases.first(where: { Text($0.rawValue) == spelling })
    else { throw CBORError(.unexpected, at: start) }
    return PropertyType(
      name: name, valueType: type, isRequired: try boolean(),
      allowed: try list { reader throws(CBORError) in try reader.text() },
      documentation: try text(), line: try line())
  }

  private mutating func list<Item>(
    _ item: (inout CBORReader) throws(CBORError) -> Item
  ) throws(CBORError) -> [Item] {
    var result: [Item] = []
    for _ in 0..<(try array()) { result.append(try item(&self)) }
    return result
  }

  private mutating func optionalText() throws(CBORError) -> Text? { null() ? nil : try text() }

  private mutating func line() throws(CBORError) -> Int { Int(try integer()) }
}
