// A record's bytes: an array of the header (as a byte string, since its exact bytes are what the
// log proves), the salts, the shapes of what it creates, and the operations.

package import Base

extension LogRecord {
  /// The deterministic bytes, as the table `log` has them.
  package var bytes: [UInt8] {
    var writer = CBORWriter()
    writer.reserve(headerBytes.count + 64 + operations.count * 48)
    writeHead(parts: 4, to: &writer)
    BodyWriter.write(operations, to: &writer) { writer, position, value in
      write(value, at: position, to: &writer)
    }
    return writer.bytes
  }

  /// The beginning of an array of `parts`: the header's exact bytes, and the salts.
  func writeHead(parts: Int, to writer: inout CBORWriter) {
    writer.array(parts)
    writer.byteString(headerBytes)
    switch salts {
    case .secret(let secret): writer.byteString(secret)
    case .disclosed(let salts):
      writer.array(salts.count)
      for salt in salts {
        if let salt { writer.digest(salt) } else { writer.null() }
      }
    }
  }

  /// A value or, where it is withheld, its commitment.
  func write(_ value: Value, at position: ValuePosition, to writer: inout CBORWriter) {
    if !withheld.isEmpty, let commitment = withheld[position] {
      writer.tag(OperationCode.withheldTag)
      writer.digest(commitment)
    } else {
      // It was written before, when the commitment to it was made.
      _ = writer.value(value)
    }
  }

  /// Reads a record; refuses bytes that `bytes` would not have written, and salts that do not fit
  /// the values. Whether it is what the header commits to is `isAuthentic`.
  package init(bytes: [UInt8]) throws(CBORError) {
    var reader = CBORReader(bytes)
    try reader.array(of: 4)
    let headerBytes = try reader.byteString()
    let header = try RecordHeader(bytes: headerBytes)
    let saltsOffset = reader.offset
    let salts = try Self.salts(&reader)
    var body = try BodyReader(reader)
    let count = try body.reader.array()
    guard count == header.operationCount else {
      throw CBORError(.unexpected, at: body.reader.offset)
    }
    var operations: [LoggedOperation] = []
    operations.reserveCapacity(count)
    for _ in 0..<count { operations.append(try body.operation()) }
    try body.finish()
    guard Self.fit(salts, operations, body.withheld) else {
      throw CBORError(.unexpected, at: saltsOffset)
    }
    self.init(
      header: header, headerBytes: headerBytes, salts: salts, operations: operations,
      withheld: body.withheld)
  }

  private static func salts(_ reader: inout CBORReader) throws(CBORError) -> Salts {
    let start = reader.offset
    if reader.kind == .byteString {
      let secret = try reader.byteString()
      guard secret.count == Commitment.secretBytes else { throw CBORError(.outOfRange, at: start) }
      return .secret(secret)
    }
    var salts: [Digest?] = []
    for _ in 0..<(try reader.array()) { salts.append(reader.null() ? nil : try reader.digest()) }
    return .disclosed(salts)
  }

  /// With a secret there are values and nothing is withheld; without, there is a salt for each
  /// value that is there.
  private static func fit(
    _ salts: Salts, _ operations: [LoggedOperation], _ withheld: [ValuePosition: Digest]
  ) -> Bool {
    guard case .disclosed(let salts) = salts else {
      return withheld.isEmpty && operations.contains { !$0.properties.isEmpty }
    }
    var place = 0
    for (index, operation) in operations.enumerated() {
      for property in operation.properties.indices {
        guard place < salts.count else { return false }
        let isWithheld = withheld[ValuePosition(operation: index, property: property)] != nil
        if (salts[place] == nil) != isWithheld { return false }
        place += 1
      }
    }
    return place == salts.count && (place == 0 || !withheld.isEmpty)
  }
}
