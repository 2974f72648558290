// libcrypto's key object, freed with its owner. The only file that speaks to EVP_PKEY.

import Base
import CCrypto

/// An EVP_PKEY of type Ed25519.
final class LibraryKey: @unchecked Sendable {
  // @unchecked: libcrypto only reads a finished key, so threads may sign with one at a time.
  private let handle: OpaquePointer

  init(privateSeed: [UInt8]) throws {
    guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, privateSeed, 32) else {
      throw Self.failure("make a private key")
    }
    handle = key
  }

  init(publicBytes: [UInt8]) throws {
    guard let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicBytes, 32) else {
      throw Self.failure("read a public key")
    }
    handle = key
  }

  deinit { EVP_PKEY_free(handle) }

  func publicBytes() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    var count = bytes.count
    guard EVP_PKEY_get_raw_public_key(handle, &bytes, &count) == 1, count == 32 else {
      throw Self.failure("derive a public key")
    }
    return bytes
  }

  func sign(_ message: [UInt8]) throws -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { throw Self.failure("sign") }
    defer { EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 64)
    var count = signature.count
    guard EVP_DigestSignInit(context, nil, nil, nil, handle) == 1,
      EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == 64
    else { throw Self.failure("sign") }
    return signature
  }

  func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestVerifyInit(context, nil, nil, nil, handle) == 1 else { return false }
    let result = EVP_DigestVerify(context, signature, signature.count, message, message.count)
    if result != 1 { ERR_clear_error() }
    return result == 1
  }

  private static func failure(_ what: String) -> StemmaError {
    ERR_clear_error()
    return StemmaError(
      .argumentInvalid, "libcrypto could not \(what)",
      advice: "Check that its version has Ed25519 (OpenSSL 1.1.1 or newer).")
  }
}
