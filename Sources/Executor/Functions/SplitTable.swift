// A hash table that grows in parts. A dictionary of millions of entries moves all of them when it
// grows, for longer than a query may take to stop; here each part moves by itself.

/// A dictionary for very many keys.
struct SplitTable<Key: Hashable, Entry> {
  private var parts: [[Key: Entry]] = [[:]]

  /// The table is split in so many parts once it has `splitCount` entries.
  private static var partCount: Int { 64 }
  private static var splitCount: Int { 1 << 15 }

  init() {}

  var isEmpty: Bool { parts.allSatisfy(\.isEmpty) }

  subscript(key: Key) -> Entry? {
    get { parts.count == 1 ? parts[0][key] : parts[Self.part(of: key)][key] }
    set {
      guard parts.count == 1 else {
        parts[Self.part(of: key)][key] = newValue
        return
      }
      parts[0][key] = newValue
      if parts[0].count == Self.splitCount { split() }
    }
  }

  mutating func removeAll() { parts = [[:]] }

  private mutating func split() {
    let all = parts[0]
    parts = Array(repeating: [:], count: Self.partCount)
    for (key, entry) in all { parts[Self.part(of: key)][key] = entry }
  }

  /// The upper bits of the hash; a dictionary uses the lower ones.
  private static func part(of key: Key) -> Int {
    Int(UInt(bitPattern: key.hashValue) >> (UInt.bitWidth - 6))
  }
}

extension SplitTable: Sendable where Key: Sendable, Entry: Sendable {}

/// A set for very many elements.
struct SplitSet<Element: Hashable> {
  private var table = SplitTable<Element, Bool>()

  init() {}

  /// Whether the element is new.
  mutating func insert(_ element: Element) -> Bool {
    guard table[element] == nil else { return false }
    table[element] = true
    return true
  }

  mutating func removeAll() { table.removeAll() }
}
