// The graph as W3C PROV, in PROV-JSON and PROV-N: nodes by the class that the schema gives their
// kind, edges by the relation that fits the classes of their ends.

import Base
import Graph

/// A class of PROV-DM.
enum ProvenanceClass: String, CaseIterable {
  case entity, activity, agent

  init(_ name: Text?) {
    self = name.flatMap { ProvenanceClass(rawValue: $0.string.lowercased()) } ?? .entity
  }
}

/// A relation of PROV-DM with the names of its two ends.
enum ProvenanceRelation: String, CaseIterable {
  case used, wasGeneratedBy, wasDerivedFrom, wasAttributedTo, wasAssociatedWith, wasInfluencedBy

  /// The roles of the first and the second argument.
  var roles: (first: String, second: String) {
    switch self {
    case .used: ("activity", "entity")
    case .wasGeneratedBy: ("entity", "activity")
    case .wasDerivedFrom: ("generatedEntity", "usedEntity")
    case .wasAttributedTo: ("entity", "agent")
    case .wasAssociatedWith: ("activity", "agent")
    case .wasInfluencedBy: ("influencee", "influencer")
    }
  }

  private static let derivations: Set<Text> = [
    "DERIVED_FROM", "BASED_ON", "SUPERSEDES", "MADE_FROM", "REPLICATES", "ABLATES", "USES",
    "CANDIDATE", "BASELINE", "CITES",
  ]

  /// The relation for an edge, and whether its ends change places.
  static func of(
    _ type: Text, _ from: ProvenanceClass, _ to: ProvenanceClass
  ) -> (relation: ProvenanceRelation, isTurned: Bool) {
    switch (from, to) {
    case (.entity, .agent): (.wasAttributedTo, false)
    case (.activity, .agent): (.wasAssociatedWith, false)
    case (.entity, .entity) where derivations.contains(type): (.wasDerivedFrom, false)
    case (.entity, .activity) where type == "EVALUATES": (.wasGeneratedBy, false)
    case (.activity, .entity) where type == "PRODUCED" || type == "RESULTED_IN":
      (.wasGeneratedBy, true)
    case (.activity, .entity): (.used, false)
    default: (.wasInfluencedBy, false)
    }
  }
}

extension BundleExport {
  func writeProvenance(_ view: borrowing GraphView) throws {
    let classes = try provenanceClasses(view)
    let file = try BundleFolder.File(try folder.place("prov.json"))
    let notation = try BundleFolder.File(try folder.place("prov.provn"))
    var prefix = PlainJSON()
    prefix.string("https://\(trail.origin)/")
    let space = String(decoding: prefix.bytes, as: UTF8.self)
    try file.write("{\"prefix\": {\"s\": \(space)}")
    try notation.write("document\nprefix s <https://\(trail.origin)/>\n")
    var kinds: [UInt64: ProvenanceClass] = [:]
    try graph.forEachNode(view) { node in
      kinds[node.id] = ProvenanceClass(node.labels.lazy.compactMap { classes[$0] }.first)
    }
    for kind in ProvenanceClass.allCases {
      var isFirst = true
      try graph.forEachNode(view) { node in
        guard kinds[node.id] == kind else { return }
        try file.write(isFirst ? ",\n\"\(kind.rawValue)\": {\n" : ",\n")
        isFirst = false
        var json = PlainJSON()
        json.provenance(node)
        try file.write(json.bytes)
        let times = kind == .activity ? ", -, -" : ""
        try notation.write("\(kind.rawValue)(\(node.qualifiedName)\(times), [")
        let types = node.labels.map { "prov:type='s:\(Self.local($0.string))'" }
        try notation.write(types.joined(separator: ", ") + "])\n")
      }
      if !isFirst { try file.write("\n}") }
    }
    for relation in ProvenanceRelation.allCases {
      try write(relation, kinds, view, file, notation)
    }
    try file.write("\n}\n")
    try notation.write("endDocument\n")
    try folder.settle(file, as: "prov.json")
    try folder.settle(notation, as: "prov.provn")
  }

  private func write(
    _ relation: ProvenanceRelation, _ kinds: [UInt64: ProvenanceClass],
    _ view: borrowing GraphView, _ file: BundleFolder.File, _ notation: BundleFolder.File
  ) throws {
    var isFirst = true
    let roles = relation.roles
    var names: [(UInt64, UInt64, UInt64, Text)] = []
    try graph.forEachEdge(view) { edge in
      let kind = ProvenanceRelation.of(
        edge.type, kinds[edge.from] ?? .entity, kinds[edge.to] ?? .entity)
      guard kind.relation == relation else { return }
      let ends = kind.isTurned ? (edge.to, edge.from) : (edge.from, edge.to)
      names.append((edge.id, ends.0, ends.1, edge.type))
    }
    for (id, first, second, type) in names {
      let (one, two) = (try qualifiedName(first, view), try qualifiedName(second, view))
      try file.write(isFirst ? ",\n\"\(relation.rawValue)\": {\n" : ",\n")
      isFirst = false
      var json = PlainJSON()
      json.raw("\"_:e\(id)\": {\"prov:\(roles.first)\": ")
      json.string(one)
      json.raw(", \"prov:\(roles.second)\": ")
      json.string(two)
      json.raw(", \"prov:type\": {\"$\": ")
      json.string("s:" + Self.local(type.string))
      json.raw(", \"type\": \"prov:QUALIFIED_NAME\"}}")
      try file.write(json.bytes)
      let blank = relation == .used || relation == .wasGeneratedBy ? ", -" : ""
      let plan = relation == .wasAssociatedWith ? ", -" : blank
      try notation.write(
        "\(relation.rawValue)(\(one), \(two)\(plan), [prov:type='s:\(Self.local(type.string))'])\n")
    }
    if !isFirst { try file.write("\n}") }
  }

  /// The class of each kind, as the schema in force says.
  func provenanceClasses(_ view: borrowing GraphView) throws -> [Text: Text] {
    var classes: [Text: Text] = [:]
    for type in try view.schema()?.nodeTypes ?? [] { classes[type.label] = type.provenanceClass }
    return classes
  }

  func qualifiedName(_ node: UInt64, _ view: borrowing GraphView) throws -> String {
    "s:" + Self.local(try graph.name(of: node, view))
  }

  /// The local part of a qualified name: what PROV-N does not allow is escaped.
  static func local(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "A"..."Z", "a"..."z", "0"..."9", "_": result.unicodeScalars.append(scalar)
      default: result += scalar.utf8.map { "%" + HexText.encode([$0]) }.joined()
      }
    }
    return result
  }
}

extension BundleNode {
  var qualifiedName: String { "s:" + BundleExport.local(name) }
}

extension PlainJSON {
  /// A record of PROV-JSON.
  mutating func provenance(_ node: BundleNode) {
    string(node.qualifiedName)
    raw(": {\"prov:type\": [")
    for (index, label) in node.labels.enumerated() {
      if index > 0 { raw(", ") }
      raw("{\"$\": ")
      string("s:" + BundleExport.local(label.string))
      raw(", \"type\": \"prov:QUALIFIED_NAME\"}")
    }
    raw("]")
    for property in node.properties.sorted(by: { $0.name < $1.name }) {
      raw(", ")
      string("s:" + BundleExport.local(property.name.string))
      raw(": ")
      literal(property.value)
    }
    raw("}")
  }

  /// Typed where PROV has a type for it, else the value's JSON as a string.
  private mutating func literal(_ value: Value) {
    func typed(_ type: String, _ text: String, _ json: inout PlainJSON) {
      json.raw("{\"$\": ")
      json.string(text)
      json.raw(", \"type\": \"xsd:\(type)\"}")
    }
    switch value {
    case .string(let text): string(text)
    case .integer(let number): typed("long", "\(number)", &self)
    case .float(let number) where number.isFinite: typed("double", "\(number)", &self)
    case .boolean(let flag): typed("boolean", "\(flag)", &self)
    case .dateTime(let moment) where moment.zoneName == nil:
      typed("dateTime", moment.description, &self)
    default:
      var json = PlainJSON()
      json.value(value)
      typed("string", String(decoding: json.bytes, as: UTF8.self), &self)
    }
  }
}
