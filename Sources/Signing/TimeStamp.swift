// RFC 3161 time stamps: the request that one sends to an authority, by whatever way, and the check
// of what comes back. Nothing here uses a network.

public import Base
import CCrypto

/// Time stamps over a SHA-256.
public enum TimeStamp {
  /// The request in DER: version 1, the hash, the wish for the authority's certificate. There is no
  /// nonce: the answer is kept, not awaited.
  public static func request(for digest: Digest) -> [UInt8] {
    let algorithm: [UInt8] = [
      0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    ]
    return [0x30, 0x39, 0x02, 0x01, 0x01, 0x30, 0x31] + algorithm + [0x04, 0x20] + digest.bytes
      + [0x01, 0x01, 0xFF]
  }

  /// The time that a response vouches for, in seconds since 1970. Throws where it is not over the
  /// hash or does not lead to one of the authorities (certificates in PEM).
  public static func check(
    _ response: [UInt8], of digest: Digest, authorities: String
  ) throws -> Int64 {
    var seconds: Int64 = 0
    let pem = Array(authorities.utf8).map { CChar(bitPattern: $0) }
    let result = ccrypto_check_timestamp(
      response, response.count, digest.bytes, pem, Int32(clamping: pem.count), &seconds)
    let fault: String? =
      switch result {
      case 0: nil
      case 1: "it is not an RFC 3161 response with a time stamp"
      case 2: "there is no certificate among the authorities"
      case 3: "it is not over this checkpoint, or none of the authorities made it"
      default: "there is no memory to check it"
      }
    if let fault {
      throw StemmaError(
        .argumentInvalid, "the time stamp is not accepted: \(fault)",
        advice: "give the authority's root certificate in PEM, and the response to our request")
    }
    return seconds
  }
}
