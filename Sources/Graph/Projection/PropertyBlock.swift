// The properties that a node or an edge was created with, as they lie at the end of its row:
//
//   directory length | (symbol, value length)* in the order of symbols | values in the same order
//
// all numbers LEB128. A look-up reads the directory until it meets or passes the symbol.

import Base

/// The properties inside a row.
enum PropertyBlock {
  /// Appends a block; `properties` are in the order of their symbols.
  static func encode(_ properties: [(name: Symbol, value: Value)], into row: inout [UInt8]) {
    if properties.isEmpty {
      row.append(0)
      return
    }
    var directory: [UInt8] = []
    var values: [UInt8] = []
    directory.reserveCapacity(properties.count * 3)
    values.reserveCapacity(properties.count * 12)
    for property in properties {
      let start = values.count
      PropertyCodec.encode(property.value, into: &values)
      directory.appendVariable(UInt64(property.name.rawValue))
      directory.appendVariable(UInt64(values.count - start))
    }
    row.appendVariable(UInt64(directory.count))
    row.append(contentsOf: directory)
    row.append(contentsOf: values)
  }

  /// Where the value of `name` lies in a row whose block starts at `start`.
  @inline(__always)
  static func find(
    _ name: Symbol, in row: RawSpan, at start: Int
  ) throws -> (offset: Int, count: Int)? {
    var offset = start
    let end = try row.length(&offset) + offset
    var value = end
    while offset < end {
      let symbol = try row.variable(&offset)
      let count = try row.length(&offset)
      if symbol == UInt64(name.rawValue) {
        try row.require(count, at: value)
        return (value, count)
      }
      if symbol > UInt64(name.rawValue) { return nil }
      value += count
    }
    return nil
  }

  /// Calls `body` with where each value lies, in the order of the symbols.
  static func forEach(
    _ row: RawSpan, at start: Int, _ body: (_ name: Symbol, _ offset: Int, _ count: Int) -> Void
  ) throws {
    var offset = start
    let end = try row.length(&offset) + offset
    var value = end
    while offset < end {
      let symbol = try row.variable(&offset)
      let count = try row.length(&offset)
      guard symbol <= UInt64(UInt32.max), count > 0 else {
        throw StemmaError.damaged("rows", "a property has no possible name or value")
      }
      try row.require(count, at: value)
      body(Symbol(UInt32(symbol)), value, count)
      value += count
    }
  }

  /// All properties of a row whose block starts at `start`, in the order of their symbols.
  static func decode(_ row: RawSpan, at start: Int) throws -> [(name: Symbol, value: Value)] {
    var offset = start
    let end = try row.length(&offset) + offset
    var value = end
    var result: [(name: Symbol, value: Value)] = []
    while offset < end {
      let symbol = try row.variable(&offset)
      let count = try row.length(&offset)
      guard symbol <= UInt64(UInt32.max) else {
        throw StemmaError.damaged("rows", "a property has no possible name")
      }
      result.append(
        (Symbol(UInt32(symbol)), try PropertyCodec.decode(row, at: value, count: count)))
      value += count
    }
    return result
  }
}
