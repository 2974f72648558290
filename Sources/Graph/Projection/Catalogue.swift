// Names, schema and index definitions of a snapshot, kept in memory and shared by readers: they
// change seldom. A catalogue never changes; a newer head makes a newer catalogue.

import Base
import Store

/// Names, schema and indexes as of one head.
final class Catalogue: Sendable {
  /// Names by symbol.
  let names: [Text]
  let symbols: [Text: Symbol]
  let indexes: [IndexRecord]
  let schema: CompiledSchema?
  let schemaTransaction: TransactionNumber

  init(
    names: [Text], symbols: [Text: Symbol], indexes: [IndexRecord], schema: CompiledSchema?,
    schemaTransaction: TransactionNumber
  ) {
    self.names = names
    self.symbols = symbols
    self.indexes = indexes
    self.schema = schema
    self.schemaTransaction = schemaTransaction
  }

  static let empty = Catalogue(
    names: [], symbols: [:], indexes: [], schema: nil, schemaTransaction: .zero)

  /// Whether this is the catalogue that belongs to a head.
  func isCurrent(for head: Head) -> Bool {
    names.count == Int(head.symbolCount) && schemaTransaction == head.schemaTransaction
  }

  /// Reads the catalogue of a head; what `older` knows already is not read again.
  static func load(_ reading: Reading, _ head: Head, older: Catalogue) throws -> Catalogue {
    var names = older.names
    var symbols = older.symbols
    if names.count > Int(head.symbolCount) {
      names = []
      symbols = [:]
    }
    while names.count < Int(head.symbolCount) {
      let number = UInt32(names.count)
      guard let row = try reading.get(.symbols, KeyBuffer.symbol(number).bytes) else {
        throw StemmaError.damaged("symbols", "symbol \(number) has no name")
      }
      let name = try PropertyCodec.text(row, 0, row.byteCount)
      names.append(name)
      symbols[name] = Symbol(number)
    }
    if older.schemaTransaction == head.schemaTransaction {
      return Catalogue(
        names: names, symbols: symbols, indexes: older.indexes, schema: older.schema,
        schemaTransaction: head.schemaTransaction)
    }
    return Catalogue(
      names: names, symbols: symbols, indexes: try IndexRecord.all(reading, symbols, names),
      schema: try SchemaRecord.newest(reading).map(CompiledSchema.init),
      schemaTransaction: head.schemaTransaction)
  }
}
