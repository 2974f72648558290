// The functions of the language by name. What they compute is in `Executor/Functions`, which
// switches over this list, so that none can be forgotten there.

/// A function that yields one value per call. The raw value is its canonical spelling; queries may
/// spell it in any case.
package enum ScalarFunction: String, Hashable, Sendable, CaseIterable {
  // Values in general.
  case coalesce, nullIf, toBoolean, toFloat, toInteger, toString, size, valueType, isEmpty
  case toBooleanOrNull, toFloatOrNull, toIntegerOrNull, toStringOrNull
  case toBooleanList, toFloatList, toIntegerList, toStringList

  // Nodes, relationships and paths.
  case id, elementId, labels, type, properties, keys, exists
  case startNode, endNode, nodes, relationships, length

  // Lists.
  case head, last, tail, reverse, range

  // Numbers.
  case abs, ceil, floor, round, sign, rand, isNaN
  case e, exp, log, log10, sqrt
  case pi, sin, cos, tan, cot, asin, acos, atan, atan2, degrees, radians, haversin

  // Strings.
  case left, right, substring, replace, split, toLower, toUpper, lower, upper
  case trim, ltrim = "lTrim", rtrim = "rTrim", btrim = "bTrim"
  case charLength = "char_length", characterLength = "character_length", normalize
  case randomUUID

  // Time.
  case timestamp
  case date, time, datetime, localtime, localdatetime, duration
  case dateTruncate = "date.truncate"
  case timeTruncate = "time.truncate"
  case datetimeTruncate = "datetime.truncate"
  case localtimeTruncate = "localtime.truncate"
  case localdatetimeTruncate = "localdatetime.truncate"
  case datetimeFromEpoch = "datetime.fromEpoch"
  case datetimeFromEpochMillis = "datetime.fromEpochMillis"
  case durationBetween = "duration.between"
  case durationInMonths = "duration.inMonths"
  case durationInDays = "duration.inDays"
  case durationInSeconds = "duration.inSeconds"
  // The clocks; all of one query give one instant, since a query is one transaction.
  case dateTransaction = "date.transaction"
  case dateStatement = "date.statement"
  case dateRealtime = "date.realtime"
  case timeTransaction = "time.transaction"
  case timeStatement = "time.statement"
  case timeRealtime = "time.realtime"
  case datetimeTransaction = "datetime.transaction"
  case datetimeStatement = "datetime.statement"
  case datetimeRealtime = "datetime.realtime"
  case localtimeTransaction = "localtime.transaction"
  case localtimeStatement = "localtime.statement"
  case localtimeRealtime = "localtime.realtime"
  case localdatetimeTransaction = "localdatetime.transaction"
  case localdatetimeStatement = "localdatetime.statement"
  case localdatetimeRealtime = "localdatetime.realtime"
}

/// A function over the rows of a group. The raw value is its canonical spelling; `countAll` is
/// `count(*)`.
package enum AggregateFunction: String, Hashable, Sendable, CaseIterable {
  case countAll = "count(*)"
  case count, sum, avg, min, max, collect
  case stDev, stDevP, percentileCont, percentileDisc
}
