// The layout of values is a promise to every loop over them.

import Base
import Testing

@Suite struct ValueSizeTests {
  @Test func valuesFitThreeWords() {
    #expect(MemoryLayout<Value>.size <= 17)
    #expect(MemoryLayout<Value>.stride == 24)
  }
}
