// Cypher's maps. Entries are kept sorted by the bytes of their keys, so that equal maps have equal
// representations and nothing depends on hash order.

/// A map from names to values, ordered by the bytes of the names.
public struct ValueMap: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public var key: Text
    public var value: Value

    public init(key: Text, value: Value) {
      self.key = key
      self.value = value
    }
  }

  /// Sorted by key, each key once.
  public private(set) var entries: [Entry]

  public init() { entries = [] }

  /// Later entries win over earlier ones with the same key.
  public init(_ pairs: some Sequence<(Text, Value)>) {
    entries = []
    entries.reserveCapacity(pairs.underestimatedCount)
    for (key, value) in pairs { self[key] = value }
  }

  /// Entries in any order with different keys.
  package init(distinct entries: [Entry]) {
    self.entries = entries
    let isSorted = zip(entries, entries.dropFirst()).allSatisfy { $0.key < $1.key }
    if !isSorted { self.entries.sort { $0.key < $1.key } }
  }

  public var count: Int { entries.count }
  public var isEmpty: Bool { entries.isEmpty }

  /// Maps with at most so many entries are gone through: most keys differ in their length already.
  private static let fewEntries = 24

  /// The value under a key; assigning `nil` removes the entry. O(log n) to read.
  public subscript(key: Text) -> Value? {
    get {
      if entries.count <= Self.fewEntries {
        for index in entries.indices where entries[index].key == key { return entries[index].value }
        return nil
      }
      let index = position(of: key)
      guard index < entries.count, entries[index].key == key else { return nil }
      return entries[index].value
    }
    set {
      let index = position(of: key)
      let found = index < entries.count && entries[index].key == key
      switch (found, newValue) {
      case (true, let value?): entries[index].value = value
      case (true, nil): entries.remove(at: index)
      case (false, let value?): entries.insert(Entry(key: key, value: value), at: index)
      case (false, nil): break
      }
    }
  }

  /// The first position whose key is not below `key`.
  private func position(of key: Text) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
