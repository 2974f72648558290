// A named query: a Cypher text with a purpose and typed parameters, kept in a file of its own. The
// head of the file is read here; the query itself is read by `Stemma` when it runs.

public import Base
public import Stemma

/// A query that is called by name, as in `stemma query @failed-siblings --param key=P42`.
public struct NamedQuery: Sendable, Hashable {
  public var name: String
  /// One sentence: the question that it answers.
  public var purpose: String
  /// More about it; often empty.
  public var details: String
  public var parameters: [QueryParameter]
  /// What a row is.
  public var result: String
  /// The whole file, comments and all.
  public var text: String

  public init(
    name: String, purpose: String, details: String, parameters: [QueryParameter], result: String,
    text: String
  ) {
    self.name = name
    self.purpose = purpose
    self.details = details
    self.parameters = parameters
    self.result = result
    self.text = text
  }

  /// The given arguments with defaults filled in and types checked.
  ///
  /// An integer stands in for a float. Throws `query.parameter` for a parameter that is missing,
  /// unknown or of another type.
  public func arguments(_ given: [String: Value]) throws -> [String: Value] {
    for name in given.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
      throw StemmaError(
        .queryParameter, "@\(self.name) has no parameter \(name)",
        advice: parameters.isEmpty
          ? "It takes none." : "It takes \(parameters.map(\.name).joined(separator: ", ")).")
    }
    var complete: [String: Value] = [:]
    for parameter in parameters {
      complete[parameter.name] = try parameter.value(for: given[parameter.name], of: self.name)
    }
    return complete
  }

  /// The parameters whose values are keys of records.
  private static let keyParameters: Set<String> = ["key", "campaign"]

  /// The arguments with every key as its record spells it. People mistype keys, and a query about
  /// a record that is not there has no rows, which looks like an answer.
  ///
  /// - Throws: `key.not-found`; what `arguments` throws.
  public func arguments(
    _ given: [String: Value], in database: Database, options: QueryOptions = QueryOptions()
  ) throws -> [String: Value] {
    var complete = try arguments(given)
    // Only where to read matters here, not what the query is allowed.
    let reading = QueryOptions(asOf: options.asOf, cancellation: options.cancellation)
    for name in Self.keyParameters {
      guard case .string(let key)? = complete[name] else { continue }
      let record = try RecordLookup.find(key.string, in: database, options: reading).record
      complete[name] = .text(record.key)
    }
    return complete
  }

  /// Runs the query.
  public func run(
    on database: Database, _ given: [String: Value] = [:], options: QueryOptions = QueryOptions()
  ) throws -> QueryResult {
    try database.query(text, parameters: try arguments(given), options: options)
  }
}

/// A parameter of a named query.
public struct QueryParameter: Sendable, Hashable {
  public enum ValueType: String, Sendable, Hashable, CaseIterable {
    case string = "STRING"
    case integer = "INTEGER"
    case float = "FLOAT"
    case boolean = "BOOLEAN"
  }

  public var name: String
  public var valueType: ValueType
  /// `nil` where the caller must give a value; may be `.null`.
  public var defaultValue: Value?
  public var documentation: String
  /// The only values that it takes besides its default; empty where any will do.
  public var allowedValues: [String]

  public init(
    name: String, valueType: ValueType, defaultValue: Value?, documentation: String,
    allowedValues: [String] = []
  ) {
    self.name = name
    self.valueType = valueType
    self.defaultValue = defaultValue
    self.documentation = documentation
    self.allowedValues = allowedValues
  }

  func value(for given: Value?, of query: String) throws -> Value {
    guard let value = given ?? defaultValue else {
      throw StemmaError(
        .queryParameter, "@\(query) needs the parameter \(name): \(documentation)",
        advice: "Give it with --param \(name)=...")
    }
    switch (valueType, value) {
    case (.string, .string(let text)):
      try check(text.string, of: query)
      return value
    case (.integer, .integer), (.float, .float), (.boolean, .boolean):
      return value
    case (.float, .integer(let integer)): return .float(Double(integer))
    case (_, .null) where defaultValue == .null: return value
    default:
      throw StemmaError(
        .queryParameter, "the parameter \(name) of @\(query) must be of type \(valueType.rawValue)",
        advice: "\(name): \(documentation)")
    }
  }

  /// A value that no record has would give an empty answer, which looks like a true one.
  private func check(_ text: String, of query: String) throws {
    guard !allowedValues.isEmpty, !allowedValues.contains(where: { Text($0) == Text(text) }) else {
      return
    }
    let nearest = Suggestion.nearest(to: text, among: allowedValues)
    throw StemmaError(
      .queryParameter, "the parameter \(name) of @\(query) cannot be '\(text)'",
      advice: (nearest.map { "Did you mean \($0)? " } ?? "")
        + "It takes \(allowedValues.joined(separator: " or ")).")
  }
}
