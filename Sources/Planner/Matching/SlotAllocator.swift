// Slots that the planner needs for itself, numbered after those of the statement.

/// Hands out fresh slots.
package struct SlotAllocator: Sendable {
  package private(set) var count: Int

  /// `count` is the number of slots that are taken.
  package init(count: Int) { self.count = count }

  /// What `make` would give; nobody takes it.
  var next: Slot { Slot(count) }

  package mutating func make() -> Slot {
    defer { count += 1 }
    return Slot(count)
  }
}
