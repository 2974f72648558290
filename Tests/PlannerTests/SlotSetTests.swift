// Sets of slots against the library's sets, at random.

import Base
import Planner
import Testing

@Suite("Sets of slots")
struct SlotSetTests {
  @Test("do what sets do, also beyond the first 128 slots")
  func random() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<400 {
      let most = [3, 100, 130, 400].randomElement(using: &random) ?? 3
      let (left, right) = (slots(most, &random), slots(most, &random))
      let (mine, other) = (SlotSet(left), SlotSet(right))
      let (set, otherSet) = (Set(left), Set(right))
      #expect(Array(mine) == set.sorted())
      #expect(Array(mine.union(other)) == set.union(otherSet).sorted())
      #expect(Array(mine.subtracting(other)) == set.subtracting(otherSet).sorted())
      #expect(mine.isSubset(of: other) == set.isSubset(of: otherSet))
      #expect(mine.isSubset(of: mine.union(other)))
      #expect(mine.isDisjoint(with: other) == set.isDisjoint(with: otherSet))
      #expect((mine == other) == (set == otherSet))
      #expect(mine.isEmpty == set.isEmpty)
      var changed = mine
      for slot in right { #expect(changed.contains(slot) == set.contains(slot)) }
      for slot in left { changed.remove(slot) }
      #expect(changed.isEmpty && changed == [])
    }
  }

  private func slots(_ most: Int, _ random: inout SplitMix64) -> [Slot] {
    (0..<Int.random(in: 0...8, using: &random)).map { _ in
      Slot(Int.random(in: 0..<most, using: &random))
    }
  }
}
