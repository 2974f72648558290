// Reads JSON that a provider or an evaluator wrote, and says where a refused text is wrong. What is
// read is untrusted; `StrictJSON` decides what is acceptable.

package import Base

/// Answers as Cypher values: objects become maps, numbers integers or floats.
package enum JSONReader {
  /// The one value in `bytes`. Throws `provider.answer` with line and column.
  package static func read(_ bytes: [UInt8], limitBytes: Int) throws -> Value {
    guard bytes.count <= limitBytes else {
      throw StemmaError(
        .providerAnswer, "the JSON has \(bytes.count) bytes; at most \(limitBytes) are read")
    }
    do { return try StrictJSON.parse(bytes, limits: .init(bytes: limitBytes)) } catch {
      throw failure(error, in: bytes)
    }
  }

  private static func failure(_ refusal: JSONRefusal, in bytes: [UInt8]) -> StemmaError {
    var line = 1
    var column = 1
    for byte in bytes.prefix(refusal.offset) {
      if byte == 10 {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return StemmaError(
      .providerAnswer, "not valid JSON at line \(line), column \(column): \(refusal.reason)")
  }
}
