// The temporal functions: construction, clocks, truncation, durations between moments. What they
// compute is in `Base/Temporal`; here are only their names.

import Base
import Planner

/// `nil` where the function is none of these. The argument is not null.
func callTemporal(
  _ function: ScalarFunction, _ argument: Value, _ context: EvaluationContext
) throws -> Value? {
  if let type = function.constructedType {
    return try type.make(argument, now: context.statementTime)
  }
  if let clock = function.clock {
    guard case .string(let name) = argument else {
      throw StemmaError.argument(function.rawValue, argument, wanted: "a time zone")
    }
    return try clock.type.now(clock.moment(context), zone: TimeZone(parsing: name))
  }
  if let type = function.truncatedType {
    let now = try type.now(context.statementTime)
    return try type.truncate(
      argument, now, .map(ValueMap()), now: context.statementTime)
  }
  switch function {
  case .duration: return try CalendarDuration.make(argument)
  case .datetimeFromEpochMillis:
    let millis = try integer(function, argument)
    return .dateTime(
      try ZonedDateTime(
        epochSeconds: floorDivide(millis, 1_000),
        nanoseconds: floorModulo(millis, 1_000) * 1_000_000))
  default: return nil
  }
}

/// `nil` where the function is none of these. The arguments are not null.
func callTemporal(
  _ function: ScalarFunction, _ first: Value, _ second: Value, _ context: EvaluationContext
) throws -> Value? {
  if let type = function.truncatedType {
    return try type.truncate(first, second, .map(ValueMap()), now: context.statementTime)
  }
  switch function {
  case .durationBetween: return try CalendarDuration.between(first, second, in: .calendar)
  case .durationInMonths: return try CalendarDuration.between(first, second, in: .months)
  case .durationInDays: return try CalendarDuration.between(first, second, in: .days)
  case .durationInSeconds: return try CalendarDuration.between(first, second, in: .seconds)
  case .datetimeFromEpoch:
    return .dateTime(
      try ZonedDateTime(
        epochSeconds: integer(function, first), nanoseconds: integer(function, second)))
  default: return nil
  }
}

private func integer(_ function: ScalarFunction, _ value: Value) throws -> Int64 {
  guard case .integer(let number) = value else {
    throw StemmaError.argument(function.rawValue, value, wanted: "an integer")
  }
  return number
}

/// A function that reads a clock.
struct ClockFunction {
  /// Which clock: those of the transaction and the statement stand still.
  enum Source { case transaction, statement, realtime }

  let type: TemporalType
  let source: Source

  func moment(_ context: EvaluationContext) -> Timestamp {
    switch source {
    case .transaction: context.statementTime
    case .statement: context.statementTime
    case .realtime: context.surroundings.now()
    }
  }
}

extension ScalarFunction {
  /// The type that `date(...)` and its siblings make.
  fileprivate var constructedType: TemporalType? {
    switch self {
    case .date: .date
    case .time: .time
    case .datetime: .dateTime
    case .localtime: .localTime
    case .localdatetime: .localDateTime
    default: nil
    }
  }

  var truncatedType: TemporalType? {
    switch self {
    case .dateTruncate: .date
    case .timeTruncate: .time
    case .datetimeTruncate: .dateTime
    case .localtimeTruncate: .localTime
    case .localdatetimeTruncate: .localDateTime
    default: nil
    }
  }

  /// Without arguments `date()` and its siblings read the statement's clock.
  var clock: ClockFunction? {
    switch self {
    case .date, .dateStatement: ClockFunction(type: .date, source: .statement)
    case .dateTransaction: ClockFunction(type: .date, source: .transaction)
    case .dateRealtime: ClockFunction(type: .date, source: .realtime)
    case .time, .timeStatement: ClockFunction(type: .time, source: .statement)
    case .timeTransaction: ClockFunction(type: .time, source: .transaction)
    case .timeRealtime: ClockFunction(type: .time, source: .realtime)
    case .datetime, .datetimeStatement: ClockFunction(type: .dateTime, source: .statement)
    case .datetimeTransaction: ClockFunction(type: .dateTime, source: .transaction)
    case .datetimeRealtime: ClockFunction(type: .dateTime, source: .realtime)
    default: localClock
    }
  }

  private var localClock: ClockFunction? {
    switch self {
    case .localtime, .localtimeStatement: ClockFunction(type: .localTime, source: .statement)
    case .localtimeTransaction: ClockFunction(type: .localTime, source: .transaction)
    case .localtimeRealtime: ClockFunction(type: .localTime, source: .realtime)
    case .localdatetime, .localdatetimeStatement:
      ClockFunction(type: .localDateTime, source: .statement)
    case .localdatetimeTransaction: ClockFunction(type: .localDateTime, source: .transaction)
    case .localdatetimeRealtime: ClockFunction(type: .localDateTime, source: .realtime)
    default: nil
    }
  }
}
