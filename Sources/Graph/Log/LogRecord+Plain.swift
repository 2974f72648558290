// A record as an auditor gets it: the header's exact bytes, the salts, and every operation spelled
// in full with values where its committed form has commitments. It does not depend on how the store
// packs its records, so a verifier written once reads the exports of every version.

import Base

extension LogRecord {
  /// `[ header: bytes, salts, [ operation* ] ]` in deterministic CBOR; docs/store-format.md.
  package var plainBytes: [UInt8] {
    var writer = CBORWriter()
    writer.reserve(headerBytes.count + 64 + operations.count * 64)
    writer.array(3)
    writer.byteString(headerBytes)
    switch salts {
    case .secret(let secret): writer.byteString(secret)
    case .disclosed(let salts):
      writer.array(salts.count)
      for salt in salts {
        if let salt { writer.digest(salt) } else { writer.null() }
      }
    }
    writer.array(operations.count)
    var body = OperationWriter(writer: writer)
    for (index, operation) in operations.enumerated() {
      let properties = operation.properties
      body.write(operation) { writer, property in
        let position = ValuePosition(operation: index, property: property)
        if let commitment = withheld[position] {
          writer.tag(OperationCode.withheldTag)
          writer.digest(commitment)
        } else {
          // It was written before, when the commitment to it was made.
          _ = writer.value(properties[property].value)
        }
      }
    }
    return body.writer.bytes
  }
}
