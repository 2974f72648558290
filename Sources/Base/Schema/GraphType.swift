// A schema, parsed: the model of GQL's CREATE GRAPH TYPE (ISO/IEC 39075:2024, 18.1). `Cypher`
// parses it from text, `Graph` enforces it and keeps it in the log. Every element knows its line,
// so that a violation can name it.

/// The kinds of nodes and edges that a graph may hold.
public struct GraphType: Sendable, Hashable {
  public var name: Text
  public var nodeTypes: [NodeType]
  public var edgeTypes: [EdgeType]
  public var indexes: [IndexDefinition]
  /// The text it was parsed from, kept in the log.
  public var source: Text

  public init(
    name: Text, nodeTypes: [NodeType], edgeTypes: [EdgeType], indexes: [IndexDefinition],
    source: Text
  ) {
    self.name = name
    self.nodeTypes = nodeTypes
    self.edgeTypes = edgeTypes
    self.indexes = indexes
    self.source = source
  }
}

/// A kind of node.
public struct NodeType: Sendable, Hashable {
  public var label: Text
  /// `P` in `P42`; `nil` where nodes of this kind have no keys.
  public var keyPrefix: Text?
  public var properties: [PropertyType]
  public var documentation: Text
  /// The W3C PROV class it maps to: `Entity`, `Activity`, `Agent`.
  public var provenanceClass: Text?
  public var line: Int

  public init(
    label: Text, keyPrefix: Text?, properties: [PropertyType], documentation: Text,
    provenanceClass: Text? = nil, line: Int
  ) {
    self.label = label
    self.keyPrefix = keyPrefix
    self.properties = properties
    self.documentation = documentation
    self.provenanceClass = provenanceClass
    self.line = line
  }
}

/// A kind of edge between two kinds of nodes. The same type name may join several pairs.
public struct EdgeType: Sendable, Hashable {
  public var type: Text
  public var from: Text
  public var to: Text
  public var properties: [PropertyType]
  /// Whether a start node has at most one edge of this type.
  public var isManyToOne: Bool
  public var documentation: Text
  public var line: Int

  public init(
    type: Text, from: Text, to: Text, properties: [PropertyType], isManyToOne: Bool,
    documentation: Text, line: Int
  ) {
    self.type = type
    self.from = from
    self.to = to
    self.properties = properties
    self.isManyToOne = isManyToOne
    self.documentation = documentation
    self.line = line
  }
}

/// A typed property of a kind.
public struct PropertyType: Sendable, Hashable {
  public enum ValueType: String, Sendable, Hashable, CaseIterable {
    case any, boolean, integer, float, string, bytes
    case date, localTime, time, localDateTime, dateTime, duration
    case integerList, floatList, stringList, list

    /// As a schema spells it and messages say it: `INTEGER`, `ZONED DATETIME`, `LIST<STRING>`.
    public var gqlName: String {
      switch self {
      case .any: "ANY"
      case .boolean: "BOOLEAN"
      case .integer: "INTEGER"
      case .float: "FLOAT"
      case .string: "STRING"
      case .bytes: "BYTES"
      case .date: "DATE"
      case .localTime: "LOCAL TIME"
      case .time: "ZONED TIME"
      case .localDateTime: "LOCAL DATETIME"
      case .dateTime: "ZONED DATETIME"
      case .duration: "DURATION"
      case .integerList: "LIST<INTEGER>"
      case .floatList: "LIST<FLOAT>"
      case .stringList: "LIST<STRING>"
      case .list: "LIST<ANY>"
      }
    }
  }

  public var name: Text
  public var valueType: ValueType
  public var isRequired: Bool
  /// Allowed values of a string property; empty for no restriction.
  public var allowed: [Text]
  public var documentation: Text
  public var line: Int

  public init(
    name: Text, valueType: ValueType, isRequired: Bool, allowed: [Text] = [],
    documentation: Text, line: Int
  ) {
    self.name = name
    self.valueType = valueType
    self.isRequired = isRequired
    self.allowed = allowed
    self.documentation = documentation
    self.line = line
  }
}

/// An ordered index over one or more properties of the nodes with a label.
public struct IndexDefinition: Sendable, Hashable {
  public var name: Text
  public var label: Text
  public var properties: [Text]
  public var isUnique: Bool

  public init(name: Text, label: Text, properties: [Text], isUnique: Bool = false) {
    self.name = name
    self.label = label
    self.properties = properties
    self.isUnique = isUnique
  }
}
