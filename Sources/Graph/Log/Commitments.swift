// How a record commits to values without saying them: SHA-256(salt ‖ value), each with a salt of
// its own. Salts come from one secret per record, so they take no room; once a value is withheld
// the secret is destroyed and the salts of the others are kept in its place.

package import Base

/// The salts of a record's values.
package enum Salts: Sendable, Hashable {
  /// Thirty-two random bytes; each salt is HMAC-SHA-256 of its place under them.
  case secret([UInt8])
  /// One for each value in order; `nil` for those that are withheld.
  case disclosed([Digest?])
}

/// Commitments to values.
package enum Commitment {
  package static let secretBytes = 32

  /// SHA-256(salt ‖ value), the value in CBOR.
  package static func of(_ value: [UInt8], salt: Digest) -> Digest {
    SHA256.hash(salt, value)
  }

  /// HMAC-SHA-256 under the secret of the operation and the property, four bytes each, big-endian.
  package static func salt(of position: ValuePosition, under key: AuthenticationKey) -> Digest {
    key.authenticate(UInt32(position.operation), UInt32(position.property))
  }
}
