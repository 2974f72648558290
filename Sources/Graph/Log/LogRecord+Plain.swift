// A record as an auditor gets it: the header's exact bytes, the salts, and every operation spelled
// in full with values where its committed form has commitments. It does not depend on how the store
// packs its records, so a verifier written once reads the exports of every version.

import Base

extension LogRecord {
  /// `[ header: bytes, salts, [ operation* ] ]` in deterministic CBOR; docs/store-format.md.
  package var plainBytes: [UInt8] {
    var writer = CBORWriter()
    writer.reserve(headerBytes.count + 64 + operations.count * 64)
    writeHead(parts: 3, to: &writer)
    writer.array(operations.count)
    var body = OperationWriter(writer: writer)
    for (index, operation) in operations.enumerated() {
      let properties = operation.properties
      body.write(operation) { writer, property in
        write(
          properties[property].value,
          at: ValuePosition(operation: index, property: property), to: &writer)
      }
    }
    return body.writer.bytes
  }
}
