// Variables after binding are numbers: every variable of every scope of a statement has its own.

/// A variable's place in the rows of a statement: `0 ..< BoundStatement.slots.count`. A slot is
/// assigned by exactly one clause (or comprehension) and never reused for another variable.
package struct Slot: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  package var rawValue: Int32

  @inlinable
  package init(rawValue: Int32) { self.rawValue = rawValue }

  @inlinable
  package init(_ index: Int) { rawValue = Int32(truncatingIfNeeded: index) }

  /// As an index into an array.
  @inlinable
  package var index: Int { Int(rawValue) }

  @inlinable
  package static func < (left: Slot, right: Slot) -> Bool { left.rawValue < right.rawValue }
}

/// What is known about a slot: its variable's name (`nil` for those that the query leaves
/// unnamed) and the types that its values can have.
package struct SlotDescription: Hashable, Sendable {
  package var name: String?
  package var type: StaticType

  package init(name: String?, type: StaticType) {
    self.name = name
    self.type = type
  }
}
