// What is said of a text that is no verifier key. It may be a private key that somebody took for
// its public half, and then no message, log or transcript may have it.

import Base

enum KeyRefusal {
  static func notAVerifierKey(_ text: String) -> StemmaError {
    guard !text.contains("PRIVATE+KEY") else {
      return StemmaError(
        .argumentInvalid, "this is a private key, not a verifier key",
        advice: "Give its public text instead: `stemma key list` prints it.")
    }
    return StemmaError(
      .argumentInvalid, "'\(text)' is not a verifier key",
      advice: "It has the form name+hash+base64.")
  }
}
