// Text below the façade is UTF-8 bytes. Swift's `String ==` is canonical equivalence ("é" in one
// or two code points are equal), which would give wrong answers in a database; here two texts are
// equal when their bytes are. `String` is used only as storage: short texts cost no allocation.
//
// Nothing below the façade may compare `String` values; compare `Text`.

/// A UTF-8 string compared, ordered and hashed by its bytes.
public struct Text: Sendable {
  /// The same text for output; do not compare it.
  public let string: String

  @inlinable
  public init(_ string: String) {
    var native = string
    native.makeContiguousUTF8()
    self.string = native
  }

  /// Checks and copies UTF-8 bytes; `nil` where they are not valid UTF-8.
  public init?(validatingUTF8 bytes: some Sequence<UInt8>) {
    guard let valid = String(validating: bytes, as: UTF8.self) else { return nil }
    self.string = valid
  }

  /// The same for bytes that lie side by side, which is faster.
  package init?(validating bytes: Span<UInt8>) {
    guard let valid = try? UTF8Span(validating: bytes) else { return nil }
    self.string = String(copying: valid)
  }

  /// The number of bytes in UTF-8.
  @inlinable
  public var utf8Count: Int { string.utf8.count }

  /// The number of Unicode code points: what Cypher's `size` counts.
  public var codePointCount: Int {
    withUTF8Span { bytes in
      // Every code point has one byte that continues none: a loop that the compiler vectorises.
      var count = 0
      for index in bytes.indices { count += bytes[index] & 0xC0 == 0x80 ? 0 : 1 }
      return count
    }
  }

  @inlinable
  public var isEmpty: Bool { string.utf8.isEmpty }

  /// The bytes of the text, valid inside the closure's borrow of `self`.
  @inlinable
  public func withUTF8Span<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try body(string.utf8Span.span)
  }
}

extension Text: Equatable {
  @inlinable
  public static func == (left: Text, right: Text) -> Bool {
    // The lengths are in the texts themselves; the bytes are behind a call.
    let count = left.string.utf8.count
    guard count == right.string.utf8.count else { return false }
    let mine = left.string.utf8Span.span.bytes
    let theirs = right.string.utf8Span.span.bytes
    var offset = 0
    while offset + 8 <= count {
      let first = mine.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let second = theirs.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if first != second { return false }
      offset += 8
    }
    while offset < count {
      let first = mine.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      let second = theirs.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      if first != second { return false }
      offset += 1
    }
    return true
  }
}

extension Text: Comparable {
  @inlinable
  public static func < (left: Text, right: Text) -> Bool { left.order(against: right) < 0 }

  /// Negative, zero or positive, like `memcmp` followed by the lengths.
  @inlinable
  public func order(against other: Text) -> Int {
    let mine = string.utf8Span.span.bytes
    let theirs = other.string.utf8Span.span.bytes
    let shared = min(mine.byteCount, theirs.byteCount)
    var offset = 0
    while offset < shared {
      // Eight at a time; the last eight may begin with bytes that are known to be equal.
      if shared >= 8 {
        offset = min(offset, shared - 8)
        let first = mine.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).bigEndian
        let second = theirs.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).bigEndian
        if first != second { return first < second ? -1 : 1 }
        offset += 8
      } else {
        let first = mine.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
        let second = theirs.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
        if first != second { return first < second ? -1 : 1 }
        offset += 1
      }
    }
    return mine.byteCount - theirs.byteCount
  }
}

extension Text: Hashable {
  @inlinable
  public func hash(into hasher: inout Hasher) {
    let bytes = string.utf8Span.span
    bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    hasher.combine(bytes.count)
  }
}

extension Text: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  @inlinable
  public init(stringLiteral value: String) { self.init(value) }
}

extension Text: CustomStringConvertible {
  public var description: String { string }
}
