// A node of the campaign as the loop sees it: label, key and properties, read with their types.

import Base

/// A node as the loop sees it.
struct MirrorNode: Sendable, Hashable {
  var id: NodeID
  var key: Text
  var label: Text
  var properties: ValueMap

  subscript(_ name: Text) -> Value? { properties[name] }

  func text(_ name: Text) -> Text? {
    if case .string(let text)? = properties[name] { return text }
    return nil
  }

  func string(_ name: Text) -> String { text(name)?.string ?? "" }

  func integer(_ name: Text) -> Int? {
    if case .integer(let number)? = properties[name] { return Int(number) }
    return nil
  }

  func number(_ name: Text) -> Double? {
    switch properties[name] {
    case .float(let number): number
    case .integer(let number): Double(number)
    default: nil
    }
  }

  /// The day of a time, counted from 1970 (UTC).
  func day(_ name: Text) -> Int64? {
    guard case .dateTime(let time)? = properties[name] else { return nil }
    return time.secondsSinceEpoch >= 0
      ? time.secondsSinceEpoch / 86_400 : (time.secondsSinceEpoch - 86_399) / 86_400
  }

  func boolean(_ name: Text) -> Bool? {
    if case .boolean(let flag)? = properties[name] { return flag }
    return nil
  }

  func numbers(_ name: Text) -> [Double] {
    guard case .list(let elements)? = properties[name] else { return [] }
    return elements.compactMap {
      switch $0 {
      case .float(let number): number
      case .integer(let number): Double(number)
      default: nil
      }
    }
  }

  func texts(_ name: Text) -> [Text] {
    guard case .list(let elements)? = properties[name] else { return [] }
    return elements.compactMap {
      if case .string(let text) = $0 { text } else { nil }
    }
  }
}
