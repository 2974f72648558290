// Finds functions by the names that queries use. Names match in any case, as in Neo4j.

/// What a name may stand for.
package enum ResolvedFunction: Hashable, Sendable {
  case scalar(ScalarFunction)
  case aggregate(AggregateFunction)
}

/// The functions of the language by lower-case name.
package enum FunctionTable {
  /// The function of that name in any case; parts of the name are joined by dots.
  package static func resolve(_ name: String) -> ResolvedFunction? {
    guard let entry = byHash[hash(name)], entry.name.count == name.utf8.count else { return nil }
    for (known, byte) in zip(entry.name, name.utf8) where known != lowerCase(byte) { return nil }
    return entry.function
  }

  /// Canonical spellings, aggregates included, sorted by their bytes.
  package static let names: [String] = {
    let all =
      ScalarFunction.allCases.map(\.rawValue)
      + AggregateFunction.allCases.filter { $0 != .countAll }.map(\.rawValue)
    return all.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }()

  private struct Entry {
    /// In lower case; bytes, since comparing strings means canonical equivalence.
    var name: [UInt8]
    var function: ResolvedFunction
  }

  // Looked up by a hash of its own, so that a call costs no allocation.
  private static let byHash: [UInt64: Entry] = {
    var table: [UInt64: Entry] = [:]
    func add(_ name: String, _ function: ResolvedFunction) {
      let key = hash(name)
      precondition(table[key] == nil, "two functions share a hash: \(name)")
      table[key] = Entry(name: name.utf8.map(lowerCase), function: function)
    }
    for function in ScalarFunction.allCases { add(function.rawValue, .scalar(function)) }
    for function in AggregateFunction.allCases where function != .countAll {
      add(function.rawValue, .aggregate(function))
    }
    return table
  }()

  /// FNV-1a over the bytes in lower case.
  private static func hash(_ name: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 {
      hash = (hash ^ UInt64(lowerCase(byte))) &* 0x100_0000_01B3
    }
    return hash
  }

  private static func lowerCase(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte + 32 : byte
  }
}
