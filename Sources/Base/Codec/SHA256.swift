// SHA-256 (FIPS 180-4) and HMAC over it (RFC 2104), on the C of `CHash`, which uses the processor's
// instructions where there are some. This is the one place of `Base` that hands bytes to C.

private import CHash

/// An incremental SHA-256.
public struct SHA256: Sendable {
  private var context = chash_sha256()

  public init() { chash_sha256_begin(&context) }

  public mutating func update(_ bytes: [UInt8]) {
    chash_sha256_update(&context, bytes, bytes.count)
  }

  public mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { chash_sha256_update(&context, $0.baseAddress, $0.count) }
  }

  /// The digest of everything fed so far; more can follow.
  public func digest() -> Digest {
    var copy = context
    var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
    chash_sha256_end(&copy, &bytes)
    return Digest(bytes: bytes)!
  }

  /// The digest of some bytes.
  public static func hash(_ bytes: [UInt8]) -> Digest {
    var hasher = SHA256()
    hasher.update(bytes)
    return hasher.digest()
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
    var (first, second) = (inner, outer)
    first.update(message)
    second.update(first.digest().bytes)
    return second.digest()
  }
}
