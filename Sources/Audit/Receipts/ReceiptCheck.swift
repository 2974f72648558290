// Checks a receipt with nothing but the keys that the reader trusts: no store, no network.

import Base
public import Signing

/// What a receipt proves, and what it does not.
public struct ReceiptCheck: Sendable {
  /// What is proven, one sentence each, in the order of the log.
  public private(set) var claims: [String] = []
  /// What is wrong. Nothing is proven unless this is empty.
  public private(set) var faults: [String] = []
  /// What was not looked at or cannot be known from a receipt.
  public private(set) var unchecked: [String] = []
  public private(set) var checkpoint: Checkpoint?

  public var holds: Bool { faults.isEmpty }

  /// - Parameter keys: the log's key, and those of witnesses; signatures of others are ignored.
  public init(_ receipt: Receipt, keys: [NoteKey]) {
    checkNote(receipt.note, keys)
    guard let checkpoint else { return }
    for record in receipt.records { check(record, checkpoint) }
    if holds {
      unchecked.append("whether later records change or retract this: ask for a newer receipt")
      unchecked.append("whether what was logged is true")
    } else {
      claims = []
    }
  }

  private mutating func checkNote(_ note: SignedNote, _ keys: [NoteKey]) {
    do {
      checkpoint = try Checkpoint(text: note.text)
    } catch {
      faults.append("checkpoint: \(error)")
      return
    }
    let outcomes = note.check(by: keys)
    for (key, outcome) in outcomes where outcome == .wrong {
      faults.append("checkpoint: the signature of \(key.name) is wrong")
    }
    if !outcomes.contains(where: { $0.outcome == .valid }) {
      faults.append("checkpoint: no key that was given signed it")
    }
    for (key, outcome) in outcomes {
      if case .cosigned(let time) = outcome {
        claims.append("\(key.name) witnessed the log at \(RecordTime.text(seconds: time))")
      }
    }
    let known = Set(outcomes.map { $0.key.name })
    for signature in note.signatures where !known.contains(signature.name) {
      unchecked.append("the signature of \(signature.name): no key for it was given")
    }
  }

  private mutating func check(_ record: Receipt.ProvenRecord, _ checkpoint: Checkpoint) {
    let place = "record \(record.index &+ 1)"
    guard let header = PlainHeader(record.header), header.transaction == record.index &+ 1,
      AuditTrail.origin(of: header.store) == checkpoint.origin
    else {
      faults.append("\(place): its header is of another record or log, or cannot be read")
      return
    }
    guard
      MerkleTree.verifyInclusion(
        header.leaf, at: record.index, size: checkpoint.size, proof: record.path,
        root: checkpoint.root)
    else {
      faults.append("\(place): its header is not in the tree of the checkpoint")
      return
    }
    for operation in record.operations { check(operation, header, place) }
  }

  private mutating func check(
    _ operation: Receipt.ProvenOperation, _ header: PlainHeader, _ place: String
  ) {
    let place = "\(place), operation \(operation.number)"
    guard
      MerkleTree.verifyInclusion(
        MerkleTree.leaf(operation.form), at: operation.number, size: header.operationCount,
        proof: operation.path, root: header.operationsRoot)
    else {
      faults.append("\(place): it is not among those that the header commits to")
      return
    }
    guard let committed = CommittedOperation(operation.form) else {
      faults.append("\(place): it cannot be read")
      return
    }
    let when = "record \(header.transaction), \(RecordTime.text(header.committedAt))"
    claims.append("\(Self.words(committed)) (\(when), by \(header.actor): \(header.reason))")
    var disclosed: Set<Int> = []
    for disclosure in operation.disclosures {
      let index = Int(clamping: disclosure.property)
      guard committed.commitments.indices.contains(index), disclosed.insert(index).inserted else {
        faults.append("\(place): it discloses property \(disclosure.property), which is not there")
        continue
      }
      let (name, commitment) = committed.commitments[index]
      var reader = CBORReader(disclosure.value)
      guard SHA256.hash(disclosure.salt, disclosure.value) == commitment,
        let value = try? reader.value(), reader.isAtEnd
      else {
        faults.append("\(place): the value of `\(name)` is not the one that was logged")
        continue
      }
      claims.append("  \(name) = \(value.description)")
    }
    for index in committed.commitments.indices where !disclosed.contains(index) {
      claims.append("  \(committed.commitments[index].name): content withheld")
    }
  }

  private static func words(_ operation: CommittedOperation) -> String {
    let subject =
      switch operation.subject {
      case .node(let number): "node \(number)"
      case .edge(let number): "edge \(number)"
      case .other: "the log"
      }
    let labels = operation.labels.map(\.string).joined(separator: ":")
    switch operation.code {
    case 1: return "\(operation.key.map { "\($0) = " } ?? "")\(subject), \(labels), was created"
    case 2:
      let ends = operation.ends ?? (0, 0)
      return "\(subject), \(labels) from node \(ends.from) to node \(ends.to), was created"
    case 3, 4: return "\(subject) got a new version"
    case 5, 6: return "\(subject): its labels changed"
    case 7, 8: return "\(subject) was deleted"
    default: return "\(subject) was defined or described"
    }
  }
}
