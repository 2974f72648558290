// The signatures of the aggregating functions.

extension AggregateFunction {
  package var signature: FunctionSignature {
    switch self {
    case .countAll:
      FunctionSignature(0, 0, result: .integer, summary: "count(*): rows")
    case .count:
      FunctionSignature(1, 1, result: .integer, summary: "count(value): values that are not null")
    case .sum:
      FunctionSignature(
        1, 1, result: StaticType([.integer, .float, .duration, .null]), summary: "sum(number)")
    case .avg:
      FunctionSignature(
        1, 1, result: StaticType([.integer, .float, .duration, .null]), summary: "avg(number)")
    case .min, .max:
      FunctionSignature(1, 1, result: .any, summary: "\(rawValue)(value): in the order of values")
    case .collect:
      FunctionSignature(1, 1, result: .list(of: .any), summary: "collect(value): as a list")
    case .stDev, .stDevP:
      FunctionSignature(
        1, 1, result: .float,
        summary: "\(rawValue)(number): standard deviation of a "
          + (self == .stDev ? "sample" : "population"))
    case .percentileCont, .percentileDisc:
      FunctionSignature(
        2, 2, result: .number,
        summary: "\(rawValue)(number, fraction): "
          + (self == .percentileCont ? "interpolated" : "an actual value"))
    }
  }
}
