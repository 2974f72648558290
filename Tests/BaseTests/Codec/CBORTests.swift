// CBOR: the examples of RFC 8949, round trips, and refusal of whatever is not deterministic.

import Base
import Testing

@Suite struct CBORTests {
  private func bytes(_ value: Value) -> [UInt8]? {
    var writer = CBORWriter()
    return writer.value(value) ? writer.bytes : nil
  }

  private func read(_ bytes: [UInt8]) throws(CBORError) -> Value {
    var reader = CBORReader(bytes)
    let value = try reader.value()
    try reader.finish()
    return value
  }

  /// RFC 8949, appendix A, in its preferred forms.
  @Test(
    arguments: [
      (Value.integer(0), [0x00]), (.integer(23), [0x17]), (.integer(24), [0x18, 0x18]),
      (.integer(1000), [0x19, 0x03, 0xE8]), (.integer(1_000_000), [0x1A, 0, 0x0F, 0x42, 0x40]),
      (.integer(1_000_000_000_000), [0x1B, 0, 0, 0, 0xE8, 0xD4, 0xA5, 0x10, 0]),
      (.integer(-1), [0x20]), (.integer(-1000), [0x39, 0x03, 0xE7]),
      (.float(0), [0xF9, 0, 0]), (.float(-0.0), [0xF9, 0x80, 0]), (.float(1.5), [0xF9, 0x3E, 0]),
      (.float(65504), [0xF9, 0x7B, 0xFF]), (.float(100_000), [0xFA, 0x47, 0xC3, 0x50, 0]),
      (.float(1.1), [0xFB, 0x3F, 0xF1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A]),
      (.float(5.960464477539063e-8), [0xF9, 0, 1]), (.float(0.00006103515625), [0xF9, 4, 0]),
      (.float(.infinity), [0xF9, 0x7C, 0]), (.float(.nan), [0xF9, 0x7E, 0]),
      (.boolean(false), [0xF4]), (.null, [0xF6]), (.text("ü"), [0x62, 0xC3, 0xBC]),
      (.list([.integer(1), .list([.integer(2)])]), [0x82, 1, 0x81, 2]),
    ] as [(Value, [UInt8])])
  func examplesOfTheSpecification(_ value: Value, _ expected: [UInt8]) {
    #expect(bytes(value) == expected)
  }

  @Test func everyValueComesBack() throws {
    var values = RandomValues(seed: 314)
    for _ in 0..<5_000 {
      let value = values.value()
      let encoded = try #require(bytes(value))
      #expect(bytes(try read(encoded)) == encoded)
      if value.order(against: value) == 0 { #expect(try read(encoded).order(against: value) == 0) }
    }
  }

  @Test func halvesAreExact() throws {
    for pattern in UInt16.min...UInt16.max where pattern & 0x7FFF <= 0x7C00 {
      let encoded: [UInt8] = [0xF9, UInt8(pattern >> 8), UInt8(pattern & 0xFF)]
      #expect(bytes(try read(encoded)) == encoded)
    }
  }

  @Test(
    arguments: [
      [0x18, 0x17], [0x19, 0, 0xFF], [0x1A, 0, 0, 0xFF, 0xFF], [0x1B, 0, 0, 0, 0, 1, 0, 0, 0],
      [0xFA, 0x3F, 0xC0, 0, 0], [0xFB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0], [0xF9, 0x7E, 1],
      [0xFB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0], [0x9F, 0xFF], [0x5F, 0xFF], [0x1C], [0xF8, 0x18],
      [0xA2, 0x61, 0x62, 1, 0x61, 0x61, 1], [0xA2, 0x61, 0x61, 1, 0x61, 0x61, 1],
      [0xA2, 0x62, 0x61, 0x61, 1, 0x61, 0x62, 1], [0x61, 0xFF], [0x82, 1], [0x01, 0x01], [],
      [0xC1, 0], [0xD9, 0xFB, 0xF4, 0x20], [0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xF7],
    ] as [[UInt8]])
  func othersAreRefused(_ bytes: [UInt8]) {
    #expect(throws: CBORError.self) { try read(bytes) }
  }

  @Test func deepNestingIsRefusedOnBothSides() {
    var deep = Value.integer(1)
    for _ in 0..<CBORReader.depthLimit { deep = .list([deep]) }
    #expect(bytes(deep) != nil)
    #expect(bytes(.list([deep])) == nil)
    let nested = [UInt8](repeating: 0x81, count: CBORReader.depthLimit + 1) + [1]
    #expect(throws: CBORError(.tooDeep, at: 65)) { try read(nested) }
    #expect(throws: CBORError.self) { try read([UInt8](repeating: 0x81, count: 1_000_000)) }
  }

  @Test func randomBytesNeverTrapAndWhatIsReadIsWrittenAlike() {
    var values = RandomValues(seed: 8)
    for round in 0..<30_000 {
      let count = values.below(24)
      var input = (0..<count).map { _ in UInt8(truncatingIfNeeded: values.random.next()) }
      if round % 2 == 0, let valid = bytes(values.value()), !valid.isEmpty {
        input = valid
        input[values.below(input.count)] ^= UInt8(1 << values.below(8))
      }
      guard let value = try? read(input) else { continue }
      #expect(bytes(value) == input)
    }
  }

  @Test func graphEntitiesHaveNoBytes() {
    #expect(bytes(.node(NodeID(1))) == nil)
    #expect(bytes(.list([.edge(EdgeID(1))])) == nil)
  }
}
