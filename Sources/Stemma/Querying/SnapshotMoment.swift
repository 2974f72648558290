// What AS OF may name: a transaction, a moment, a checkpoint.

import Base
import Graph

/// Moments from values.
enum SnapshotMoment {
  /// The moment that a value of AS OF stands for.
  static func time(of value: Value) throws -> SnapshotTime {
    switch value {
    case .integer(let number) where number >= 0:
      return .transaction(TransactionNumber(UInt64(number)))
    case .string(let name): return .checkpoint(name)
    case .dateTime(let moment):
      return .time(Timestamp(microsecondsSinceEpoch: try microseconds(moment)))
    default:
      throw StemmaError(
        .queryRuntime, "AS OF needs a transaction number, a datetime or a checkpoint's name",
        advice: "write AS OF 42, AS OF datetime('2026-01-01T00:00Z') or AS OF 'name'",
        classification: CypherClassification(
          type: "TypeError", phase: .runtime, detail: "InvalidArgumentType"))
    }
  }

  private static func microseconds(_ moment: ZonedDateTime) throws -> Int64 {
    let seconds = moment.secondsSinceEpoch.multipliedReportingOverflow(by: 1_000_000)
    let sum = seconds.partialValue.addingReportingOverflow(
      Int64(moment.nanosecondsOfSecond) / 1_000)
    return seconds.overflow || sum.overflow
      ? (moment.secondsSinceEpoch < 0 ? .min : .max) : sum.partialValue
  }
}

extension Database {
  /// The transaction that a moment names.
  func snapshot(at moment: SnapshotTime) throws -> TransactionNumber {
    switch moment {
    case .transaction(let number):
      let last = try lastTransaction()
      guard number <= last else {
        throw StemmaError(
          .argumentInvalid,
          "there is no transaction \(number.rawValue): the last one is \(last.rawValue)",
          advice: "name a transaction of the past")
      }
      return number
    case .time(let time): return try graph.transaction(at: time)
    case .checkpoint(let name):
      if let size = try graph.read({ try $0.checkpoint(named: name) }) { return size }
      throw StemmaError(
        .argumentInvalid, "there is no checkpoint named \(name)",
        advice: "list them with `stemma checkpoint --list`, or name a transaction or a datetime")
    }
  }
}
