// Which rows of a range are selected, as lanes that comparisons of numbers yield: eight rows at a
// time, without a branch. A range is at most 65,536 rows, so the lanes stay in the cache between
// one predicate and the next.

import Base

/// A lane per row: all bits where it is selected, none where it is not.
struct SelectionMask: Sendable {
  private var lanes: [SIMD8<Int64>] = []
  /// How many rows there are; lanes behind them are never selected.
  private(set) var count = 0

  static let width = 8

  /// How many rows are selected.
  private(set) var selectedCount = 0
  /// Whether every row is selected, and nothing is written in the lanes yet.
  private var isAll = true

  /// Selects all of `count` rows.
  mutating func reset(count: Int) {
    self.count = count
    selectedCount = count
    isAll = true
  }

  /// Writes the lanes of a selection of all rows.
  private mutating func writeAll() {
    guard isAll else { return }
    isAll = false
    let whole = count / Self.width
    lanes.removeAll(keepingCapacity: true)
    lanes.append(contentsOf: repeatElement(SIMD8(repeating: -1), count: whole))
    if whole * Self.width < count { lanes.append(Self.first(count % Self.width)) }
  }

  /// Makes room for the lanes of a selection of all rows, of which only the last are written.
  private mutating func makeLanes() {
    isAll = false
    let rest = count % Self.width
    let needed = count / Self.width + (rest > 0 ? 1 : 0)
    if lanes.count > needed { lanes.removeLast(lanes.count - needed) }
    if lanes.count < needed {
      lanes.append(contentsOf: repeatElement(SIMD8(repeating: 0), count: needed - lanes.count))
    }
    if rest > 0 { lanes[needed - 1] = Self.first(rest) }
  }

  /// Whether no lane is selected.
  @inline(__always)
  private static func isNone(_ lanes: SIMD8<Int64>) -> Bool {
    let four = lanes.evenHalf | lanes.oddHalf
    let two = four.evenHalf | four.oddHalf
    return two[0] | two[1] == 0
  }

  /// Calls `body` with each selected row, ascending.
  @inline(__always)
  func forEach(_ body: (Int) throws -> Void) rethrows {
    if isAll {
      for row in 0..<count { try body(row) }
      return
    }
    for index in lanes.indices {
      let eight = lanes[index]
      if Self.isNone(eight) { continue }
      for lane in 0..<Self.width where eight[lane] != 0 {
        try body(index * Self.width + lane)
      }
    }
  }

  /// Appends something for each selected row, ascending.
  @inline(__always)
  func append<Item>(to items: inout [Item], filling item: Item, _ body: (Int) -> Item) {
    let before = items.count
    items.append(contentsOf: repeatElement(item, count: selectedCount))
    var next = before
    var span = items.mutableSpan
    forEach { row in
      span[next] = body(row)
      next += 1
    }
  }

  /// Keeps the selected rows for which `body` is true.
  mutating func keep(_ body: (Int) throws -> Bool) rethrows {
    writeAll()
    for index in lanes.indices {
      let eight = lanes[index]
      if Self.isNone(eight) { continue }
      for lane in 0..<Self.width where eight[lane] != 0 {
        if try body(index * Self.width + lane) { continue }
        lanes[index][lane] = 0
        selectedCount -= 1
      }
    }
  }

  // MARK: Numbers that lie one after another

  /// What a comparison says, as lanes. Both are the same bits; the library's own way to choose
  /// lanes by a comparison goes through memory.
  @inline(__always)
  static func bits(_ mask: SIMDMask<SIMD8<Int64>>) -> SIMD8<Int64> {
    unsafeBitCast(mask, to: SIMD8<Int64>.self)
  }

  /// Keeps rows whose float, eight bytes each in `values`, lies between two bounds.
  mutating func keep(floats values: RawSpan, from least: Double, to greatest: Double) {
    precondition(values.byteCount >= count * 8, "there is a float per row")
    // A comparison with infinity says no more than the other one: NaN satisfies neither.
    if least == -.infinity {
      let high = SIMD8(repeating: greatest)
      keep(values) { $0 .<= high }
    } else if greatest == .infinity {
      let low = SIMD8(repeating: least)
      keep(values) { $0 .>= low }
    } else {
      let low = SIMD8(repeating: least)
      let high = SIMD8(repeating: greatest)
      keep(values) { ($0 .>= low) .& ($0 .<= high) }
    }
  }

  /// The n-th eight numbers of `values`, which the caller has checked to be there.
  @inline(__always)
  static func eight<Item>(
    _ values: RawSpan, _ index: Int, _ kind: Item.Type = Item.self
  ) -> SIMD8<Item> where Item.SIMD8Storage: BitwiseCopyable {
    let offset = index &* (width * MemoryLayout<Item>.size)
    return values.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD8<Item>.self)
  }

  @inline(__always)
  private mutating func keep(
    _ values: RawSpan, _ holds: (SIMD8<Double>) -> SIMDMask<SIMD8<Int64>>
  ) {
    keepEights { index in
      Self.bits(holds(Self.eight(values, index)))
    } rest: { row in
      let eight = SIMD8(repeating: Double(bitPattern: values.little64(row * 8)))
      return Self.bits(holds(eight))[0] != 0
    }
  }

  /// Keeps the selected rows that `holds` gives lanes for, eight rows at a time; the rows that do
  /// not make up eight are asked one by one. The lanes are one span, so that no row costs a look at
  /// who else owns the array.
  @inline(__always)
  private mutating func keepEights(
    _ holds: (Int) -> SIMD8<Int64>, rest: (Int) -> Bool
  ) {
    let whole = count / Self.width
    let wasAll = isAll
    if wasAll { makeLanes() }
    var kept = SIMD8<Int64>(repeating: 0)
    var span = lanes.mutableSpan
    if wasAll {
      for index in 0..<whole {
        let bits = holds(index)
        span[index] = bits
        kept &-= bits
      }
    } else {
      for index in 0..<whole {
        let bits = span[index] & holds(index)
        span[index] = bits
        kept &-= bits
      }
    }
    selectedCount = Int(kept.wrappedSum())
    if whole * Self.width == count { return }
    for lane in 0..<count % Self.width where !rest(whole * Self.width + lane) {
      lanes[whole][lane] = 0
    }
    selectedCount -= Int(lanes[whole].wrappedSum())
  }

  /// The first lanes of eight.
  private static func first(_ count: Int) -> SIMD8<Int64> {
    var lanes = SIMD8<Int64>(repeating: 0)
    for lane in 0..<count { lanes[lane] = -1 }
    return lanes
  }

  /// Keeps rows whose code, a byte each in `codes` (all 0 where it is empty), is one that holds;
  /// `false` where a code is none of `holds`.
  mutating func keep(codes: RawSpan, _ holds: [Bool]) -> Bool {
    if codes.byteCount == 0 {
      if holds.first != true { keep { _ in false } }
      return !holds.isEmpty
    }
    precondition(codes.byteCount >= count, "there is a code per row")
    guard let last = UInt8(exactly: holds.count - 1) else { return false }
    let known = SIMD8(repeating: last)
    var unknown = SIMDMask<SIMD8<Int8>>(repeating: false)
    var areKnown = true
    if let only = Self.only(holds).map({ SIMD8(repeating: $0) }) {
      keepEights { index in
        let eight = Self.eight(codes, index, UInt8.self)
        unknown = unknown .| (eight .> known)
        return UInt8.lanes(eight .== only)
      } rest: { row in
        if codes.byte(row) > last { areKnown = false }
        return codes.byte(row) == only[0]
      }
      return areKnown && unknown == SIMDMask(repeating: false)
    }
    var table = [Int64](repeating: 0, count: 256)
    for code in holds.indices where holds[code] { table[code] = -1 }
    keepEights { index in
      let eight = Self.eight(codes, index, UInt8.self)
      unknown = unknown .| (eight .> known)
      var bits = SIMD8<Int64>(repeating: 0)
      for lane in 0..<Self.width { bits[lane] = table[Int(eight[lane])] }
      return bits
    } rest: { row in
      if codes.byte(row) > last { areKnown = false }
      return table[Int(codes.byte(row))] != 0
    }
    return areKnown && unknown == SIMDMask(repeating: false)
  }

  /// The one code that holds, where it is one.
  private static func only(_ holds: [Bool]) -> UInt8? {
    guard let first = holds.firstIndex(of: true), holds.lastIndex(of: true) == first else {
      return nil
    }
    return UInt8(exactly: first)
  }

  /// Keeps rows whose integer lies between two bounds. Integers lie as what they have above the
  /// least, in one, two, four or eight bytes for most columns: they are compared as such.
  mutating func keep(
    integers column: ColumnChunk, _ chunk: RawSpan, from least: Int64, to greatest: Int64
  ) {
    let base = Int64(bitPattern: column.base)
    guard greatest >= base else { return keepNone() }
    let low = least <= base ? 0 : UInt64(bitPattern: least &- base)
    let high = UInt64(bitPattern: greatest &- base)
    let values = column.packedIntegers(chunk)
    switch column.width {
    case 0: if low > 0 { keepNone() }
    case 1: keep(values, UInt8.self, low, high)
    case 2: keep(values, UInt16.self, low, high)
    case 4: keep(values, UInt32.self, low, high)
    case 8: keep(values, UInt64.self, low, high)
    default: keep { (low...high).contains(column.packed($0, chunk)) }
    }
  }

  private mutating func keepNone() { keep { _ in false } }

  @inline(__always)
  private mutating func keep<Item: PackedInteger>(
    _ values: RawSpan, _ kind: Item.Type, _ low: UInt64, _ high: UInt64
  ) {
    guard low <= UInt64(Item.max), low <= high else { return keepNone() }
    precondition(values.byteCount >= count * MemoryLayout<Item>.size, "there is a number per row")
    let (least, greatest) = (Item(low), Item(min(high, UInt64(Item.max))))
    let (lows, highs) = (SIMD8(repeating: least), SIMD8(repeating: greatest))
    keepEights { index in
      Item.lanes(of: Self.eight(values, index), from: lows, to: highs)
    } rest: { row in
      let offset = row * MemoryLayout<Item>.size
      let number = values.unsafeLoadUnaligned(fromByteOffset: offset, as: Item.self)
      return number >= least && number <= greatest
    }
  }

  /// The sum of the selected integers of a column.
  func sum(integers column: ColumnChunk, _ chunk: RawSpan) -> Int128 {
    let values = column.packedIntegers(chunk)
    let above: Int128
    switch column.width {
    case 0: above = 0
    case 1: above = Int128(sum(values, UInt8.self))
    case 2: above = Int128(sum(values, UInt16.self))
    case 4: above = Int128(sum(values, UInt32.self))
    default:
      var sum: Int128 = 0
      forEach { sum += Int128(column.packed($0, chunk)) }
      above = sum
    }
    return above + Int128(Int64(bitPattern: column.base)) * Int128(selectedCount)
  }

  /// Numbers of at most four bytes, of at most 65,536 rows: the sum fits.
  @inline(__always)
  private func sum<Item: PackedInteger>(_ values: RawSpan, _ kind: Item.Type) -> Int64 {
    precondition(values.byteCount >= count * MemoryLayout<Item>.size, "there is a number per row")
    let whole = count / Self.width
    var sums = SIMD8<Int64>(repeating: 0)
    for index in 0..<whole {
      let eight = Self.eight(values, index, Item.self)
      let wide = SIMD8<Int64>(truncatingIfNeeded: eight)
      sums &+= isAll ? wide : wide & lanes[index]
    }
    var sum = sums.wrappedSum()
    for row in whole * Self.width..<count
    where isAll || lanes[row / Self.width][row % Self.width] != 0 {
      let offset = row * MemoryLayout<Item>.size
      let number = values.unsafeLoadUnaligned(fromByteOffset: offset, as: Item.self)
      sum += Int64(truncatingIfNeeded: number)
    }
    return sum
  }

  /// The sum of the selected floats, eight bytes each in `values`.
  func sum(floats values: RawSpan) -> Double {
    precondition(values.byteCount >= count * 8, "there is a float per row")
    let whole = count / Self.width
    var sums = SIMD8<Double>(repeating: 0)
    for index in 0..<whole {
      sums += Self.selected(values, index, isAll ? SIMD8(repeating: -1) : lanes[index])
    }
    var sum = sums.sum()
    for row in whole * Self.width..<count
    where isAll || lanes[row / Self.width][row % Self.width] != 0 {
      sum += Double(bitPattern: values.little64(row * 8))
    }
    return sum
  }

  /// Eight floats, 0 for those whose lane is not selected.
  @inline(__always)
  static func selected(
    _ values: RawSpan, _ index: Int, _ lanes: SIMD8<Int64>
  ) -> SIMD8<Double> {
    unsafeBitCast(eight(values, index, Int64.self) & lanes, to: SIMD8<Double>.self)
  }
}
