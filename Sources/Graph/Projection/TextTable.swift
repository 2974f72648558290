// Small tables by name, for the path of every write: open addressing over the bytes of names that
// are few and short, compared eight bytes at a time. For names of a schema, not for what callers
// choose freely: the hash is known, and whoever knows it can make names collide.

import Base

extension Text {
  /// A hash of the bytes, the same in every run.
  @inline(__always)
  var quickHash: UInt64 {
    withUTF8Span { text in
      let bytes = text.bytes
      var hash = UInt64(bytes.byteCount) &* 0x9E37_79B9_7F4A_7C15
      var offset = 0
      while offset < bytes.byteCount {
        hash ^= bytes.packed(offset, Swift.min(8, bytes.byteCount - offset))
        hash &*= 0xFF51_AFD7_ED55_8CCD
        hash ^= hash >> 32
        offset += 8
      }
      return hash
    }
  }
}

/// Values by name, in the order in which names were added.
struct TextTable<Element> {
  private(set) var names: [Text] = []
  private var elements: [Element] = []
  /// One more than the number of a name, or 0; a power of two of them, at most half full.
  private var slots = [UInt32](repeating: 0, count: 16)

  /// The value of a name; `nil` where it was not added.
  subscript(name: Text) -> Element? {
    @inline(__always)
    get {
      guard let number = find(name) else { return nil }
      return elements[number]
    }
  }

  @inline(__always)
  private func find(_ name: Text) -> Int? {
    var slot = Int(truncatingIfNeeded: name.quickHash >> 1) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if names[number] == name { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Sets the value of a name.
  mutating func set(_ name: Text, _ element: Element) {
    if let number = find(name) {
      elements[number] = element
      return
    }
    names.append(name)
    elements.append(element)
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

extension TextTable: Sendable where Element: Sendable {}
