// Names, schema and index definitions of a snapshot, kept in memory and shared by readers: they
// change seldom. A catalogue never changes; a newer head makes a newer catalogue.

import Base
import Store

/// Names, schema and indexes as of one head.
final class Catalogue: Sendable {
  let symbols: SymbolTable
  /// Names by symbol.
  var names: [Text] { symbols.names }
  let indexes: [IndexRecord]
  let indexesInForce: [IndexRecord]
  /// The names of those in force.
  let indexNames: Set<Text>
  let schema: CompiledSchema?
  /// The types that some edge has or had, in their order.
  let edgeTypes: [Symbol]
  let schemaTransaction: TransactionNumber

  init(
    symbols: SymbolTable, indexes: [IndexRecord], schema: CompiledSchema?, edgeTypes: [Symbol],
    schemaTransaction: TransactionNumber
  ) {
    self.symbols = symbols
    self.indexes = indexes
    indexesInForce = indexes.filter(\.isInForce)
    indexNames = Set(indexesInForce.map(\.definition.name))
    self.schema = schema
    self.edgeTypes = edgeTypes
    self.schemaTransaction = schemaTransaction
  }

  static let empty = Catalogue(
    symbols: SymbolTable(), indexes: [], schema: nil, edgeTypes: [], schemaTransaction: .zero)

  /// Whether this is the catalogue that belongs to a head.
  func isCurrent(for head: Head) -> Bool {
    names.count == Int(head.symbolCount) && schemaTransaction == head.schemaTransaction
      && edgeTypes.count == Int(head.edgeTypeCount)
  }

  /// Reads the catalogue of a head; what `older` knows already is not read again.
  static func load(_ reading: Reading, _ head: Head, older: Catalogue) throws -> Catalogue {
    var symbols = older.symbols
    if symbols.names.count > Int(head.symbolCount) { symbols = SymbolTable() }
    while symbols.names.count < Int(head.symbolCount) {
      let number = UInt32(symbols.names.count)
      guard let row = try reading.get(.symbols, KeyBuffer.symbol(number).bytes) else {
        throw StemmaError.damaged("symbols", "symbol \(number) has no name")
      }
      symbols.add(try PropertyCodec.text(row, 0, row.byteCount))
    }
    let edgeTypes = try edgeTypes(reading)
    if older.schemaTransaction == head.schemaTransaction {
      return Catalogue(
        symbols: symbols, indexes: older.indexes, schema: older.schema, edgeTypes: edgeTypes,
        schemaTransaction: head.schemaTransaction)
    }
    return Catalogue(
      symbols: symbols, indexes: try IndexRecord.all(reading, symbols.names),
      schema: try SchemaRecord.newest(reading).map(CompiledSchema.init), edgeTypes: edgeTypes,
      schemaTransaction: head.schemaTransaction)
  }

  /// The types that were ever counted.
  private static func edgeTypes(_ reading: Reading) throws -> [Symbol] {
    try NameStatistics.all(reading).filter { $0.counts.edges != nil }.map(\.symbol)
  }
}
