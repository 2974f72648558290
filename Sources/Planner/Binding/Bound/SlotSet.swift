// Sets of slots as bits. The planner asks for what is read, bound and assigned at every step of a
// plan; a statement rarely has more slots than two words have bits, so that such a set costs no
// allocation and no hashing. Elements come out in ascending order.

/// A set of slots.
package struct SlotSet: Hashable, Sendable {
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  /// The slots from 128 on; never ends with an empty word, so that equal sets are equal words.
  private var rest: [UInt64] = []

  package init() {}

  package init(_ slots: some Sequence<Slot>) {
    for slot in slots { insert(slot) }
  }

  package var isEmpty: Bool { first | second == 0 && rest.isEmpty }

  package func contains(_ slot: Slot) -> Bool { word(slot.index >> 6) & Self.bit(slot) != 0 }

  /// Whether the slot is new.
  @discardableResult
  package mutating func insert(_ slot: Slot) -> Bool {
    if contains(slot) { return false }
    let index = slot.index >> 6
    setWord(index, word(index) | Self.bit(slot))
    return true
  }

  package mutating func remove(_ slot: Slot) {
    let index = slot.index >> 6
    setWord(index, word(index) & ~Self.bit(slot))
  }

  package mutating func formUnion(_ other: SlotSet) {
    first |= other.first
    second |= other.second
    for index in other.rest.indices { setWord(index + 2, word(index + 2) | other.rest[index]) }
  }

  package mutating func formUnion(_ slots: [Slot]) {
    for slot in slots { insert(slot) }
  }

  package mutating func subtract(_ other: SlotSet) {
    first &= ~other.first
    second &= ~other.second
    for index in rest.indices.reversed() {
      setWord(index + 2, word(index + 2) & ~other.word(index + 2))
    }
  }

  package func union(_ other: SlotSet) -> SlotSet {
    var result = self
    result.formUnion(other)
    return result
  }

  package func union(_ slots: [Slot]) -> SlotSet { union(SlotSet(slots)) }

  package func subtracting(_ slots: [Slot]) -> SlotSet { subtracting(SlotSet(slots)) }

  package func subtracting(_ other: SlotSet) -> SlotSet {
    var result = self
    result.subtract(other)
    return result
  }

  package func isSubset(of other: SlotSet) -> Bool {
    if first & ~other.first | second & ~other.second != 0 { return false }
    return rest.indices.allSatisfy { rest[$0] & ~other.word($0 + 2) == 0 }
  }

  package func isDisjoint(with other: SlotSet) -> Bool {
    if first & other.first | second & other.second != 0 { return false }
    return rest.indices.allSatisfy { rest[$0] & other.word($0 + 2) == 0 }
  }

  private static func bit(_ slot: Slot) -> UInt64 { 1 << UInt64(slot.index & 63) }

  private func word(_ index: Int) -> UInt64 {
    switch index {
    case 0: first
    case 1: second
    default: index - 2 < rest.count ? rest[index - 2] : 0
    }
  }

  private mutating func setWord(_ index: Int, _ bits: UInt64) {
    switch index {
    case 0: first = bits
    case 1: second = bits
    default:
      if bits == 0, index - 2 >= rest.count { return }
      while rest.count < index - 1 { rest.append(0) }
      rest[index - 2] = bits
      while rest.last == 0 { rest.removeLast() }
    }
  }
}

extension SlotSet: ExpressibleByArrayLiteral {
  package init(arrayLiteral slots: Slot...) { self.init(slots) }
}

extension SlotSet: Sequence {
  /// Ascending.
  package struct Iterator: IteratorProtocol {
    fileprivate var left: SlotSet
    fileprivate var index = 0
    fileprivate var bits: UInt64

    package mutating func next() -> Slot? {
      while bits == 0 {
        index += 1
        guard index < left.rest.count + 2 else { return nil }
        bits = left.word(index)
      }
      let lowest = bits.trailingZeroBitCount
      bits &= bits - 1
      return Slot(index * 64 + lowest)
    }
  }

  package func makeIterator() -> Iterator { Iterator(left: self, bits: first) }
}
