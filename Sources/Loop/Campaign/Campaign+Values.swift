// Values of parameters as people write them.

import Base

extension Campaign {
  /// Texts of a command line as values of the parameters' domains. Throws `code` for a name that is
  /// no parameter and for a text that cannot be its value; ranges are looked at later.
  func values(of texts: [String: String], orThrow code: ErrorCode) throws -> ValueMap {
    var map = ValueMap()
    for (name, text) in texts {
      let known = editable.parameters
      guard let parameter = known.first(where: { $0.name == name }) else {
        throw StemmaError(
          code, "there is no parameter '\(name)'",
          advice: Suggestion.advice(for: name, among: known.map(\.name)))
      }
      let value: Value? =
        switch parameter.domain {
        case .integer: Int64(text).map { .integer($0) }
        case .number: Double(text).map { .float($0) }
        case .choice: .text(text)
        case .boolean: ["true": Value.boolean(true), "false": .boolean(false)][text]
        }
      guard let value else {
        throw StemmaError(
          code, "\(name) cannot be '\(text)'", advice: "Allowed: \(parameter.domain.summary).")
      }
      map[Text(name)] = value
    }
    return map
  }
}
