// How large a write may be, in one place. What is larger is refused with the limit's name.

/// The limits of one transaction.
enum WriteLimits {
  /// Operations of one transaction.
  static let operations = LogRecord.operationLimit
  /// Bytes of a label, edge type, property or index name.
  static let nameBytes = 255
  /// Labels of one node.
  static let labels = 255
  /// Properties of one node or edge.
  static let properties = 4096
  /// Bytes of one value; larger things are objects of the store.
  static let valueBytes = 64 << 20
  /// Bytes of the prefix of a kind's keys.
  static let keyPrefixBytes = 32
  /// Properties of one index.
  static let indexProperties = 8
}
