// The total order is total, agrees with equivalence, hashing and the byte codec, and compares
// integers with floats exactly.

import Base
import Testing

@Suite struct OrderingTests {
  static let values: [Value] = {
    var random = AnyValues(seed: 7)
    return (0..<160).map { _ in random.value() }
  }()

  @Test func orderIsAntisymmetricAndReflexive() {
    for left in Self.values {
      #expect(left.order(against: left) == 0, "\(left)")
      for right in Self.values {
        let order = left.order(against: right)
        #expect(order.signum() == -right.order(against: left).signum(), "\(left) \(right)")
      }
    }
  }

  @Test func orderIsTransitive() {
    var random = AnyValues(seed: 11)
    for _ in 0..<200_000 {
      let (one, two, three) = (
        random.pick(Self.values), random.pick(Self.values), random.pick(Self.values)
      )
      if one.order(against: two) <= 0, two.order(against: three) <= 0 {
        #expect(one.order(against: three) <= 0, "\(one) \(two) \(three)")
      }
    }
  }

  @Test func equivalentValuesHashAlike() {
    for left in Self.values {
      for right in Self.values {
        let isEquivalent = left.isEquivalent(to: right)
        #expect(isEquivalent == (left.order(against: right) == 0), "\(left) \(right)")
        if isEquivalent {
          #expect(EquivalenceKey([left]).hashValue == EquivalenceKey([right]).hashValue)
        }
        if left.isEqual(to: right) == true { #expect(isEquivalent, "\(left) \(right)") }
      }
    }
  }

  @Test func bytesOfTheCodecKeepTheOrder() throws {
    for left in Self.values {
      for right in Self.values {
        let first = try #require(OrderedEncoding.bytes(left, limitBytes: .max)).bytes
        let second = try #require(OrderedEncoding.bytes(right, limitBytes: .max)).bytes
        let expected = left.order(against: right)
        let actual =
          first == second ? 0 : first.lexicographicallyPrecedes(second) ? -1 : 1
        #expect(actual == expected.signum(), "\(left) \(right)")
      }
    }
  }

  @Test func typesStandInOpenCyphersOrder() {
    let ascending: [Value] = [
      .map(ValueMap([("a", .integer(1))])), .node(NodeID(1)), .edge(EdgeID(1)),
      .list([.integer(1)]), .path(Path(nodes: [NodeID(1)], edges: [])),
      .date(CalendarDate(daysSinceEpoch: 0)), .text("a"), .boolean(false), .boolean(true),
      .float(-.infinity), .integer(1), .float(1.5), .float(.infinity), .float(.nan), .null,
    ]
    for index in 1..<ascending.count {
      #expect(ascending[index - 1].order(against: ascending[index]) < 0)
    }
  }

  @Test func integersAndFloatsCompareExactly() {
    let big = Int64(1) << 53
    #expect(Value.integer(big + 1).isEqual(to: .float(0x1p53)) == false)
    #expect(Value.integer(big + 1).compared(with: .float(0x1p53)) == .greater)
    #expect(Value.integer(.max).compared(with: .float(0x1p63)) == .less)
    #expect(Value.integer(.min).isEqual(to: .float(-0x1p63)) == true)
    #expect(Value.integer(2).compared(with: .float(2.5)) == .less)
    #expect(Value.integer(-2).compared(with: .float(-2.5)) == .greater)
    #expect(Value.float(-0.0).isEquivalent(to: .integer(0)))
  }
}
