// A SHA-256 value: names objects, seals records, is a node of the Merkle tree.

/// Thirty-two bytes of SHA-256.
public struct Digest: Sendable, Hashable, BitwiseCopyable {
  /// The bytes as four big-endian numbers.
  let words: (UInt64, UInt64, UInt64, UInt64)

  public static let byteCount = 32

  init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  /// From exactly 32 bytes; `nil` otherwise.
  public init?(bytes: some Collection<UInt8>) { self.init([UInt8](bytes).span.bytes) }

  /// From a span of exactly 32 bytes; `nil` otherwise.
  package init?(_ bytes: RawSpan) {
    guard bytes.byteCount == Self.byteCount else { return nil }
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// From 64 hexadecimal digits in lower case; `nil` otherwise.
  public init?(hex: String) {
    guard hex.utf8.count == 64 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in hex.utf8 {
      let digit: UInt8
      switch character {
      case 0x30...0x39: digit = character - 0x30
      case 0x61...0x66: digit = character - 0x61 + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    self.init(bytes: bytes)
  }

  public var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(Self.byteCount)
    append(to: &result)
    return result
  }

  /// Appends the 32 bytes.
  package func append(to bytes: inout [UInt8]) {
    let ordered = (
      words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
    )
    withUnsafeBytes(of: ordered) { bytes.append(contentsOf: $0) }
  }

  /// Sixty-four hexadecimal digits in lower case.
  public var hex: String { HexText.encode(bytes) }

  public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}

extension Digest: Comparable {
  /// The order of the bytes.
  public static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
}

extension Digest: CustomStringConvertible {
  public var description: String { hex }
}
