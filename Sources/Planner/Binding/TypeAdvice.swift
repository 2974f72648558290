// How static types are named to people, and what to say when one does not fit.

import Base

extension ValueKinds {
  private static let named: [(ValueKinds, String)] = [
    (.boolean, "a boolean"), (.integer, "an integer"), (.float, "a float"),
    (.string, "a string"), (.bytes, "bytes"), (.date, "a date"), (.localTime, "a local time"),
    (.time, "a time"), (.localDateTime, "a local date-time"), (.dateTime, "a date-time"),
    (.duration, "a duration"), (.list, "a list"), (.map, "a map"), (.node, "a node"),
    (.edge, "a relationship"), (.path, "a path"),
  ]

  /// `an integer or a float`, without null.
  var describedWithArticle: String {
    let names = Self.named.filter { contains($0.0) }.map(\.1)
    if names.isEmpty { return "null" }
    if names.count > 4 { return "of another type" }
    return names.joined(separator: " or ")
  }
}

/// Advice for operands of the wrong type.
enum TypeAdvice {
  static func advice(wanted: ValueKinds, _ bound: BoundExpression) -> String? {
    if wanted == .boolean {
      if bound.type.isOnly(.node) { return "Write EXISTS { (n)-->() }, or n.property = value." }
      return "Compare it: x = value, or x IS NOT NULL."
    }
    if wanted == .list, bound.type.isOnly(.string) { return "Write [\"a\", \"b\"], or CONTAINS." }
    if bound.type.isOnly(.path) { return "Use nodes(p), relationships(p) or length(p)." }
    if bound.type.isOnly(.list) { return "Use UNWIND, list[0], or [x IN list | ...]." }
    if bound.type.isOnly(.string), wanted.contains(.number) {
      return "Write toInteger(x) or toFloat(x)."
    }
    return nil
  }
}
