// Makes receipts: finds the records in which an entity was created and changed, discloses what was
// asked for, and proves the rest of each operation by its commitments alone. O(log n) per record,
// plus the hashing of the records' operations.

public import Base
import Graph
public import Signing
import Stemma

/// What a receipt is to prove.
public enum ReceiptSubject: Sendable, Hashable {
  /// A node by its key, with everything that was ever said of it; or one property.
  case node(key: Text, property: Text?)
  case edge(EdgeID, property: Text?)

  /// Reads `E17`, `E17.value`, `edge 12`, `edge 12.role`.
  public init?(_ text: String) {
    let isEdge = text.hasPrefix("edge ")
    let rest = isEdge ? text.dropFirst(5) : text[...]
    let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty, parts.last != "" else { return nil }
    let property = parts.count == 2 ? Text(String(parts[1])) : nil
    if isEdge {
      guard let number = UInt64(name) else { return nil }
      self = .edge(EdgeID(number), property: property)
    } else {
      self = .node(key: Text(String(name)), property: property)
    }
  }

  var property: Text? {
    switch self {
    case .node(_, let property), .edge(_, let property): property
    }
  }
}

extension AuditTrail {
  /// A receipt against a checkpoint of ours: the newest that covers it, or one that is given.
  public func receipt(
    for subject: ReceiptSubject, text: String, checkpoint note: SignedNote? = nil
  ) throws -> Receipt {
    let last = try note ?? checkpoints().last?.note
    guard let last else {
      throw StemmaError(
        .argumentInvalid, "the log has no checkpoint yet, and a receipt leads to one",
        advice: "make one with `stemma checkpoint`")
    }
    let size = try Checkpoint(text: last.text).size
    return try database.readLog(at: TransactionNumber(size)) { graph in
      var proven = ProvenRecords()
      return try receipt(for: subject, text: text, checkpoint: last, graph, &proven)
    }
  }

  /// The same from a snapshot that is at hand; `proven` keeps what the next receipt may ask for.
  func receipt(
    for subject: ReceiptSubject, text: String, checkpoint note: SignedNote,
    _ graph: borrowing GraphView, _ proven: inout ProvenRecords
  ) throws -> Receipt {
    let size = graph.snapshot.rawValue
    let (transactions, target) = try Self.sources(of: subject, graph)
    let records = try transactions.map { number in
      try Self.prove(number, target, subject.property, size, graph, &proven)
    }.filter { !$0.operations.isEmpty }
    guard !records.isEmpty else { throw Self.missing(text, size) }
    return Receipt(subject: Text(text), records: records, note: note)
  }

  private static func missing(_ what: String, _ size: UInt64) -> StemmaError {
    StemmaError(
      .keyNotFound, "there is no \(what) in the \(size) records of the checkpoint",
      advice: "check the key, or make a newer checkpoint with `stemma checkpoint`")
  }

  /// The records that made an entity what it is, oldest first, and the entity in operations.
  private static func sources(
    of subject: ReceiptSubject, _ graph: borrowing GraphView
  ) throws -> ([TransactionNumber], CommittedOperation.Subject) {
    let size = graph.snapshot.rawValue
    switch subject {
    case .node(let key, let property):
      guard let node = try graph.node(key: key), let creation = try graph.creation(of: node)
      else { throw missing(key.string, size) }
      let name = try property.map { try symbol($0, of: key.string, graph) }
      let versions = try graph.versions(of: node, name: name)
      return (Set(versions + [creation]).sorted(), .node(node.rawValue))
    case .edge(let edge, let property):
      guard let creation = try graph.creation(of: edge) else {
        throw missing("edge \(edge.rawValue)", size)
      }
      let name = try property.map { try symbol($0, of: "edge \(edge.rawValue)", graph) }
      let versions = try graph.versions(of: edge, name: name)
      return (Set(versions + [creation]).sorted(), .edge(edge.rawValue))
    }
  }

  private static func symbol(
    _ name: Text, of what: String, _ graph: borrowing GraphView
  ) throws -> Symbol {
    guard let symbol = try graph.symbol(for: name) else {
      throw missing("\(what).\(name)", graph.snapshot.rawValue)
    }
    return symbol
  }

  /// One record with the operations on the entity.
  private static func prove(
    _ number: TransactionNumber, _ target: CommittedOperation.Subject, _ property: Text?,
    _ size: UInt64, _ graph: borrowing GraphView, _ proven: inout ProvenRecords
  ) throws -> Receipt.ProvenRecord {
    let (record, leaves, salts) = try proven.record(number, graph)
    var place = 0
    var operations: [Receipt.ProvenOperation] = []
    for (index, operation) in record.operations.enumerated() {
      let properties = operation.properties
      defer { place += properties.count }
      guard operation.subject == target, let form = record.committedForm(of: index) else {
        continue
      }
      var disclosures: [Receipt.Disclosure] = []
      for (offset, held) in properties.enumerated() {
        if let property, held.name != property { continue }
        guard let salt = salts[place + offset] else { continue }
        var writer = CBORWriter()
        guard writer.value(held.value) else { continue }
        disclosures.append(
          Receipt.Disclosure(property: UInt64(offset), salt: salt, value: writer.bytes))
      }
      operations.append(
        Receipt.ProvenOperation(
          number: UInt64(index), form: form,
          path: MerkleTree.inclusionProof(of: index, in: leaves), disclosures: disclosures))
    }
    let path = try MerkleTree.inclusionProof(of: number.rawValue - 1, size: size) {
      try graph.treeNode(level: $0, index: $1)
    }
    return Receipt.ProvenRecord(
      index: number.rawValue - 1, header: record.headerBytes, path: path, operations: operations)
  }
}

/// The record that was proven last, since the next receipt is often out of the same.
struct ProvenRecords {
  private var last: (record: LogRecord, leaves: [Digest], salts: [Digest?])?

  /// A record with the leaves of its operations and the salts of its values.
  mutating func record(
    _ number: TransactionNumber, _ graph: borrowing GraphView
  ) throws -> (record: LogRecord, leaves: [Digest], salts: [Digest?]) {
    if let last, last.record.header.transaction == number { return last }
    guard let record = try graph.record(of: number), let leaves = record.operationLeaves else {
      throw StemmaError(.storeDamaged, "record \(number.rawValue) cannot be proven")
    }
    let made = (record, leaves, record.allSalts)
    last = made
    return made
  }
}

extension LoggedOperation {
  /// The entity that the operation is about.
  var subject: CommittedOperation.Subject {
    switch self {
    case .createNode(let node, _, _, _), .setNodeProperty(let node, _), .addLabel(let node, _),
      .removeLabel(let node, _), .deleteNode(let node):
      .node(node.rawValue)
    case .createEdge(let edge, _, _, _, _), .setEdgeProperty(let edge, _), .deleteEdge(let edge):
      .edge(edge.rawValue)
    default: .other
    }
  }
}
