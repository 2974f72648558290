// What a verification found.

package import Base

/// The outcome of recomputing every projection from the log.
package struct Verification: Sendable, Hashable {
  package var transactions = 0
  package var nodes = 0
  package var edges = 0
  /// Rows that were compared with what the log says.
  package var entriesCompared = 0
  /// The root of the log's Merkle tree, recomputed from the records' headers.
  package var merkleRoot: Digest?
  /// At most `Verification.faultLimit`; empty where the store is sound.
  package var faults: [Fault] = []
  /// Whether there were more faults than are listed.
  package var hasMoreFaults = false

  package static let faultLimit = 200

  /// One difference.
  package struct Fault: Sendable, Hashable, CustomStringConvertible {
    package var table: String
    /// The key in hexadecimal digits.
    package var key: String
    /// What the log says, and what is there; shortened.
    package var expected: String
    package var found: String

    package var description: String {
      "\(table) \(key): expected \(expected), found \(found)"
    }
  }

  mutating func add(_ table: String, _ key: String, expected: String, found: String) {
    guard faults.count < Self.faultLimit else {
      hasMoreFaults = true
      return
    }
    faults.append(Fault(table: table, key: key, expected: expected, found: found))
  }
}
