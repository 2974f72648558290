// The graph as W3C PROV, in PROV-JSON and PROV-N: nodes by the class that the schema gives their
// kind, edges by the relation that fits the classes of their ends.

import Base
import Graph

/// A class of PROV-DM.
enum ProvenanceClass: String, CaseIterable {
  case entity, activity, agent

  /// Its place among the classes.
  var number: Int {
    switch self {
    case .entity: 0
    case .activity: 1
    case .agent: 2
    }
  }

  init(_ name: Text?) {
    self = name.flatMap { ProvenanceClass(rawValue: $0.string.lowercased()) } ?? .entity
  }
}

/// A relation of PROV-DM with the names of its two ends.
enum ProvenanceRelation: String, CaseIterable {
  case used, wasGeneratedBy, wasDerivedFrom, wasAttributedTo, wasAssociatedWith, wasInfluencedBy

  /// Its place among the relations.
  var number: Int {
    switch self {
    case .used: 0
    case .wasGeneratedBy: 1
    case .wasDerivedFrom: 2
    case .wasAttributedTo: 3
    case .wasAssociatedWith: 4
    case .wasInfluencedBy: 5
    }
  }

  /// The roles of the first and the second argument.
  var roles: (first: StaticString, second: StaticString) {
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
  /// The class of each kind, as the schema in force says.
  func provenanceClasses(_ view: borrowing GraphView) throws -> [Text: Text] {
    var classes: [Text: Text] = [:]
    for type in try view.schema()?.nodeTypes ?? [] { classes[type.label] = type.provenanceClass }
    return classes
  }

  /// The class of PROV that each node's kind has, for nodes that are no entities.
  func provenanceKinds(
    _ classes: [Text: Text], _ view: borrowing GraphView
  ) throws -> [ProvenanceClass?] {
    let others = classes.filter { ProvenanceClass($0.value) != .entity }
    if others.isEmpty { return [] }
    var kinds = [ProvenanceClass?](repeating: nil, count: Int(view.nodeLimit))
    if let part = graph.part {
      for (id, node) in part.nodes where id < UInt64(kinds.count) {
        kinds[Int(id)] = ProvenanceClass(node.labels.lazy.compactMap { classes[$0] }.first)
      }
      return kinds
    }
    // A node has the class of its first label, so the last to be looked at wins.
    for label in classes.keys.sorted(by: >) {
      guard let symbol = try view.symbol(for: label) else { continue }
      var position = ScanPosition()
      var nodes: [NodeID] = []
      while !position.isExhausted {
        nodes.removeAll(keepingCapacity: true)
        try view.scanNodes(label: symbol, after: &position, into: &nodes, limit: 4_096)
        for node in nodes { kinds[Int(node.rawValue)] = ProvenanceClass(classes[label]) }
      }
    }
    return kinds
  }

  /// The local part of a qualified name: what PROV-N does not allow is escaped.
  static func local(_ name: String) -> String {
    var json = PlainJSON()
    json.local(Array(name.utf8)[...])
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

extension PlainJSON {
  /// The local part of a qualified name.
  mutating func local(_ name: Text) { local(Array(name.string.utf8)[...]) }

  mutating func local(_ name: ArraySlice<UInt8>) {
    for byte in name {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: append(byte: byte)
      default: raw("%" + HexText.encode([byte]))
      }
    }
  }

  /// The qualified name of a node, with its prefix.
  mutating func qualifiedName(_ id: UInt64, _ key: ArraySlice<UInt8>?) {
    raw("s:")
    if let key {
      local(key)
    } else {
      raw("n")
      integer(id)
    }
  }

  /// A record of PROV-JSON about a node.
  mutating func node(
    _ id: UInt64, _ key: ArraySlice<UInt8>?, _ shape: BundleShape, _ values: BundleValues
  ) {
    raw(",\n\"")
    qualifiedName(id, key)
    raw("\": {\"prov:type\": [")
    append(encoded: shape.types)
    raw("]")
    for index in shape.order where !values.isAbsent(index) {
      append(encoded: shape.attributes[index])
      values.literal(index, into: &self)
    }
    raw("}")
  }

  /// A record of PROV-JSON about an edge between two names.
  mutating func edge(
    _ id: UInt64, _ relation: ProvenanceRelation, _ one: [UInt8], _ two: [UInt8],
    _ shape: BundleShape
  ) {
    let roles = relation.roles
    raw(",\n\"_:e")
    integer(id)
    raw("\": {\"prov:")
    raw(roles.first)
    raw("\": \"")
    append(encoded: one)
    raw("\", \"prov:")
    raw(roles.second)
    raw("\": \"")
    append(encoded: two)
    raw("\", \"prov:type\": ")
    append(encoded: shape.types)
    raw("}")
  }

  /// A line of PROV-N about a node.
  mutating func notation(_ id: UInt64, _ key: ArraySlice<UInt8>?, _ shape: BundleShape) {
    raw(shape.provenance.rawValue)
    raw("(")
    qualifiedName(id, key)
    raw(shape.provenance == .activity ? ", -, -, [" : ", [")
    append(encoded: shape.notation)
    raw("])\n")
  }

  /// A line of PROV-N about an edge.
  mutating func notation(
    _ relation: ProvenanceRelation, _ one: [UInt8], _ two: [UInt8], _ shape: BundleShape
  ) {
    raw(relation.rawValue)
    raw("(")
    append(encoded: one)
    raw(", ")
    append(encoded: two)
    switch relation {
    case .used, .wasGeneratedBy, .wasAssociatedWith: raw(", -, [")
    default: raw(", [")
    }
    append(encoded: shape.notation)
    raw("])\n")
  }
}
