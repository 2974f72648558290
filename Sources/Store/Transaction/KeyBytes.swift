// Keys built in place: fixed-size integers in big-endian order, so that bytes sort as numbers do,
// and short byte strings, with no allocation. Longer keys are plain arrays.

/// A key of up to 64 bytes.
@frozen
package struct KeyBytes: BitwiseCopyable, Sendable {
  package static let capacity = 64

  @usableFromInline var storage = InlineArray<64, UInt8>(repeating: 0)
  @usableFromInline package private(set) var count = 0

  @inlinable
  package init() {}

  /// A key of one number.
  @inlinable
  package init(_ number: UInt64) { append(number) }

  /// The key, valid while it is not changed.
  package var bytes: RawSpan {
    @_lifetime(borrow self)
    @inlinable
    get { unsafe storage.span.bytes.extracting(first: count) }
  }

  @inlinable
  package mutating func append(_ byte: UInt8) {
    precondition(count < Self.capacity, "a key built in place has at most 64 bytes")
    storage[count] = byte
    grow(by: 1)
  }

  /// Appends a number of any width, most significant byte first.
  @inlinable
  package mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
    let width = Number.bitWidth / 8
    precondition(count + width <= Self.capacity, "a key built in place has at most 64 bytes")
    var index = 0
    while index < width {
      storage[count + index] = UInt8(truncatingIfNeeded: number >> (8 * (width - 1 - index)))
      index += 1
    }
    grow(by: width)
  }

  /// Appends bytes as they are.
  @inlinable
  package mutating func append(_ bytes: RawSpan) {
    precondition(count + bytes.byteCount <= Self.capacity, "a key has at most 64 bytes here")
    for index in 0..<bytes.byteCount {
      storage[count + index] = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
    grow(by: bytes.byteCount)
  }

  @usableFromInline
  mutating func grow(by width: Int) { count += width }
}

extension RawSpan {
  /// The big-endian number of 8 bytes at an offset; bounds are checked.
  @inlinable
  package func bigEndianUInt64(at offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafe unsafeLoadUnaligned64(at: offset))
  }

  /// The big-endian number of 4 bytes at an offset; bounds are checked.
  @inlinable
  package func bigEndianUInt32(at offset: Int) -> UInt32 {
    precondition(offset >= 0 && offset + 4 <= byteCount, "a number lies outside its row")
    return UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The byte at an offset; bounds are checked.
  @inlinable
  package func byte(at offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < byteCount, "a byte lies outside its row")
    return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  @unsafe @inlinable
  func unsafeLoadUnaligned64(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset + 8 <= byteCount, "a number lies outside its row")
    return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}
