// What can be said about the type of an expression before it runs. An expression whose possible
// types cannot satisfy an operator is a compile-time error; everything else is left to run time.

/// The kinds of values that an expression may yield, with one level of list elements.
package struct StaticType: Hashable, Sendable {
  package var kinds: ValueKinds
  /// The kinds of the elements where the value is a list.
  package var elements: ValueKinds

  package init(_ kinds: ValueKinds, elements: ValueKinds = .any) {
    self.kinds = kinds
    self.elements = elements
  }

  package static let any = StaticType(.any)
  package static let boolean = StaticType([.boolean, .null])
  package static let integer = StaticType([.integer, .null])
  package static let float = StaticType([.float, .null])
  package static let number = StaticType([.integer, .float, .null])
  package static let string = StaticType([.string, .null])
  package static let map = StaticType([.map, .null])
  package static let node = StaticType([.node, .null])
  package static let edge = StaticType([.edge, .null])
  package static let path = StaticType([.path, .null])
  package static let null = StaticType(.null)

  package static func list(of elements: ValueKinds) -> StaticType {
    StaticType([.list, .null], elements: elements)
  }

  /// Either this or the other.
  package func union(_ other: StaticType) -> StaticType {
    let lists = (kinds.contains(.list) ? elements : []).union(
      other.kinds.contains(.list) ? other.elements : [])
    return StaticType(kinds.union(other.kinds), elements: lists.isEmpty ? .any : lists)
  }

  /// Whether a value of one of these kinds is possible; what can only be null can be anything.
  package func canBe(_ wanted: ValueKinds) -> Bool {
    let known = kinds.subtracting(.null)
    return known.isEmpty || !known.isDisjoint(with: wanted)
  }

  /// Whether every value is of one of these kinds or null.
  package func isOnly(_ wanted: ValueKinds) -> Bool {
    wanted.union(.null).isSuperset(of: kinds)
  }
}

/// A set of kinds of values.
package struct ValueKinds: OptionSet, Hashable, Sendable {
  package var rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let null = ValueKinds(rawValue: 1 << 0)
  package static let boolean = ValueKinds(rawValue: 1 << 1)
  package static let integer = ValueKinds(rawValue: 1 << 2)
  package static let float = ValueKinds(rawValue: 1 << 3)
  package static let string = ValueKinds(rawValue: 1 << 4)
  package static let bytes = ValueKinds(rawValue: 1 << 5)
  package static let date = ValueKinds(rawValue: 1 << 6)
  package static let localTime = ValueKinds(rawValue: 1 << 7)
  package static let time = ValueKinds(rawValue: 1 << 8)
  package static let localDateTime = ValueKinds(rawValue: 1 << 9)
  package static let dateTime = ValueKinds(rawValue: 1 << 10)
  package static let duration = ValueKinds(rawValue: 1 << 11)
  package static let list = ValueKinds(rawValue: 1 << 12)
  package static let map = ValueKinds(rawValue: 1 << 13)
  package static let node = ValueKinds(rawValue: 1 << 14)
  package static let edge = ValueKinds(rawValue: 1 << 15)
  package static let path = ValueKinds(rawValue: 1 << 16)

  package static let any = ValueKinds(rawValue: (1 << 17) - 1)
  package static let number: ValueKinds = [.integer, .float]
  package static let temporal: ValueKinds = [
    .date, .localTime, .time, .localDateTime, .dateTime, .duration,
  ]
}
