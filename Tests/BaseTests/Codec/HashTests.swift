// SHA-256 and HMAC against published vectors, and the two implementations against each other.

import Base
import Testing

@Suite struct HashTests {
  /// FIPS 180-4 examples and NIST's CAVP short messages.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
        + "lmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func publishedDigests(_ message: String, _ expected: String) {
    #expect(SHA256.hash(Array(message.utf8)).hex == expected)
  }

  @Test func aMillionLettersInUnevenPieces() {
    let all = [UInt8](repeating: 0x61, count: 1_000_000)
    var hasher = SHA256()
    var start = 0
    var random = SplitMix64(seed: 7)
    while start < all.count {
      let end = min(all.count, start + Int(random.next() % 300))
      hasher.update(Array(all[start..<end]))
      start = end
    }
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(hasher.digest().hex == expected)
  }

  @Test func portableAndAcceleratedAgree() {
    var random = SplitMix64(seed: 11)
    for blocks in [0, 1, 2, 3, 17] {
      let bytes = (0..<blocks * 64).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let states = SHA256.statesOfBlocks(bytes)
      #expect(states.portable == states.fast)
    }
  }

  /// RFC 4231, test cases 1, 2 and 6.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0B, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func publishedAuthenticationCodes(_ key: [UInt8], _ message: String, _ expected: String) {
    #expect(SHA256.authenticate(Array(message.utf8), key: key).hex == expected)
  }

  @Test func digestsAsTextAndBack() {
    let digest = SHA256.hash(Array("stemma".utf8))
    #expect(Digest(hex: digest.hex) == digest)
    #expect(Digest(bytes: digest.bytes) == digest)
    #expect(Digest(hex: digest.hex.uppercased()) == nil)
    #expect(Digest(hex: "abc") == nil)
    #expect(Digest(bytes: [1, 2, 3]) == nil)
  }
}
