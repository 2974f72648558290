// The byte order of encodings against the order of the values themselves.

import Base
import Testing

@Suite struct OrderedEncodingTests {
  private func sign(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if left == right { return 0 }
    return left.lexicographicallyPrecedes(right) ? -1 : 1
  }

  @Test func bytesAreOrderedAsValuesAre() throws {
    var values = RandomValues(seed: 2024)
    for _ in 0..<20_000 {
      let (left, right) = (values.anyValue(), values.anyValue())
      let first = try #require(OrderedEncoding.bytes(left, limitBytes: .max))
      let second = try #require(OrderedEncoding.bytes(right, limitBytes: .max))
      let expected = left.order(against: right).signum()
      #expect(sign(first.bytes, second.bytes) == expected, "\(left) against \(right)")
    }
  }

  @Test func numbersOfBothTypesShareOneOrder() throws {
    var values = RandomValues(seed: 5)
    for _ in 0..<20_000 {
      let (left, right) = (Value.integer(values.integer()), Value.float(values.float()))
      let first = try #require(OrderedEncoding.bytes(left)).bytes
      let second = try #require(OrderedEncoding.bytes(right)).bytes
      #expect(sign(first, second) == left.order(against: right).signum(), "\(left), \(right)")
    }
  }

  @Test func compositeKeysOrderByTheirPartsAndDescendingOnesBackwards() throws {
    var values = RandomValues(seed: 99)
    for _ in 0..<5_000 {
      let rows = (0..<2).map { _ in (values.value(depth: 2), values.value(depth: 2)) }
      var keys: [[UInt8]] = []
      for row in rows {
        var key: [UInt8] = []
        _ = OrderedEncoding.append(row.0, descending: true, limitBytes: .max, to: &key)
        _ = OrderedEncoding.append(row.1, limitBytes: .max, to: &key)
        keys.append(key)
      }
      let first = -rows[0].0.order(against: rows[1].0).signum()
      let expected = first != 0 ? first : rows[0].1.order(against: rows[1].1).signum()
      #expect(sign(keys[0], keys[1]) == expected, "\(rows)")
    }
  }

  @Test func longOnesAreCutAndSaySo() throws {
    let base = String(repeating: "x", count: 500)
    let first = try #require(OrderedEncoding.bytes(.text(base + "a")))
    let second = try #require(OrderedEncoding.bytes(.text(base + "b")))
    #expect(first.isCut && second.isCut)
    #expect(first.bytes.count == OrderedEncoding.limitBytes + OrderedEncoding.hashBytes)
    #expect(first.bytes != second.bytes)
    let short = try #require(OrderedEncoding.bytes(.text(String(repeating: "x", count: 390))))
    #expect(!short.isCut)
    #expect(short.bytes.lexicographicallyPrecedes(first.bytes))
    let above = try #require(OrderedEncoding.bytes(.text("y")))
    #expect(first.bytes.lexicographicallyPrecedes(above.bytes))
  }

  @Test func deepNestingIsRefused() {
    var deep = Value.integer(1)
    for _ in 0..<OrderedEncoding.depthLimit { deep = .list([deep]) }
    #expect(OrderedEncoding.bytes(deep) != nil)
    var key: [UInt8] = [7]
    #expect(OrderedEncoding.append(.list([deep]), to: &key) == nil)
    #expect(key == [7])
  }
}
