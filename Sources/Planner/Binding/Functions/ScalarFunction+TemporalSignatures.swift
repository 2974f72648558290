// The signatures of the temporal functions.

extension ScalarFunction {
  /// Total: called for every function that no other table knows.
  var temporalSignature: FunctionSignature {
    let kind = StaticType(temporalKind.union(.null))
    switch self {
    case .timestamp:
      return FunctionSignature(
        0, 0, result: .integer, summary: "timestamp(): milliseconds since 1970")
    case .duration:
      return FunctionSignature(
        1, 1, result: kind, summary: "duration(map or string): a span of time")
    case .durationBetween, .durationInMonths, .durationInDays, .durationInSeconds:
      return FunctionSignature(2, 2, result: kind, summary: "\(rawValue)(from, to)")
    case .dateTruncate, .timeTruncate, .datetimeTruncate, .localtimeTruncate,
      .localdatetimeTruncate:
      return FunctionSignature(
        1, 3, result: kind, summary: "\(rawValue)(unit[, value[, fields]])")
    case .datetimeFromEpoch:
      return FunctionSignature(2, 2, result: kind, summary: "\(rawValue)(seconds, nanoseconds)")
    case .datetimeFromEpochMillis:
      return FunctionSignature(1, 1, result: kind, summary: "\(rawValue)(milliseconds)")
    default:
      return FunctionSignature(
        0, 1, result: kind, summary: "\(rawValue)([map, string or value])")
    }
  }

  private var temporalKind: ValueKinds {
    switch self {
    case .date, .dateTruncate, .dateTransaction, .dateStatement, .dateRealtime: .date
    case .time, .timeTruncate, .timeTransaction, .timeStatement, .timeRealtime: .time
    case .localtime, .localtimeTruncate, .localtimeTransaction, .localtimeStatement,
      .localtimeRealtime:
      .localTime
    case .localdatetime, .localdatetimeTruncate, .localdatetimeTransaction,
      .localdatetimeStatement, .localdatetimeRealtime:
      .localDateTime
    case .duration, .durationBetween, .durationInMonths, .durationInDays, .durationInSeconds:
      .duration
    default: .dateTime
    }
  }
}
