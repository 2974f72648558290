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
    byLowerCaseName[Array(name.utf8).map(lowerCase)]
  }

  /// Canonical spellings, aggregates included, sorted by their bytes.
  package static let names: [String] = {
    let all =
      ScalarFunction.allCases.map(\.rawValue)
      + AggregateFunction.allCases.filter { $0 != .countAll }.map(\.rawValue)
    return all.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }()

  // Bytes and not strings: comparing strings means canonical equivalence.
  private static let byLowerCaseName: [[UInt8]: ResolvedFunction] = {
    var table: [[UInt8]: ResolvedFunction] = [:]
    for function in ScalarFunction.allCases {
      table[function.rawValue.utf8.map(lowerCase)] = .scalar(function)
    }
    for function in AggregateFunction.allCases where function != .countAll {
      table[function.rawValue.utf8.map(lowerCase)] = .aggregate(function)
    }
    return table
  }()

  private static func lowerCase(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte + 32 : byte
  }
}
