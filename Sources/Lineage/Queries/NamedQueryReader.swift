// Reads the head of a query file: comment lines with the purpose first, then details, and
//
//   // @param limit INTEGER = 10   how many to show
//   // @param standing STRING(attested|claimed) = null   one of these words
//   // @returns what a row is
//
// Everything after the first line that is no comment is the query.

import Base

enum NamedQueryReader {
  /// The query that a file holds.
  ///
  /// - Throws: `query.parameter` with file and line where the head is not in the form.
  static func read(name: String, text: String) throws -> NamedQuery {
    var purpose = ""
    var details: [String] = []
    var parameters: [QueryParameter] = []
    var result = ""
    var line = 0
    for source in text.split(separator: "\n", omittingEmptySubsequences: false) {
      line += 1
      guard source.hasPrefix("//") else { break }
      let content = trimmed(source.dropFirst(2))
      if content.hasPrefix("@param ") {
        parameters.append(try parameter(content.dropFirst(7), name: name, line: line))
      } else if content.hasPrefix("@returns ") {
        result = String(content.dropFirst(9))
      } else if purpose.isEmpty {
        purpose = content
      } else if !content.isEmpty {
        details.append(content)
      }
    }
    guard !purpose.isEmpty, !result.isEmpty else {
      throw malformed(
        name, line: 1, "the head of @\(name) says no purpose or no result",
        "Start with a // line that says the purpose, and have a line // @returns ...")
    }
    return NamedQuery(
      name: name, purpose: purpose, details: details.joined(separator: " "),
      parameters: parameters, result: result, text: text)
  }

  /// `limit INTEGER = 10   how many to show`.
  private static func parameter(
    _ content: Substring, name: String, line: Int
  ) throws -> QueryParameter {
    var words = content.split(separator: " ")
    // The type, and where it has brackets the only words that will do.
    let parts = words.count < 2 ? [] : words[1].split(separator: "(", maxSplits: 1)
    let allowed = parts.count < 2 ? [] : parts[1].dropLast().split(separator: "|").map(String.init)
    guard let type = parts.first.flatMap({ QueryParameter.ValueType(rawValue: String($0)) }),
      parts.count < 2 || (type == .string && parts[1].hasSuffix(")") && !allowed.isEmpty)
    else {
      throw malformed(
        name, line: line, "a parameter of @\(name) has no known type",
        "Write // @param name STRING|INTEGER|FLOAT|BOOLEAN [= default]   what it is; "
          + "STRING(a|b) takes only these words.")
    }
    let parameterName = String(words[0])
    words.removeFirst(2)
    var defaultValue: Value?
    if words.first.map({ Text(String($0)) }) == "=" {
      guard words.count >= 2, let value = literal(String(words[1]), type) else {
        throw malformed(
          name, line: line, "the default of \(parameterName) is no \(type.rawValue)",
          "Write a number, true, false, null or a word in single quotes after =.")
      }
      defaultValue = value
      words.removeFirst(2)
    }
    return QueryParameter(
      name: parameterName, valueType: type, defaultValue: defaultValue,
      documentation: words.joined(separator: " "), allowedValues: allowed)
  }

  private static func literal(_ word: String, _ type: QueryParameter.ValueType) -> Value? {
    if Text(word) == "null" { return .null }
    switch type {
    case .integer: return Int64(word).map { .integer($0) }
    case .float: return Double(word).map { .float($0) }
    case .boolean: return Bool(word).map { .boolean($0) }
    case .string:
      guard word.utf8.count >= 2, word.hasPrefix("'"), word.hasSuffix("'") else { return nil }
      return .text(String(word.dropFirst().dropLast()))
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var rest = text
    while rest.first == " " { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\r" { rest.removeLast() }
    return String(rest)
  }

  private static func malformed(
    _ name: String, line: Int, _ message: String, _ advice: String
  ) -> StemmaError {
    StemmaError(
      .queryParameter, message, at: .file(path: "\(name).cypher", line: line, column: nil),
      advice: advice)
  }
}
