// The functions that the generator uses.

enum NaiveFunctions {
  static func call(
    _ name: String, _ arguments: [NaiveValue], _ graph: NaiveGraph
  ) throws -> NaiveValue {
    if name == "coalesce" { return arguments.first { !$0.isNull } ?? .null }
    if arguments.contains(.null) { return .null }
    switch arguments[0] {
    case .integer, .float: return try numeric(name, arguments)
    case .string(let bytes): return try string(name, bytes, arguments)
    case .list(let elements): return try list(name, elements)
    case .date(let date):
      guard name == "duration.inDays", case .date(let other) = arguments[1] else {
        throw NaiveError.undefined
      }
      return .duration(months: 0, days: date.days(until: other))
    default: return try entity(name, arguments[0], graph)
    }
  }

  private static func numeric(_ name: String, _ arguments: [NaiveValue]) throws -> NaiveValue {
    switch (name, arguments[0]) {
    case ("abs", .integer(let number)): return .integer(abs(number))
    case ("abs", .float(let number)): return .float(abs(number))
    case ("sign", .integer(let number)): return .integer(number.signum())
    case ("toString", .integer(let number)): return .text(String(number))
    case ("toFloat", .integer(let number)): return .float(Double(number))
    case ("toInteger", .float(let number)): return .integer(Int64(number))
    case ("toInteger", .integer), ("toFloat", .float): return arguments[0]
    case ("range", .integer(let first)):
      guard case .integer(let last) = arguments[1], case .integer(let step) = arguments[2],
        abs(last - first) < 100
      else { throw NaiveError.undefined }
      var elements: [NaiveValue] = []
      var next = first
      while step > 0 ? next <= last : next >= last {
        elements.append(.integer(next))
        next += step
      }
      return .list(elements)
    default: throw NaiveError.undefined
    }
  }

  /// Strings here are ASCII, so that bytes are code points.
  private static func string(
    _ name: String, _ bytes: [UInt8], _ arguments: [NaiveValue]
  ) throws -> NaiveValue {
    switch (name, arguments.dropFirst().first) {
    case ("size", nil): return .integer(Int64(bytes.count))
    case ("toUpper", nil): return .string(bytes.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 })
    case ("toLower", nil): return .string(bytes.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 })
    case ("reverse", nil): return .string(bytes.reversed())
    case ("toString", nil): return .string(bytes)
    case ("left", .integer(let count)?): return .string(Array(bytes.prefix(Int(count))))
    case ("right", .integer(let count)?): return .string(Array(bytes.suffix(Int(count))))
    case ("substring", .integer(let start)?): return .string(Array(bytes.dropFirst(Int(start))))
    default: throw NaiveError.undefined
    }
  }

  private static func list(_ name: String, _ elements: [NaiveValue]) throws -> NaiveValue {
    switch name {
    case "size": return .integer(Int64(elements.count))
    case "head": return elements.first ?? .null
    case "last": return elements.last ?? .null
    case "tail": return .list(Array(elements.dropFirst()))
    case "reverse": return .list(elements.reversed())
    default: throw NaiveError.undefined
    }
  }

  private static func entity(
    _ name: String, _ value: NaiveValue, _ graph: NaiveGraph
  ) throws -> NaiveValue {
    switch (name, value) {
    case ("type", .edge(let number)): return graph.edges[number].map { .text($0.type) } ?? .null
    case ("startNode", .edge(let number)):
      return graph.edges[number].map { .node($0.from) } ?? .null
    case ("endNode", .edge(let number)): return graph.edges[number].map { .node($0.to) } ?? .null
    case ("length", .path(_, let edges)): return .integer(Int64(edges.count))
    case ("nodes", .path(let nodes, _)): return .list(nodes.map { .node($0) })
    case ("relationships", .path(_, let edges)): return .list(edges.map { .edge($0) })
    case ("size", .map), ("properties", _): throw NaiveError.undefined
    default: throw NaiveError.undefined
    }
  }
}
