// The part of an ordered index that a seek reads: everything from one key to below another.

import Base

/// The bounds of a seek, and the exact conditions for entries whose values are abridged.
struct IndexSpan {
  /// The first possible key.
  let start: [UInt8]
  /// Above the last possible key.
  let end: [UInt8]
  /// Whether a bound is abridged, so that every node must be looked at again.
  let isAbridged: Bool
  private let conditions: [(name: Symbol, value: Value)]
  private let rangeName: Symbol?
  private let range: IndexRange?

  /// `nil` where nothing can be met: a comparison with null or NaN, or bounds of two classes.
  init?(_ index: GraphIndex, prefix: [Value], range: IndexRange?) {
    guard prefix.count <= index.properties.count, !index.properties.isEmpty else { return nil }
    if range != nil, prefix.count == index.properties.count { return nil }
    let limit = IndexKey.textBytes / index.properties.count
    var isAbridged = false
    var start = IndexKey.prefix(index.number)
    for value in prefix {
      guard Self.isComparable(value) else { return nil }
      if IndexKey.encode(value, into: &start, limit: limit) { isAbridged = true }
    }
    var end = start
    if let range, range.lower != nil || range.upper != nil {
      guard let bounds = Self.bounds(range, limit) else { return nil }
      start += bounds.start
      end += bounds.end
      isAbridged = isAbridged || bounds.isAbridged
    } else {
      end.append(0xFF)
    }
    self.start = start
    self.end = end
    self.isAbridged = isAbridged
    conditions = zip(index.properties, prefix).map { ($0, $1) }
    rangeName = range == nil ? nil : index.properties[prefix.count]
    self.range = range
  }

  private static func isComparable(_ value: Value) -> Bool {
    if case .float(let number) = value { return !number.isNaN }
    return !value.isNull
  }

  /// The bytes of a range within one class. Abridged bounds are widened to what begins alike.
  private static func bounds(
    _ range: IndexRange, _ limit: Int
  ) -> (start: [UInt8], end: [UInt8], isAbridged: Bool)? {
    var isAbridged = false
    var start: [UInt8] = []
    var end: [UInt8] = []
    for bound in [range.lower, range.upper] {
      if let bound, !isComparable(bound.value) { return nil }
    }
    if let lower = range.lower {
      let isCut = IndexKey.encode(lower.value, into: &start, limit: limit)
      if isCut {
        isAbridged = true
        if start.count > 10 { start.removeLast(9) }
      } else if !lower.isIncluded {
        start.append(0xFF)
      }
    }
    if let upper = range.upper {
      let isCut = IndexKey.encode(upper.value, into: &end, limit: limit)
      if isCut {
        isAbridged = true
        if end.count > 10 { end.removeLast(9) }
      }
      if isCut || upper.isIncluded { end.append(0xFF) }
    }
    if start.isEmpty { start = [end[0]] }
    if end.isEmpty { end = [start[0] + 1] }
    return start[0] == end[0] || end.count == 1 ? (start, end, isAbridged) : nil
  }

  /// Whether a node's own values meet the exact conditions.
  func admits(_ property: (Symbol) throws -> Value) throws -> Bool {
    for condition in conditions
    where try property(condition.name).isEqual(to: condition.value) != true {
      return false
    }
    guard let rangeName, let range else { return true }
    let value = try property(rangeName)
    if let lower = range.lower {
      let order = value.compared(with: lower.value)
      guard (lower.isIncluded ? order.isGreaterOrEqual : order.isGreater) == true else {
        return false
      }
    }
    if let upper = range.upper {
      let order = value.compared(with: upper.value)
      guard (upper.isIncluded ? order.isLessOrEqual : order.isLess) == true else {
        return false
      }
    }
    return true
  }
}
