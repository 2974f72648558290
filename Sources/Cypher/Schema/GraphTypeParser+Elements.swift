// Node types, edge types and their properties: the inside of CREATE GRAPH TYPE.

import Base

extension GraphTypeParser {
  /// One node type or edge type.
  mutating func element(into draft: inout GraphTypeDraft) throws {
    let first = current
    try skipElementWords()
    let opening = current
    try expectMark("(", advice: "An element is (Label :Label {...}) or (A)-[:TYPE {...}]->(B).")
    if let ends = try edgeEnds(opening: opening) {
      return try edge(from: ends, documentedBy: first, into: &draft)
    }
    try node(documentedBy: first, into: &draft)
  }

  /// `NODE TYPE name` and `DIRECTED EDGE TYPE name` may be written before a pattern.
  private mutating func skipElementWords() throws {
    if current.isKeyword("UNDIRECTED") {
      throw report.error(
        "undirected edges are not supported", at: current.place,
        advice: "Write a directed edge; a query may follow it in both directions.")
    }
    _ = acceptKeyword("DIRECTED")
    for word in ["NODE", "VERTEX", "EDGE", "RELATIONSHIP"] as [Text] where acceptKeyword(word) {
      _ = acceptKeyword("TYPE")
      if current.kind != .mark { _ = try expectName("the type's name") }
      return
    }
  }

  /// The names of an end, where what follows `(` is one: `A`, `:A` or `A | B` up to `)` and an
  /// arrow. Otherwise nothing is consumed.
  private mutating func edgeEnds(opening: SchemaToken) throws -> [SchemaToken]? {
    let start = position
    var names: [SchemaToken] = []
    repeat {
      _ = acceptMark(":")
      guard current.kind == .word || current.kind == .quotedName else { break }
      names.append(take())
    } while acceptMark("|")
    let isEnd =
      acceptMark(")") && (current.isMark("-") || current.isMark("<") || current.isMark("~"))
    if isEnd, !names.isEmpty { return names }
    position = start
    return nil
  }

  private mutating func node(
    documentedBy first: SchemaToken, into draft: inout GraphTypeDraft
  ) throws {
    var alias: SchemaToken?
    if current.kind != .mark { alias = take() }
    let hasLabel = acceptMark(":") || acceptKeyword("LABEL") || acceptKeyword("IS")
    guard hasLabel else {
      throw report.error(
        "a node type needs a label here, not \(shown)", at: current.place,
        advice: "Write for example (Proposal :Proposal { title STRING }).")
    }
    let label = try expectName("a label")
    if current.isMark("&") {
      throw report.error(
        "a node type has one label", at: current.place,
        advice: "Declare each label as a node type of its own.")
    }
    let annotations = try SchemaAnnotations(first.documentation, for: .node, report: report)
    let properties = try propertyList()
    try expectMark(")", advice: "A node type ends with ).")
    try draft.addNode(
      label: label, alias: alias, annotations: annotations, properties: properties)
  }

  private mutating func edge(
    from starts: [SchemaToken], documentedBy first: SchemaToken, into draft: inout GraphTypeDraft
  ) throws {
    if current.isMark("~") {
      throw report.error(
        "undirected edges are not supported", at: current.place,
        advice: "Write a directed edge; a query may follow it in both directions.")
    }
    let advice = "An edge type is (A)-[:TYPE {...}]->(B)."
    let pointsLeft = acceptMark("<")
    try expectMark("-", advice: advice)
    try expectMark("[", advice: advice)
    if current.kind != .mark, !current.isKeyword("LABEL"), !current.isKeyword("IS") { _ = take() }
    guard acceptMark(":") || acceptKeyword("LABEL") || acceptKeyword("IS") else {
      throw report.error(
        "an edge type needs a name after a colon, not \(shown)", at: current.place, advice: advice)
    }
    let type = try expectName("the edge's type")
    let annotations = try SchemaAnnotations(first.documentation, for: .edge, report: report)
    let properties = try propertyList()
    try expectMark("]", advice: advice)
    try expectMark("-", advice: advice)
    if !pointsLeft { try expectMark(">", advice: advice) }
    let opening = current
    try expectMark("(", advice: advice)
    let ends = try closingEnds(opening: opening)
    try draft.addEdges(
      type: type, from: pointsLeft ? ends : starts, to: pointsLeft ? starts : ends,
      annotations: annotations, properties: properties)
  }

  private mutating func closingEnds(opening: SchemaToken) throws -> [SchemaToken] {
    var names: [SchemaToken] = []
    repeat {
      _ = acceptMark(":")
      names.append(try expectName("a node type"))
    } while acceptMark("|")
    try expectMark(")", advice: "An edge ends with the node type it points to: ->(Run).")
    return names
  }

  /// `{ name TYPE NOT NULL, ... }`, or nothing.
  private mutating func propertyList() throws -> [PropertyType] {
    guard acceptMark("{") else { return [] }
    var properties: [PropertyType] = []
    if acceptMark("}") { return [] }
    repeat {
      let property = try property()
      if properties.contains(where: { $0.name == property.declared.name }) {
        throw report.error(
          "the property \(property.declared.name) is declared twice", at: property.place,
          advice: "Remove one of the two.")
      }
      properties.append(property.declared)
    } while acceptMark(",")
    try expectMark("}", advice: "Properties are separated by commas and end with }.")
    return properties
  }

  private mutating func property() throws -> (declared: PropertyType, place: SchemaPlace) {
    let name = try expectName("a property's name")
    let annotations = try SchemaAnnotations(name.documentation, for: .property, report: report)
    if acceptMark(":") {
      try expectMark(":", advice: "Write name TYPE or name :: TYPE.")
    } else {
      _ = acceptKeyword("TYPED")
    }
    let valueType = try valueType(of: name.text)
    var isRequired = false
    if acceptKeyword("NOT") {
      try expectKeyword("NULL", advice: "A required property is written name TYPE NOT NULL.")
      isRequired = true
    }
    if let first = annotations.allowed.first, valueType != .string {
      throw report.error(
        "only STRING properties can have allowed values", at: first.place,
        advice: "Remove @allowed from \(name.text), or make it a STRING.")
    }
    try refuseRepetition(annotations.allowed)
    let declared = PropertyType(
      name: name.text, valueType: valueType, isRequired: isRequired,
      allowed: annotations.allowed.map(\.text), documentation: annotations.prose,
      line: name.place.line)
    return (declared, name.place)
  }

  private func refuseRepetition(_ allowed: [SchemaAnnotations.Located]) throws {
    var seen: Set<Text> = []
    for value in allowed where !seen.insert(value.text).inserted {
      throw report.error(
        "the value \(value.text) is allowed twice", at: value.place,
        advice: "Remove one of the two.")
    }
  }
}
