// The audit trail's projection: where to find its entries by kind, and checkpoints by name. It is
// in the table `meta`:
//
//   20 | kind (1) | transaction (8) | number within it (4) -> the entry in CBOR
//   21 | name -> the size of the tree that the named checkpoint is over (8)

import Base
import Store

extension Projector {
  func addTrailEntry(_ entry: TrailEntry, _ store: inout WriteTransaction) throws {
    var writer = CBORWriter()
    writer.trailEntry(entry)
    let key = MetaKey.trail(entry.kind, head.transaction, trailEntries)
    try store.put(.meta, key, writer.bytes)
    trailEntries += 1
    if entry.kind == .checkpoint, !entry.name.isEmpty {
      var size: [UInt8] = []
      size.appendBig64(entry.transaction.rawValue)
      try store.put(.meta, MetaKey.checkpoint(named: entry.name), size)
    }
  }
}

extension MetaKey {
  static func trail(_ kind: TrailEntry.Kind) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(0x20)
    key.add(kind.rawValue)
    return key
  }

  static func trail(
    _ kind: TrailEntry.Kind, _ transaction: TransactionNumber, _ number: UInt32
  ) -> KeyBuffer {
    var key = trail(kind)
    key.add64(transaction.rawValue)
    key.add32(number)
    return key
  }

  /// A name longer than a key may be is stood for by its hash.
  static func checkpoint(named name: Text) -> [UInt8] {
    let bytes = Array(name.string.utf8)
    return [0x21] + (bytes.count <= 256 ? bytes : [0] + SHA256.hash(bytes).bytes)
  }
}

extension CBORWriter {
  /// The entry's own fields, without the head of the array around them.
  mutating func trailFields(_ entry: TrailEntry) {
    unsigned(UInt64(entry.kind.rawValue))
    unsigned(entry.transaction.rawValue)
    text(entry.name)
    byteString(entry.content)
  }

  mutating func trailEntry(_ entry: TrailEntry) {
    array(4)
    trailFields(entry)
  }
}

extension CBORReader {
  /// The fields of an entry, after the head of the array around them.
  mutating func trailEntry() throws(CBORError) -> TrailEntry {
    let start = offset
    guard let kind = TrailEntry.Kind(rawValue: try integer(in: 0...255)) else {
      throw CBORError(.unexpected, at: start)
    }
    let transaction = TransactionNumber(try unsigned())
    let name = try text()
    return TrailEntry(kind, about: transaction, name: name, content: try byteString())
  }
}
