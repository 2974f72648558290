// Time from outside: an authority's stamp over a checkpoint's three lines, kept as a record.

import Base
import Graph
public import Signing
import Stemma

extension AuditTrail {
  /// The request (DER) for a stamp over a checkpoint's three lines.
  public func timeStampRequest(for note: SignedNote) -> [UInt8] {
    TimeStamp.request(for: SHA256.hash(Array(note.text.utf8)))
  }

  /// Checks a response over the newest checkpoint that it fits, and keeps it. Returns the size of
  /// that checkpoint and the time in seconds since 1970.
  public func keepTimeStamp(
    _ response: [UInt8], authorities: String, actor: String
  ) throws -> (size: UInt64, seconds: Int64) {
    var failure: (any Error)?
    for kept in try checkpoints().reversed() {
      do {
        let hash = SHA256.hash(Array(kept.note.text.utf8))
        let seconds = try TimeStamp.check(response, of: hash, authorities: authorities)
        if !kept.timestamps.contains(response) {
          let entry = TrailEntry(
            .timestamp, about: TransactionNumber(kept.size), name: "", content: response)
          try append(
            [entry], actor: Text(actor), reason: "time stamp of checkpoint \(kept.size)")
        }
        return (kept.size, seconds)
      } catch let error as StemmaError where error.code == .argumentInvalid {
        failure = failure ?? error
      }
    }
    throw failure
      ?? StemmaError(
        .argumentInvalid, "the log has no checkpoint that could be stamped",
        advice: "make one with `stemma checkpoint`")
  }
}
