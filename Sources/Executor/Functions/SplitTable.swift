// A hash table that grows in parts. A dictionary of millions of entries moves all of them when it
// grows, for longer than a query may take to stop; here each part moves by itself.

import Base

/// A dictionary for very many keys.
struct SplitTable<Key: Hashable, Entry> {
  /// All entries while they are few.
  private var few: [Key: Entry] = [:]
  /// Empty while they are few.
  private var parts: [[Key: Entry]] = []

  /// The table is split in so many parts once it has `splitCount` entries.
  private static var partCount: Int { 64 }
  private static var splitCount: Int { 1 << 15 }
  /// So many entries leave their buffer to the next run.
  private static var keptCount: Int { 1 << 10 }

  init() {}

  /// The keys, in no order that anything may depend on.
  var keys: [Key] { parts.isEmpty ? Array(few.keys) : parts.flatMap(\.keys) }

  subscript(key: Key) -> Entry? {
    get { parts.isEmpty ? few[key] : parts[Self.part(of: key)][key] }
    set {
      guard parts.isEmpty else {
        parts[Self.part(of: key)][key] = newValue
        return
      }
      few[key] = newValue
      if few.count == Self.splitCount { split() }
    }
  }

  /// Adds an entry or replaces that of its key; whether the key is new.
  mutating func insert(_ entry: Entry, for key: Key) -> Bool {
    guard parts.isEmpty else {
      return parts[Self.part(of: key)].updateValue(entry, forKey: key) == nil
    }
    guard few.updateValue(entry, forKey: key) == nil else { return false }
    if few.count == Self.splitCount { split() }
    return true
  }

  mutating func removeAll() {
    // Few entries leave a buffer that is worth keeping, many would keep memory that nobody counts.
    if parts.isEmpty, few.count <= Self.keptCount {
      few.removeAll(keepingCapacity: true)
    } else {
      few = [:]
    }
    parts = []
  }

  private mutating func split() {
    parts = Array(repeating: [:], count: Self.partCount)
    for (key, entry) in few { parts[Self.part(of: key)][key] = entry }
    few = [:]
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
  mutating func insert(_ element: Element) -> Bool { table.insert(true, for: element) }

  func contains(_ element: Element) -> Bool { table[element] != nil }

  /// In no order that anything may depend on.
  var elements: [Element] { table.keys }

  mutating func removeAll() { table.removeAll() }
}

extension SplitSet: Sendable where Element: Sendable {}

/// A number as a key: hashed by a few multiplications, where the standard hash costs more than
/// everything else that is done with it.
struct NumberKey: Hashable {
  let rawValue: UInt64

  init(_ node: NodeID) { rawValue = node.rawValue }
  init(_ number: Int64) { rawValue = UInt64(bitPattern: number) }

  /// The last steps of MurmurHash3, which move every bit of the number to every bit of the hash.
  func _rawHashValue(seed: Int) -> Int {
    var mixed = rawValue ^ UInt64(truncatingIfNeeded: seed)
    mixed = (mixed ^ mixed >> 33) &* 0xFF51_AFD7_ED55_8CCD
    mixed = (mixed ^ mixed >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return Int(truncatingIfNeeded: mixed ^ mixed >> 33)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
