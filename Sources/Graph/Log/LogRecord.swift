// One record of the log: the header, the salts, the operations. Made once; only a redaction ever
// replaces one, and that leaves the header, and with it every proof, as it was.

package import Base
import Store

/// A transaction as the log keeps it.
package struct LogRecord: Sendable, Hashable {
  /// More operations than this do not fit into one transaction.
  package static let operationLimit = 1_000_000

  package let header: RecordHeader
  /// The bytes that the Merkle leaf is over.
  package let headerBytes: [UInt8]
  package private(set) var salts: Salts
  /// A value that is withheld is `.null` here.
  package private(set) var operations: [LoggedOperation]
  /// The commitments in place of the values that are withheld.
  package private(set) var withheld: [ValuePosition: Digest]

  /// The leaf of the log's Merkle tree.
  package var leaf: Digest { MerkleTree.leaf(headerBytes) }

  // MARK: Making

  /// A new record. `secret` is 32 random bytes. Throws where a text of the header is too long, or a
  /// value is one that a record cannot hold.
  package init(
    header: RecordHeader, secret: [UInt8], operations: [LoggedOperation]
  ) throws(StemmaError) {
    precondition(secret.count == Commitment.secretBytes, "a record's secret has 32 bytes")
    try header.checkLimits()
    guard operations.count <= Self.operationLimit else {
      throw StemmaError(
        .writeRejected, "a transaction has at most \(Self.operationLimit) operations",
        advice: "split it")
    }
    // Where there is nothing to salt, a secret would be bytes that nothing vouches for.
    let hasValues = operations.contains { !$0.properties.isEmpty }
    salts = hasValues ? .secret(secret) : .disclosed([])
    self.operations = operations
    withheld = [:]
    var complete = header
    complete.operationCount = operations.count
    guard let leaves = Self.leaves(operations, withheld: [:], salts: salts) else {
      throw StemmaError(
        .writeRejected, "a property can hold no node, edge or path, and lists nest at most 64 deep",
        advice: "store the key of the node instead")
    }
    complete.operationsRoot = MerkleTree.root(leaves)
    self.header = complete
    headerBytes = complete.bytes
  }

  // MARK: Commitments

  /// The hashes of the operations' committed forms, whose Merkle root the header has; `nil` where a
  /// value cannot be written or a salt is missing.
  package var operationLeaves: [Digest]? {
    Self.leaves(operations, withheld: withheld, salts: salts)
  }

  /// Whether the operations are those that the header commits to.
  package var isAuthentic: Bool {
    guard operations.count == header.operationCount, let leaves = operationLeaves else {
      return false
    }
    return MerkleTree.root(leaves) == header.operationsRoot
  }

  /// The committed form of one operation: with its salts and values, what a proof shows.
  package func committedForm(of index: Int) -> [UInt8]? {
    var maker = CommittedFormMaker(salts, withheld)
    for earlier in operations[..<index] { maker.skip(earlier.properties.count) }
    return maker.make(operations[index], index) ? maker.form.writer.bytes : nil
  }

  /// Every salt in the order of the values; `nil` for those withheld.
  package var allSalts: [Digest?] {
    if case .disclosed(let salts) = salts { return salts }
    var cursor = SaltCursor(salts)
    var result: [Digest?] = []
    for (index, operation) in operations.enumerated() {
      for property in operation.properties.indices {
        result.append(cursor.next(ValuePosition(operation: index, property: property)))
      }
    }
    return result
  }

  /// Fewer operations than this are not worth a thread.
  private static let parallelOperations = 2_048

  private static func leaves(
    _ operations: [LoggedOperation], withheld: [ValuePosition: Digest], salts: Salts
  ) -> [Digest]? {
    guard case .secret = salts, operations.count >= 2 * parallelOperations else {
      return leaves(operations, operations.indices, withheld: withheld, salts: salts)
    }
    // A salt depends on its place alone, so parts can be hashed apart.
    let count = (operations.count + parallelOperations - 1) / parallelOperations
    let parts = Parallel.map(count) { part in
      let start = part * parallelOperations
      let end = min(operations.count, start + parallelOperations)
      return Self.leaves(operations, start..<end, withheld: withheld, salts: salts)
    }
    var all: [Digest] = []
    all.reserveCapacity(operations.count)
    for part in parts {
      guard let part else { return nil }
      all += part
    }
    return all
  }

  private static func leaves(
    _ operations: [LoggedOperation], _ range: Range<Int>, withheld: [ValuePosition: Digest],
    salts: Salts
  ) -> [Digest]? {
    var maker = CommittedFormMaker(salts, withheld)
    var leaves: [Digest] = []
    leaves.reserveCapacity(range.count)
    for index in range {
      guard maker.make(operations[index], index) else { return nil }
      leaves.append(MerkleTree.leaf(maker.form.writer.bytes))
    }
    return leaves
  }

  // MARK: Redaction

  /// The record with one value withheld: the value and the secret are gone, the commitment and the
  /// salts of the other values stay, so the header and every proof hold as before. `nil` where
  /// there is no such value or the record is not authentic.
  package func withholding(_ position: ValuePosition) -> LogRecord? {
    guard isAuthentic, operations.indices.contains(position.operation),
      operations[position.operation].properties.indices.contains(position.property),
      withheld[position] == nil
    else { return nil }
    var place = position.property
    for operation in operations[..<position.operation] { place += operation.properties.count }
    var salts = allSalts
    var value = CBORWriter()
    let property = operations[position.operation].properties[position.property]
    guard let salt = salts[place], value.value(property.value) else { return nil }
    salts[place] = nil
    var result = self
    result.withheld[position] = Commitment.of(value.bytes, salt: salt)
    result.salts = .disclosed(salts)
    result.operations[position.operation].erase(position.property)
    return result
  }
}

extension LogRecord {
  /// For the reader of records.
  init(
    header: RecordHeader, headerBytes: [UInt8], salts: Salts, operations: [LoggedOperation],
    withheld: [ValuePosition: Digest]
  ) {
    self.header = header
    self.headerBytes = headerBytes
    self.salts = salts
    self.operations = operations
    self.withheld = withheld
  }
}

extension LoggedOperation {
  /// Puts null in the place of a value.
  fileprivate mutating func erase(_ index: Int) {
    switch self {
    case .createNode(let node, let labels, let key, var properties):
      properties[index].value = .null
      self = .createNode(node, labels: labels, key: key, properties: properties)
    case .createEdge(let edge, let type, let from, let to, var properties):
      properties[index].value = .null
      self = .createEdge(edge, type: type, from: from, to: to, properties: properties)
    case .setNodeProperty(let node, let property):
      self = .setNodeProperty(node, Property(property.name, .null))
    case .setEdgeProperty(let edge, let property):
      self = .setEdgeProperty(edge, Property(property.name, .null))
    default: break
    }
  }
}
