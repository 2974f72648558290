// A graph type while its elements are being read: names may be used before they are declared, so
// ends of edges and whole-file rules are settled at the end.

import Base

/// The elements read so far.
struct GraphTypeDraft {
  private var graphType: GraphType
  private let report: SchemaReport
  private var aliases: [Text: Text] = [:]
  private var prefixes: Set<Text> = []
  private var pendingEdges: [PendingEdge] = []

  private struct PendingEdge {
    var type: SchemaToken
    var from: [SchemaToken]
    var to: [SchemaToken]
    var annotations: SchemaAnnotations
    var properties: [PropertyType]
  }

  private struct EdgeSignature: Hashable {
    var type: Text
    var from: Text
    var to: Text
  }

  init(name: Text, source: Text, report: SchemaReport) {
    graphType = GraphType(name: name, nodeTypes: [], edgeTypes: [], indexes: [], source: source)
    self.report = report
  }

  mutating func addNode(
    label: SchemaToken, alias: SchemaToken?, annotations: SchemaAnnotations,
    properties: [PropertyType]
  ) throws {
    if let earlier = graphType.nodeTypes.first(where: { $0.label == label.text }) {
      throw report.error(
        "the node type \(label.text) is declared twice", at: label.place,
        advice: "The first one is in line \(earlier.line).")
    }
    let name = alias ?? label
    guard aliases.updateValue(label.text, forKey: name.text) == nil else {
      throw report.error(
        "the name \(name.text) is used by two node types", at: name.place,
        advice: "Name each node type after its label.")
    }
    if let prefix = annotations.keyPrefix {
      try check(prefix, properties: properties)
    }
    if let provenance = annotations.provenanceClass {
      let classes: [Text] = ["Entity", "Activity", "Agent"]
      guard classes.contains(provenance.text) else {
        throw report.error(
          "\(provenance.text) is no class of PROV", at: provenance.place,
          advice: report.suggestion(
            for: provenance.text, among: classes,
            otherwise: "Use Entity, Activity or Agent."))
      }
    }
    for index in annotations.indexes {
      try addIndex(index, label: label.text, properties: properties)
    }
    graphType.nodeTypes.append(
      NodeType(
        label: label.text, keyPrefix: annotations.keyPrefix?.text, properties: properties,
        documentation: annotations.prose, provenanceClass: annotations.provenanceClass?.text,
        line: label.place.line))
  }

  private mutating func check(
    _ prefix: SchemaAnnotations.Located, properties: [PropertyType]
  ) throws {
    let isValid =
      prefix.text.utf8Count <= 8
      && prefix.text.string.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    guard isValid else {
      throw report.error(
        "a key prefix is one to eight capital letters", at: prefix.place,
        advice: "Write for example @key P.")
    }
    guard prefixes.insert(prefix.text).inserted else {
      throw report.error(
        "the key prefix \(prefix.text) belongs to another node type", at: prefix.place,
        advice: "Choose a prefix of its own, so that a key names one kind.")
    }
    if let clash = properties.first(where: { $0.name == "key" }) {
      throw report.error(
        "the property key is made by Stemma for node types with @key",
        at: SchemaPlace(line: clash.line, column: 1, length: 1),
        advice: "Give the property another name, or remove @key.")
    }
  }

  private mutating func addIndex(
    _ index: SchemaAnnotations.Index, label: Text, properties: [PropertyType]
  ) throws {
    for wanted in index.properties {
      guard let property = properties.first(where: { $0.name == wanted.text }) else {
        throw report.error(
          "\(label) has no property \(wanted.text) to index", at: wanted.place,
          advice: report.suggestion(
            for: wanted.text, among: properties.map(\.name),
            otherwise: "Declare it, or index another one."))
      }
      switch property.valueType {
      case .integerList, .floatList, .stringList, .list, .bytes:
        throw report.error(
          "\(wanted.text) cannot be indexed: lists and bytes have no ordered index",
          at: wanted.place, advice: "Index a property that holds a single value.")
      default: break
      }
    }
    let name = ([label] + index.properties.map(\.text)).map(\.string).joined(separator: "_")
    let definition = IndexDefinition(
      name: Text(name), label: label, properties: index.properties.map(\.text),
      isUnique: index.isUnique)
    if graphType.indexes.contains(where: { $0.name == definition.name }) {
      throw report.error(
        "this index is declared twice", at: index.properties[0].place,
        advice: "Remove one of the two.")
    }
    graphType.indexes.append(definition)
  }

  mutating func addEdges(
    type: SchemaToken, from: [SchemaToken], to: [SchemaToken], annotations: SchemaAnnotations,
    properties: [PropertyType]
  ) throws {
    pendingEdges.append(
      PendingEdge(
        type: type, from: from, to: to, annotations: annotations, properties: properties))
  }

  /// The whole, with the ends of edges resolved.
  mutating func finished() throws -> GraphType {
    var seen: [EdgeSignature: Int] = [:]
    for edge in pendingEdges {
      for from in edge.from {
        for to in edge.to { try add(edge, from: from, to: to, seen: &seen) }
      }
    }
    return graphType
  }

  private mutating func add(
    _ edge: PendingEdge, from: SchemaToken, to: SchemaToken, seen: inout [EdgeSignature: Int]
  ) throws {
    let signature = EdgeSignature(
      type: edge.type.text, from: try label(of: from), to: try label(of: to))
    if let earlier = seen.updateValue(edge.type.place.line, forKey: signature) {
      throw report.error(
        "(\(signature.from))-[:\(signature.type)]->(\(signature.to)) is declared twice",
        at: edge.type.place, advice: "The first one is in line \(earlier).")
    }
    guard graphType.nodeTypes.count + graphType.edgeTypes.count < GraphTypeParser.maximumElements
    else {
      throw report.error(
        "there are more than \(GraphTypeParser.maximumElements) elements", at: edge.type.place,
        advice: "Use fewer alternatives in ( | ).")
    }
    graphType.edgeTypes.append(
      EdgeType(
        type: signature.type, from: signature.from, to: signature.to,
        properties: edge.properties, isManyToOne: edge.annotations.isManyToOne != nil,
        documentation: edge.annotations.prose, line: edge.type.place.line))
  }

  private func label(of end: SchemaToken) throws -> Text {
    if let label = aliases[end.text] { return label }
    if graphType.nodeTypes.contains(where: { $0.label == end.text }) { return end.text }
    throw report.error(
      "there is no node type \(end.text)", at: end.place,
      advice: report.suggestion(
        for: end.text, among: graphType.nodeTypes.map(\.label),
        otherwise: "Declare it: (\(end.text) :\(end.text) {...})."))
  }
}
