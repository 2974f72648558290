// Sealed values: AES-256-GCM (NIST SP 800-38D) under a key derived from the owner's private key.
// What is sealed can be opened by nobody else, and a changed byte is noticed.

import Base
import CCrypto

/// Seals and opens small values.
public enum Sealing {
  static let nonceBytes = 12
  static let tagBytes = 16

  /// nonce ‖ ciphertext ‖ tag. The nonce is derived from key, context and value, so that sealing
  /// the same value again gives the same bytes and no nonce is ever used for two values. `context`
  /// names what the value is; it is not secret but must match on opening.
  public static func seal(
    _ value: [UInt8], context: [UInt8], with key: SigningKey
  ) throws -> [UInt8] {
    let secret = derivedKey(key)
    let nonce = Array(
      SHA256.authenticate([0] + context + [0] + value, key: secret).bytes.prefix(nonceBytes))
    guard let cipher = EVP_CIPHER_CTX_new() else { throw failure("seal a value") }
    defer { EVP_CIPHER_CTX_free(cipher) }
    var output = [UInt8](repeating: 0, count: value.count + 16)
    var count: Int32 = 0
    var last: Int32 = 0
    var tag = [UInt8](repeating: 0, count: tagBytes)
    guard EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nil, secret, nonce) == 1,
      EVP_EncryptUpdate(cipher, nil, &count, context, Int32(context.count)) == 1,
      EVP_EncryptUpdate(cipher, &output, &count, value, Int32(value.count)) == 1
    else { throw failure("seal a value") }
    var rest = [UInt8](repeating: 0, count: 16)
    guard EVP_EncryptFinal_ex(cipher, &rest, &last) == 1, last == 0,
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, Int32(tagBytes), &tag) == 1
    else { throw failure("seal a value") }
    return nonce + output.prefix(Int(count)) + tag
  }

  /// The value that was sealed. Throws `store.damaged` where the bytes, the context or the key do
  /// not belong together.
  public static func open(
    _ sealed: [UInt8], context: [UInt8], with key: SigningKey
  ) throws -> [UInt8] {
    let broken = StemmaError(
      .storeDamaged, "a sealed value does not open with this key",
      advice: "Use the owner's key; if it is the right one, the value was changed.")
    guard sealed.count >= nonceBytes + tagBytes else { throw broken }
    let nonce = Array(sealed.prefix(nonceBytes))
    let body = Array(sealed.dropFirst(nonceBytes).dropLast(tagBytes))
    var tag = Array(sealed.suffix(tagBytes))
    guard let cipher = EVP_CIPHER_CTX_new() else { throw failure("open a value") }
    defer { EVP_CIPHER_CTX_free(cipher) }
    var output = [UInt8](repeating: 0, count: body.count + 16)
    var rest = [UInt8](repeating: 0, count: 16)
    var count: Int32 = 0
    var last: Int32 = 0
    guard EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), nil, derivedKey(key), nonce) == 1,
      EVP_DecryptUpdate(cipher, nil, &count, context, Int32(context.count)) == 1,
      EVP_DecryptUpdate(cipher, &output, &count, body, Int32(body.count)) == 1,
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(tagBytes), &tag) == 1,
      EVP_DecryptFinal_ex(cipher, &rest, &last) == 1
    else {
      ERR_clear_error()
      throw broken
    }
    return Array(output.prefix(Int(count)))
  }

  private static func derivedKey(_ key: SigningKey) -> [UInt8] {
    SHA256.authenticate(Array("stemma vault key v1".utf8), key: key.seed).bytes
  }

  private static func failure(_ what: String) -> StemmaError {
    ERR_clear_error()
    return StemmaError(.argumentInvalid, "libcrypto could not \(what)")
  }
}
