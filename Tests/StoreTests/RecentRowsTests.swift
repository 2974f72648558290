// The table of rows that a reader found lately: rows that follow each other must not push each
// other out.

import Base
import Testing

@testable import Store

@Suite("Store: rows found lately")
struct RecentRowsTests {
  @Test("keys that differ in their last bytes have places of their own", arguments: 5...14)
  func places(count: Int) {
    var places: Set<Int> = []
    for number in UInt64(0)..<256 {
      var key = [UInt8](repeating: 7, count: count - 2)
      key.append(UInt8(truncatingIfNeeded: number >> 8))
      key.append(UInt8(truncatingIfNeeded: number))
      let short = RecentKey(.adjacency, key.span.bytes)
      if let short { places.insert(short.place(of: 4_096)) }
    }
    // By chance 248 of 4,096 would be taken.
    #expect(places.count > 200)
  }
}
