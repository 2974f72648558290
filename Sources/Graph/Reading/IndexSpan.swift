// The part of an ordered index that a seek reads: everything from one key to below another.

import Base
import Store

/// The bounds of a seek, and the exact conditions for entries whose values are cut.
struct IndexSpan {
  /// The first possible key.
  let start: [UInt8]
  /// Above the last possible key.
  let end: [UInt8]
  /// Whether every node must be looked at again: a bound is cut, or its type has an order of
  /// sorting but not one of comparison.
  let needsLook: Bool
  private let names: [Symbol]
  private let values: [Value]
  private let rangeName: Symbol?
  private let range: IndexRange?

  /// `nil` where nothing can be met: a comparison with null or NaN, or bounds of two types.
  init?(_ index: GraphIndex, prefix: [Value], range: IndexRange?) {
    guard prefix.count <= index.properties.count, !index.properties.isEmpty else { return nil }
    if range != nil, prefix.count == index.properties.count { return nil }
    let limit = IndexKey.limit(index.properties.count)
    var needsLook = false
    var start = IndexKey.prefix(index.number)
    for value in prefix {
      guard Self.isComparable(value),
        let isCut = OrderedEncoding.append(value, limitBytes: limit, to: &start)
      else { return nil }
      if isCut || value.isCompound { needsLook = true }
    }
    var end = start
    if let range, range.lower != nil || range.upper != nil {
      guard let bounds = Self.bounds(range, limit) else { return nil }
      start += bounds.start
      end += bounds.end
      needsLook = needsLook || bounds.needsLook
    } else {
      end.append(0xFF)
    }
    self.start = start
    self.end = end
    self.needsLook = needsLook
    names = index.properties
    values = prefix
    rangeName = range == nil ? nil : index.properties[prefix.count]
    self.range = range
  }

  private static func isComparable(_ value: Value) -> Bool {
    if case .float(let number) = value { return !number.isNaN }
    return !value.isNull
  }

  /// The bytes of a range within one type. Cut bounds are widened to what begins alike.
  private static func bounds(
    _ range: IndexRange, _ limit: Int
  ) -> (start: [UInt8], end: [UInt8], needsLook: Bool)? {
    var needsLook = false
    var start: [UInt8] = []
    var end: [UInt8] = []
    if let lower = range.lower {
      guard isComparable(lower.value),
        let isCut = OrderedEncoding.append(lower.value, limitBytes: limit, to: &start)
      else { return nil }
      if isCut { start.removeLast(OrderedEncoding.hashBytes) }
      if !isCut, !lower.isIncluded { start.append(0xFF) }
      needsLook = isCut || lower.value.isCompound
    }
    if let upper = range.upper {
      guard isComparable(upper.value),
        let isCut = OrderedEncoding.append(upper.value, limitBytes: limit, to: &end)
      else { return nil }
      if isCut { end.removeLast(OrderedEncoding.hashBytes) }
      if isCut || upper.isIncluded { end.append(0xFF) }
      needsLook = needsLook || isCut || upper.value.isCompound
    }
    if start.isEmpty { start = [end[0]] }
    if end.isEmpty { end = endOfType(start[0], range.lower!.value) }
    return start[0] == end[0] || end.count == 1 ? (start, end, needsLook) : nil
  }

  /// Above every value of a type; NaN, which is above the numbers, is not one of them.
  private static func endOfType(_ tag: UInt8, _ value: Value) -> [UInt8] {
    switch value {
    case .integer, .float: [tag] + [UInt8](repeating: 0xFF, count: 8)
    default: [tag + 1]
    }
  }

  /// Whether a key that was met on the way lies in it.
  @inline(__always)
  func contains(_ key: RawSpan, isDescending: Bool) -> Bool {
    isDescending
      ? key.order(against: start.span.bytes) >= 0 : key.order(against: end.span.bytes) < 0
  }

  /// Whether a node's own values meet the exact conditions.
  func admits(_ property: (Symbol) throws -> Value) throws -> Bool {
    for (name, value) in zip(names, values)
    where try property(name).isEqual(to: value) != true {
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

extension Value {
  /// Whether equality and comparison are not what the bytes of the ordered encoding say.
  var isCompound: Bool {
    switch self {
    case .list, .map, .duration: true
    default: false
    }
  }
}
