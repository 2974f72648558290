// From names to symbols. Every property, label and type of every operation is looked up here, and
// names are few and short: open addressing over the bytes, compared eight at a time.

package import Base

/// The symbols of names; symbols count up from 0 in the order in which names were added.
package struct SymbolTable: Sendable {
  package private(set) var names: [Text] = []
  /// One more than the number of a name, or 0; a power of two of them, at most half full.
  private var slots = [UInt32](repeating: 0, count: 64)

  package init(_ names: [Text] = []) {
    for name in names where self[name] == nil { add(name) }
  }

  /// The symbol of a name; `nil` where it was not added.
  package subscript(name: Text) -> Symbol? {
    var slot = Int(truncatingIfNeeded: name.quickHash >> 1) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot] - 1
      if names[Int(number)] == name { return Symbol(number) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Adds a name that is not there yet.
  package mutating func add(_ name: Text) {
    names.append(name)
    if names.count * 2 > slots.count {
      slots = [UInt32](repeating: 0, count: slots.count * 2)
      for number in names.indices { enter(number) }
    } else {
      enter(names.count - 1)
    }
  }

  private mutating func enter(_ number: Int) {
    var slot = Int(truncatingIfNeeded: names[number].quickHash >> 1) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt32(number + 1)
  }
}
