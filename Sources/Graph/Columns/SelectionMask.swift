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
    let whole = count / Self.width
    var kept = SIMD8<Int64>(repeating: 0)
    if isAll {
      isAll = false
      lanes.removeAll(keepingCapacity: true)
      for index in 0..<whole {
        let bits = Self.bits(holds(Self.eight(values, index)))
        lanes.append(bits)
        kept &-= bits
      }
      if whole * Self.width < count { lanes.append(Self.first(count % Self.width)) }
    } else {
      for index in 0..<whole {
        let bits = lanes[index] & Self.bits(holds(Self.eight(values, index)))
        lanes[index] = bits
        kept &-= bits
      }
    }
    selectedCount = Int(kept.wrappedSum())
    if whole * Self.width == count { return }
    var eight = SIMD8<Double>(repeating: .nan)
    for lane in 0..<count % Self.width {
      eight[lane] = Double(bitPattern: values.little64((whole * Self.width + lane) * 8))
    }
    lanes[whole] &= Self.bits(holds(eight))
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
    if let only = Self.only(holds) {
      let greatest = keep(codes, from: only, to: only)
      return Int(greatest) < holds.count
    }
    writeAll()
    var table = [Int64](repeating: 0, count: 256)
    for code in holds.indices where holds[code] { table[code] = -1 }
    var (greatest, kept) = (0, 0)
    func lane(_ row: Int) -> Int64 {
      guard row < codes.byteCount else { return 0 }
      let code = Int(codes.byte(row))
      greatest = max(greatest, code)
      return table[code]
    }
    for index in lanes.indices {
      let first = index * Self.width
      let bits =
        SIMD8(
          lane(first), lane(first + 1), lane(first + 2), lane(first + 3), lane(first + 4),
          lane(first + 5), lane(first + 6), lane(first + 7)) & lanes[index]
      lanes[index] = bits
      kept -= Int(bits.wrappedSum())
    }
    selectedCount = kept
    return greatest < holds.count
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
    guard low <= UInt64(Item.max) else { return keepNone() }
    _ = keep(values, from: Item(low), to: Item(min(high, UInt64(Item.max))))
  }

  /// Keeps rows whose number lies between two bounds; returns the greatest number of all.
  @inline(__always)
  private mutating func keep<Item: PackedInteger>(
    _ values: RawSpan, from least: Item, to greatest: Item
  ) -> Item {
    precondition(values.byteCount >= count * MemoryLayout<Item>.size, "there is a number per row")
    let low = SIMD8(repeating: least)
    let high = SIMD8(repeating: greatest)
    writeAll()
    let whole = count / Self.width
    var kept = SIMD8<Int64>(repeating: 0)
    var most = SIMD8<Item>(repeating: 0)
    for index in 0..<whole {
      let eight = Self.eight(values, index, Item.self)
      let bits = lanes[index] & Item.lanes((eight .>= low) .& (eight .<= high))
      lanes[index] = bits
      kept &-= bits
      most = pointwiseMax(most, eight)
    }
    selectedCount = Int(kept.wrappedSum())
    var greatestOfAll = most.max()
    if whole * Self.width == count { return greatestOfAll }
    for lane in 0..<count % Self.width {
      let offset = (whole * Self.width + lane) * MemoryLayout<Item>.size
      let number = values.unsafeLoadUnaligned(fromByteOffset: offset, as: Item.self)
      greatestOfAll = max(greatestOfAll, number)
      if number < least || number > greatest { lanes[whole][lane] = 0 }
    }
    selectedCount -= Int(lanes[whole].wrappedSum())
    return greatestOfAll
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

/// The widths in which integers lie one after another.
private protocol PackedInteger: FixedWidthInteger, UnsignedInteger, SIMDScalar, BitwiseCopyable
where SIMD8Storage: BitwiseCopyable {
  /// A comparison as lanes of a mask.
  static func lanes(_ mask: SIMDMask<SIMD8<SIMDMaskScalar>>) -> SIMD8<Int64>
}

extension UInt8: PackedInteger {
  @inline(__always)
  static func lanes(_ mask: SIMDMask<SIMD8<Int8>>) -> SIMD8<Int64> {
    SIMD8(truncatingIfNeeded: unsafeBitCast(mask, to: SIMD8<Int8>.self))
  }
}

extension UInt16: PackedInteger {
  @inline(__always)
  static func lanes(_ mask: SIMDMask<SIMD8<Int16>>) -> SIMD8<Int64> {
    SIMD8(truncatingIfNeeded: unsafeBitCast(mask, to: SIMD8<Int16>.self))
  }
}

extension UInt32: PackedInteger {
  @inline(__always)
  static func lanes(_ mask: SIMDMask<SIMD8<Int32>>) -> SIMD8<Int64> {
    SIMD8(truncatingIfNeeded: unsafeBitCast(mask, to: SIMD8<Int32>.self))
  }
}

extension UInt64: PackedInteger {
  @inline(__always)
  static func lanes(_ mask: SIMDMask<SIMD8<Int64>>) -> SIMD8<Int64> {
    unsafeBitCast(mask, to: SIMD8<Int64>.self)
  }
}
