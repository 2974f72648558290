// Standard base64 with padding (RFC 4648 §4), strict on reading.

/// Base64 of a few bytes.
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for offset in 0..<3 {
        bits = bits << 8 | (offset < group.count ? UInt32(group[start + offset]) : 0)
      }
      for offset in 0..<4 {
        let isPadding = offset > group.count
        text.append(isPadding ? 61 : alphabet[Int(bits >> UInt32(18 - 6 * offset)) & 63])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `nil` for anything that `encode` would not have written.
  package static func decode(_ text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count.isMultiple(of: 4) else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: characters.count, by: 4) {
      var bits: UInt32 = 0
      var padding = 0
      for character in characters[start..<start + 4] {
        if character == 61 {
          padding += 1
          bits <<= 6
          continue
        }
        guard padding == 0, let value = alphabet.firstIndex(of: character) else { return nil }
        bits = bits << 6 | UInt32(value)
      }
      guard padding <= 2 else { return nil }
      for offset in 0..<(3 - padding) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * offset)))
      }
    }
    return encode(bytes).utf8.elementsEqual(characters) ? bytes : nil
  }
}
