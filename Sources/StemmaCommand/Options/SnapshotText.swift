// Reads `--as-of`: a transaction number, a date-time or the name of a checkpoint.

import Base
import Stemma

/// The notation of past moments.
enum SnapshotText {
  static func parse(_ text: String) throws -> SnapshotTime {
    if let number = UInt64(text) { return .transaction(TransactionNumber(number)) }
    guard let first = text.unicodeScalars.first, first == "-" || ("0"..."9").contains(first)
    else {
      return .checkpoint(Text(text))
    }
    guard let moment = try? ZonedDateTime(parsing: Text(text)) else {
      throw StemmaError(
        .argumentInvalid, "\"\(text)\" is neither a transaction number nor a date-time",
        advice: "write 1204, 2026-11-22T14:30:00Z or a checkpoint's name")
    }
    // Beyond what microseconds can say lies beyond every commit, too.
    let (microseconds, overflow) = moment.secondsSinceEpoch.multipliedReportingOverflow(
      by: 1_000_000)
    guard !overflow else {
      return .time(Timestamp(rawValue: moment.secondsSinceEpoch < 0 ? .min : .max))
    }
    let fraction = Int64(moment.nanosecondsOfSecond) / 1_000
    return .time(
      Timestamp(microsecondsSinceEpoch: microseconds.addingReportingOverflow(fraction).0))
  }
}
