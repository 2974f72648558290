// SHA-256 (FIPS 180-4) and HMAC over it (RFC 2104), on the C of `CHash`, which uses the processor's
// instructions where there are some. This is the one place of `Base` that hands bytes to C.

private import CHash

/// An incremental SHA-256.
public struct SHA256: Sendable {
  fileprivate var context = chash_sha256()

  public init() { chash_sha256_begin(&context) }

  public mutating func update(_ bytes: [UInt8]) {
    chash_sha256_update(&context, bytes, bytes.count)
  }

  public mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { chash_sha256_update(&context, $0.baseAddress, $0.count) }
  }

  /// The digest of everything fed so far; more can follow.
  public func digest() -> Digest {
    withUnsafePointer(to: context) { Digest(chash_sha256_digest($0)) }
  }

  /// The digest of some bytes.
  public static func hash(_ bytes: [UInt8]) -> Digest {
    Digest(chash_sha256_prefixed(chash_digest(), 0, bytes, bytes.count))
  }

  /// The digest of some bytes, in place.
  package static func hash(_ bytes: RawSpan) -> Digest {
    bytes.withUnsafeBytes { bytes in
      Digest(chash_sha256_prefixed(chash_digest(), 0, bytes.baseAddress, bytes.count))
    }
  }

  /// The digests of two messages, in less time than one after the other.
  package static func hash(_ first: RawSpan, _ second: RawSpan) -> (Digest, Digest) {
    let digests = first.withUnsafeBytes { first in
      second.withUnsafeBytes { second in
        chash_sha256_pair(first.baseAddress, first.count, second.baseAddress, second.count)
      }
    }
    return (Digest(digests.first), Digest(digests.second))
  }

  /// Makes each pair of the first digests a node of a Merkle tree: `pairs` of them, from the
  /// beginning.
  static func nodes(_ digests: inout [Digest], pairs: Int) {
    precondition(pairs * 2 <= digests.count, "a node has two children")
    digests.withUnsafeMutableBytes { bytes in
      chash_sha256_level(bytes.baseAddress?.assumingMemoryBound(to: chash_digest.self), pairs)
    }
  }

  /// The digest of one byte followed by some bytes.
  package static func hash(_ first: UInt8, _ bytes: [UInt8]) -> Digest {
    let prefix = chash_digest(word0: UInt64(first) << 56, word1: 0, word2: 0, word3: 0)
    return Digest(chash_sha256_prefixed(prefix, 1, bytes, bytes.count))
  }

  /// The digest of a digest followed by some bytes.
  package static func hash(_ first: Digest, _ bytes: [UInt8]) -> Digest {
    Digest(chash_sha256_prefixed(chash_digest(first), Digest.byteCount, bytes, bytes.count))
  }

  /// The digest of the byte 1 followed by two digests.
  static func node(_ left: Digest, _ right: Digest) -> Digest {
    Digest(chash_sha256_node(chash_digest(left), chash_digest(right)))
  }

  /// The digest of a text's UTF-8.
  public static func hash(_ text: Text) -> Digest { hash(Array(text.string.utf8)) }

  /// Whether this processor's instructions are used.
  package static var isAccelerated: Bool { chash_sha256_is_accelerated() != 0 }

  /// HMAC-SHA-256 of a message under a key of any length.
  public static func authenticate(_ message: [UInt8], key: [UInt8]) -> Digest {
    AuthenticationKey(key).authenticate(message)
  }

  /// The state after hashing whole blocks without, and with, the processor's instructions: for the
  /// test that compares the two.
  package static func statesOfBlocks(_ bytes: [UInt8]) -> (portable: [UInt32], fast: [UInt32]) {
    precondition(bytes.count % 64 == 0, "blocks have 64 bytes")
    var portable = [UInt32](0..<8)
    var fast = portable
    chash_sha256_blocks_portable(&portable, bytes, bytes.count / 64)
    if isAccelerated {
      chash_sha256_blocks_accelerated(&fast, bytes, bytes.count / 64)
    } else {
      fast = portable
    }
    return (portable, fast)
  }
}

/// A key of HMAC-SHA-256, prepared once for many messages.
public struct AuthenticationKey: Sendable {
  private var inner = SHA256()
  private var outer = SHA256()

  public init(_ key: [UInt8]) {
    var block = key.count > 64 ? SHA256.hash(key).bytes : key
    block.append(contentsOf: repeatElement(0, count: 64 - block.count))
    inner.update(block.map { $0 ^ 0x36 })
    outer.update(block.map { $0 ^ 0x5C })
  }

  /// HMAC-SHA-256 of a message.
  public func authenticate(_ message: [UInt8]) -> Digest {
    withUnsafePointer(to: inner.context) { inner in
      withUnsafePointer(to: outer.context) { outer in
        Digest(chash_hmac_sha256(inner, outer, message, message.count))
      }
    }
  }

  /// SHA-256 of the HMAC of two numbers of four bytes each, big-endian, followed by some bytes: a
  /// commitment to the bytes under a salt of its own.
  package func commitment(_ first: UInt32, _ second: UInt32, to bytes: RawSpan) -> Digest {
    withUnsafePointer(to: inner.context) { inner in
      withUnsafePointer(to: outer.context) { outer in
        bytes.withUnsafeBytes { bytes in
          let message = UInt64(first) << 32 | UInt64(second)
          return Digest(
            chash_salted_sha256(inner, outer, message, bytes.baseAddress, bytes.count))
        }
      }
    }
  }

  /// Commitments to two values of one place, the first number, that lie in some bytes; `second` is
  /// the second number of the first, and the other's is one above it.
  package func commitments(
    _ first: UInt32, _ second: UInt32, to bytes: RawSpan, _ ranges: (Range<Int>, Range<Int>)
  ) -> (Digest, Digest) {
    let (one, other) = (bytes.extracting(ranges.0), bytes.extracting(ranges.1))
    let digests = withUnsafePointer(to: inner.context) { inner in
      withUnsafePointer(to: outer.context) { outer in
        one.withUnsafeBytes { one in
          other.withUnsafeBytes { other in
            let message = UInt64(first) << 32 | UInt64(second)
            return chash_salted_sha256_pair(
              inner, outer, message, one.baseAddress, one.count, message + 1, other.baseAddress,
              other.count)
          }
        }
      }
    }
    return (Digest(digests.first), Digest(digests.second))
  }

  /// HMAC-SHA-256 of two numbers of four bytes each, big-endian.
  package func authenticate(_ first: UInt32, _ second: UInt32) -> Digest {
    var message = (UInt64(first) << 32 | UInt64(second)).bigEndian
    return withUnsafePointer(to: inner.context) { inner in
      withUnsafePointer(to: outer.context) { outer in
        Digest(chash_hmac_sha256(inner, outer, &message, 8))
      }
    }
  }
}

extension Digest {
  fileprivate init(_ digest: chash_digest) {
    self.init(words: (digest.word0, digest.word1, digest.word2, digest.word3))
  }
}

extension chash_digest {
  fileprivate init(_ digest: Digest) {
    let words = digest.words
    self.init(word0: words.0, word1: words.1, word2: words.2, word3: words.3)
  }
}
