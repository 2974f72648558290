// One table of a campaign file while it is read: typed access that notes which keys were asked for,
// so that `finish` can name the ones nobody knows. Every error points at a line and a column.

import Base

/// Typed, strict access to the keys of one table.
struct Section {
  let table: TOMLTable
  /// How messages call it: `[run.budget]`.
  let title: String
  let errors: PlacedErrors
  private var known: [String] = []

  init(_ table: TOMLTable, title: String, errors: PlacedErrors) {
    self.table = table
    self.title = title
    self.errors = errors
  }

  mutating func entry(_ key: String) -> TOMLTable.Entry? {
    known.append(key)
    return table[key]
  }

  func missing(_ key: String, example: String) -> StemmaError {
    errors.failure(
      "\(title) needs the key '\(key)'", at: table.place, advice: "For example: \(key) = \(example)"
    )
  }

  func wrong(_ entry: TOMLTable.Entry, expected: String) -> StemmaError {
    errors.failure(
      "'\(entry.key)' must be \(expected), not \(entry.value.kind)", at: entry.value.place)
  }

  // MARK: Kinds of values

  mutating func string(_ key: String) throws -> String? {
    guard let entry = entry(key) else { return nil }
    guard case .string(let text) = entry.value.content else {
      throw wrong(entry, expected: "a string")
    }
    guard !text.isEmpty else {
      throw errors.failure("'\(key)' must not be empty", at: entry.value.place)
    }
    return text
  }

  mutating func requiredString(_ key: String, example: String) throws -> String {
    guard let text = try string(key) else { throw missing(key, example: example) }
    return text
  }

  mutating func integer(_ key: String, in range: ClosedRange<Int64>) throws -> Int64? {
    guard let entry = entry(key) else { return nil }
    guard case .integer(let value) = entry.value.content else {
      throw wrong(entry, expected: "an integer")
    }
    guard range.contains(value) else {
      throw errors.failure(
        "'\(key)' must lie between \(range.lowerBound) and \(range.upperBound)",
        at: entry.value.place)
    }
    return value
  }

  mutating func number(_ key: String) throws -> (value: Double, place: TOMLPlace)? {
    guard let entry = entry(key) else { return nil }
    let place = entry.value.place
    switch entry.value.content {
    case .integer(let value): return (Double(value), place)
    case .float(let value) where value.isFinite: return (value, place)
    case .float: throw errors.failure("'\(key)' must be finite", at: place)
    default: throw wrong(entry, expected: "a number")
    }
  }

  mutating func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let (value, place) = try number(key) else { return nil }
    guard range.contains(value) else {
      throw errors.failure(
        "'\(key)' must lie between \(range.lowerBound) and \(range.upperBound)", at: place)
    }
    return value
  }

  mutating func strings(_ key: String) throws -> [String]? {
    try placedStrings(key)?.map(\.text)
  }

  /// The same with where each stands.
  mutating func placedStrings(_ key: String) throws -> [(text: String, place: TOMLPlace)]? {
    guard let entry = entry(key) else { return nil }
    guard case .array(let elements) = entry.value.content else {
      throw wrong(entry, expected: "an array of strings")
    }
    return try elements.map { element in
      guard case .string(let text) = element.content else {
        throw errors.failure(
          "'\(key)' holds strings only, not \(element.kind)", at: element.place)
      }
      guard !text.isEmpty, !text.utf8.contains(0) else {
        throw errors.failure("'\(key)' holds an empty or unusable string", at: element.place)
      }
      return (text, element.place)
    }
  }

  /// A command line: at least its program.
  mutating func placedCommand(
    example: String
  ) throws -> [(text: String, place: TOMLPlace)] {
    guard let command = try placedStrings("command") else {
      throw missing("command", example: example)
    }
    guard !command.isEmpty else {
      throw errors.failure(
        "'command' of \(title) is empty: it names no program",
        at: table["command"]?.value.place ?? table.place, advice: "For example: \(example)")
    }
    return command
  }

  /// One of the raw values of an enumeration.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _: Choice.Type
  ) throws -> Choice? where Choice.RawValue == String {
    guard let entry = entry(key) else { return nil }
    guard case .string(let text) = entry.value.content else {
      throw wrong(entry, expected: "a string")
    }
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    throw errors.failure(
      "'\(text)' is not a value of '\(key)'", at: entry.value.place,
      advice: Suggestion.advice(for: text, among: names))
  }

  private static let timeUnits: [(String, Int)] = [
    ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]
  private static let sizeUnits: [(String, Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("B", 1),
  ]

  /// A time such as "90s", "500ms", "2m", "3h", in milliseconds.
  mutating func milliseconds(
    _ key: String, in range: ClosedRange<Int> = 1...Int.max / 4
  ) throws -> Int? {
    try quantity(
      key, units: Self.timeUnits, in: range, example: "\"90s\" (ms, s, m, h, d)")
  }

  /// A size such as "256MiB", in bytes.
  mutating func bytes(_ key: String, in range: ClosedRange<Int> = 1...Int.max / 4) throws -> Int? {
    try quantity(
      key, units: Self.sizeUnits, in: range, example: "\"256MiB\" (B, KiB, MiB, GiB, TiB)")
  }

  private mutating func quantity(
    _ key: String, units: [(String, Int)], in range: ClosedRange<Int>, example: String
  ) throws -> Int? {
    guard let entry = entry(key) else { return nil }
    guard case .string(let text) = entry.value.content else {
      throw wrong(entry, expected: "a string such as \(example)")
    }
    for (unit, factor) in units where text.hasSuffix(unit) {
      let digits = text.dropLast(unit.count)
      guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(digits) else {
        continue
      }
      let (value, overflow) = count.multipliedReportingOverflow(by: factor)
      guard !overflow, range.contains(value) else {
        throw errors.failure(
          "'\(key)' must lie between \(Self.written(range.lowerBound, units)) and "
            + "\(Self.written(range.upperBound, units))", at: entry.value.place)
      }
      return value
    }
    throw errors.failure(
      "'\(text)' is not a usable value of '\(key)'", at: entry.value.place,
      advice: "Write it as \(example).")
  }

  /// With the largest unit that leaves no rest.
  private static func written(_ value: Int, _ units: [(String, Int)]) -> String {
    let fitting = units.filter { value % $0.1 == 0 && value >= $0.1 }.max { $0.1 < $1.1 }
    let (unit, factor) = fitting ?? units.min { $0.1 < $1.1 } ?? ("", 1)
    return "\(value / factor)\(unit)"
  }

  /// Text pairs such as `environment = { NAME = "value" }`, in the order of the file.
  mutating func pairs(_ key: String) throws -> [(name: String, value: String)] {
    guard let entry = entry(key) else { return [] }
    guard case .table(let inner) = entry.value.content else {
      throw wrong(entry, expected: "a table of strings")
    }
    return try inner.entries.map { pair in
      guard case .string(let text) = pair.value.content, !text.utf8.contains(0) else {
        throw errors.failure("'\(pair.key)' must be a string", at: pair.value.place)
      }
      return (name: pair.key, value: text)
    }
  }

  mutating func section(_ key: String) throws -> Section? {
    guard let entry = entry(key) else { return nil }
    guard case .table(let inner) = entry.value.content else {
      throw wrong(entry, expected: "a table")
    }
    return Section(inner, title: titled(key), errors: errors)
  }

  mutating func sections(_ key: String) throws -> [Section] {
    guard let entry = entry(key) else { return [] }
    guard case .array(let elements) = entry.value.content else {
      throw wrong(entry, expected: "an array of tables ([[\(key)]])")
    }
    return try elements.map { element in
      guard case .table(let inner) = element.content else {
        throw errors.failure("'\(key)' holds tables only", at: element.place)
      }
      return Section(inner, title: "[\(titled(key))]", errors: errors)
    }
  }

  private func titled(_ key: String) -> String {
    title == "the file" ? "[\(key)]" : "\(title.dropLast()).\(key)]"
  }

  /// Refuses every key that nobody asked for.
  func finish() throws {
    for entry in table.entries
    where !known.contains(where: { $0.utf8.elementsEqual(entry.key.utf8) }) {
      throw errors.failure(
        "\(title) has no key '\(entry.key)'", at: entry.keyPlace,
        advice: Suggestion.advice(for: entry.key, among: known))
    }
  }
}

/// Makes errors that point into one text.
struct PlacedErrors {
  let name: String
  let scalars: [Unicode.Scalar]

  func failure(_ message: String, at place: TOMLPlace, advice: String? = nil) -> StemmaError {
    StemmaError(
      .campaignInvalid, message,
      at: .text(
        name: name, line: place.line, column: place.column, length: place.length,
        sourceLine: TOMLReader.sourceLine(place.line, in: scalars)),
      advice: advice)
  }
}
