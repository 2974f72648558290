// A record as proofs and bundles carry it, read without the store's own codec: generic CBOR, then
// the shapes that docs/store-format.md gives. It trusts nothing it reads.

import Base

/// The fields of a header that proofs need, from its exact bytes.
struct PlainHeader: Sendable {
  let bytes: [UInt8]
  let store: [UInt8]
  let transaction: UInt64
  let committedAt: Int64
  let actor: Text
  let onBehalfOf: Text?
  let reason: Text
  let operationCount: UInt64
  let operationsRoot: Digest

  var leaf: Digest { MerkleTree.leaf(bytes) }

  init?(_ bytes: [UInt8]) {
    var reader = CBORReader(bytes)
    var fields: [UInt64: Value] = [:]
    do throws(CBORError) {
      for _ in 0..<(try reader.map()) {
        let key = try reader.unsigned()
        guard fields.updateValue(try reader.value(), forKey: key) == nil else { return nil }
      }
      try reader.finish()
    } catch {
      return nil
    }
    guard fields.keys.allSatisfy({ $0 <= 13 }) else { return nil }
    guard case .bytes(let store)? = fields[1], case .integer(let transaction)? = fields[2],
      case .integer(let committedAt)? = fields[3], case .string(let actor)? = fields[4],
      case .string(let reason)? = fields[6], case .integer(let count)? = fields[12],
      case .bytes(let root)? = fields[13], let digest = Digest(bytes: root), transaction > 0,
      count >= 0
    else { return nil }
    self.bytes = bytes
    self.store = store
    self.transaction = UInt64(transaction)
    self.committedAt = committedAt
    self.actor = actor
    onBehalfOf = if case .string(let text)? = fields[5] { text } else { nil }
    self.reason = reason
    operationCount = UInt64(count)
    operationsRoot = digest
  }
}

/// One operation, from its committed form: commitments stand where the values would.
struct CommittedOperation: Sendable {
  enum Subject: Sendable, Hashable {
    case node(UInt64)
    case edge(UInt64)
    case other
  }

  let code: Int64
  let subject: Subject
  /// Labels of a new node, or the type of a new edge.
  var labels: [Text] = []
  var key: Text?
  var ends: (from: UInt64, to: UInt64)?
  /// Names with commitments, in their order.
  var commitments: [(name: Text, commitment: Digest)] = []

  init?(_ form: [UInt8]) {
    var reader = CBORReader(form)
    guard let value = try? reader.value(), reader.isAtEnd, case .list(let items) = value,
      case .integer(let code)? = items.first
    else { return nil }
    self.code = code
    let identity: UInt64? =
      if items.count > 1, case .integer(let number) = items[1], number >= 0 {
        UInt64(number)
      } else {
        nil
      }
    switch (code, identity) {
    case (1, let node?), (3, let node?), (5, let node?), (6, let node?), (7, let node?):
      subject = .node(node)
    case (2, let edge?), (4, let edge?), (8, let edge?): subject = .edge(edge)
    default: subject = .other
    }
    guard read(items) else { return nil }
  }

  /// Reads what follows the identity.
  private mutating func read(_ items: [Value]) -> Bool {
    switch (code, items.count) {
    case (1, 5):
      guard case .list(let labels) = items[2], case .list(let pairs) = items[4] else {
        return false
      }
      self.labels = labels.compactMap { if case .string(let label) = $0 { label } else { nil } }
      if case .string(let key) = items[3] { self.key = key }
      return self.labels.count == labels.count && read(pairs: pairs)
    case (2, 6):
      guard case .string(let type) = items[2], case .integer(let from) = items[3],
        case .integer(let to) = items[4], case .list(let pairs) = items[5], from >= 0, to >= 0
      else { return false }
      labels = [type]
      ends = (UInt64(from), UInt64(to))
      return read(pairs: pairs)
    case (3, 4), (4, 4): return read(pairs: Array(items[2...]))
    default: return code > 4
    }
  }

  private mutating func read(pairs: [Value]) -> Bool {
    guard pairs.count.isMultiple(of: 2) else { return false }
    for index in stride(from: 0, to: pairs.count, by: 2) {
      guard case .string(let name) = pairs[index], case .bytes(let bytes) = pairs[index + 1],
        let commitment = Digest(bytes: bytes)
      else { return false }
      commitments.append((name, commitment))
    }
    return true
  }
}
