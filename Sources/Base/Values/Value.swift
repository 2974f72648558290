// Every value that Cypher knows, and that a property can hold. What a property may *not* hold
// (maps, nodes, edges, paths) is refused by `Graph`, not here.
//
// Equality here is identity of representation, for tests and dictionaries; Cypher's three-valued
// `=` and its total order are in `Value+Ordering.swift` and the executor.

/// A Cypher value. Seventeen bytes: numbers and identities lie in the value itself, only the rare
/// wide types are boxed.
public enum Value: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(Text)
  case bytes([UInt8])
  case date(CalendarDate)
  case localTime(LocalTime)
  case time(ZonedTime)
  case localDateTime(LocalDateTime)
  indirect case dateTime(ZonedDateTime)
  indirect case duration(CalendarDuration)
  case list([Value])
  case map(ValueMap)
  /// A node by identity; its labels and properties are read from the snapshot it came from.
  case node(NodeID)
  case edge(EdgeID)
  case path(Path)
}

extension Value {
  /// A string value from a Swift string.
  public static func text(_ string: String) -> Value { .string(Text(string)) }

  public var isNull: Bool {
    if case .null = self { return true }
    return false
  }
}
