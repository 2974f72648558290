// Small tables by name, for the path of every write. For names of a schema, not for what callers
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
  /// The numbers of the names.
  private var numbers = SymbolTable()
  private var elements: [Element] = []

  var names: [Text] { numbers.names }

  /// The value of a name; `nil` where it was not added.
  subscript(name: Text) -> Element? {
    guard let number = numbers[name] else { return nil }
    return elements[Int(number.rawValue)]
  }

  /// Sets the value of a name.
  mutating func set(_ name: Text, _ element: Element) {
    if let number = numbers[name] {
      elements[Int(number.rawValue)] = element
      return
    }
    numbers.add(name)
    elements.append(element)
  }
}

extension TextTable: Sendable where Element: Sendable {}
