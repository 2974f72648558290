// How many different values there were, from 1,024 registers (HyperLogLog: Flajolet, Fusy,
// Gandouet, Meunier 2007; linear counting below 2,560). Standard error 3.3 per cent. The registers
// are a function of the set of values: neither order nor repetition matters, and sketches of parts
// merge.

import Base
import Glibc

/// Registers of values that were met.
package struct DistinctSketch: Sendable, Hashable {
  static let count = 1 << 10
  private var registers: [UInt8]
  /// How many registers are not zero.
  private var used = 0

  package init() { registers = [UInt8](repeating: 0, count: Self.count) }

  /// The hash of a value as rows have it (PropertyCodec.swift). docs/store-format.md has it too.
  @inline(__always)
  static func hash(_ value: RawSpan) -> UInt64 {
    var hash = UInt64(value.byteCount) &* 0x9E37_79B9_7F4A_7C15
    var offset = 0
    while offset < value.byteCount {
      hash ^= value.packed(offset, min(8, value.byteCount - offset))
      hash &*= 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
      offset += 8
    }
    hash &*= 0xC4CE_B9FE_1A85_EC53
    hash ^= hash >> 29
    hash &*= 0xFF51_AFD7_ED55_8CCD
    hash ^= hash >> 32
    return hash
  }

  /// Adds a value by its hash; whether that changed anything.
  @inline(__always)
  mutating func add(hash: UInt64) -> Bool {
    let register = Int(hash >> 54)
    let rank = UInt8(truncatingIfNeeded: (hash << 10 | 1 << 9).leadingZeroBitCount + 1)
    if registers[register] >= rank { return false }
    if registers[register] == 0 { used += 1 }
    registers[register] = rank
    return true
  }

  /// Whether adding a value, by its hash, would change the sketch that a row has.
  static func wouldChange(_ row: RawSpan, hash: UInt64) -> Bool {
    let register = Int(hash >> 54)
    let rank = UInt8(truncatingIfNeeded: (hash << 10 | 1 << 9).leadingZeroBitCount + 1)
    guard row.byteCount > 0, row.byte(0) == 0 else {
      return row.byteCount != 1 + count || row.byte(1 + register) < rank
    }
    var offset = 1
    while offset + 3 <= row.byteCount {
      let number = Int(row.little16(offset))
      if number >= register { return number > register || row.byte(offset + 2) < rank }
      offset += 3
    }
    return true
  }

  /// Adds everything that another sketch met; whether that changed anything.
  mutating func merge(_ other: DistinctSketch) -> Bool {
    var isChanged = false
    for index in 0..<Self.count where registers[index] < other.registers[index] {
      if registers[index] == 0 { used += 1 }
      registers[index] = other.registers[index]
      isChanged = true
    }
    return isChanged
  }

  /// About how many different values were added.
  package var estimate: Int {
    let count = Double(Self.count)
    var sum = 0.0
    for rank in registers { sum += Double(sign: .plus, exponent: -Int(rank), significand: 1) }
    let raw = 0.7213 / (1 + 1.079 / count) * count * count / sum
    if raw <= 2.5 * count, used < Self.count {
      return Int((count * log(count / (count - Double(used)))).rounded())
    }
    return Int(min(raw, 1e15).rounded())
  }

  // MARK: Bytes

  /// Below this many registers in use a list of them is shorter.
  private static let fewRegisters = count / 3

  /// `00` and (register (2 bytes), rank (1)) for each in use; or `01` and all ranks.
  func write(into row: inout [UInt8]) {
    row.removeAll(keepingCapacity: true)
    guard used < Self.fewRegisters else {
      row.append(1)
      row.append(contentsOf: registers)
      return
    }
    row.append(0)
    // Most are zero, eight at a time.
    let eights = registers.span.bytes
    for first in stride(from: 0, to: Self.count, by: 8) where eights.little64(first) != 0 {
      for index in first..<first + 8 where registers[index] > 0 {
        row.appendLittle(UInt64(index), bytes: 2)
        row.append(registers[index])
      }
    }
  }

  init(_ row: RawSpan) throws {
    self.init()
    try row.require(1, at: 0)
    if row.byte(0) == 1, row.byteCount == 1 + Self.count {
      for index in 0..<Self.count {
        registers[index] = row.byte(1 + index)
        if registers[index] > 0 { used += 1 }
      }
      return
    }
    guard row.byte(0) == 0, row.byteCount % 3 == 1, row.byteCount <= 1 + 3 * Self.fewRegisters
    else { throw StemmaError.damaged("statistics", "a sketch has the wrong length") }
    for offset in stride(from: 1, to: row.byteCount, by: 3) {
      let index = Int(row.little16(offset))
      guard index < Self.count, registers[index] == 0, row.byte(offset + 2) > 0 else {
        throw StemmaError.damaged("statistics", "a sketch has an impossible register")
      }
      registers[index] = row.byte(offset + 2)
      used += 1
    }
  }
}
