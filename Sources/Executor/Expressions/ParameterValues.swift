// The values of a statement's parameters, beside their names. The names belong to the statement, so
// that a run brings nothing but an array of values.

package import Base

/// Parameters by name.
package struct ParameterValues: Sendable {
  private let names: [Text]
  private let values: [Value]
  /// The places of names where these are many.
  private let places: [Text: Int]

  /// More names than this are looked up in a dictionary.
  private static let scannedNames = 16

  /// `values` are aligned with `names`.
  package init(names: [Text] = [], values: [Value] = []) {
    self.names = names
    self.values = values
    places =
      names.count > Self.scannedNames
      ? Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first }) : [:]
  }

  /// The value of the parameter with a number.
  package subscript(place: Int) -> Value { values[place] }

  /// `nil` where there is no such parameter.
  package subscript(name: Text) -> Value? {
    if !places.isEmpty { return places[name].map { values[$0] } }
    for index in names.indices where names[index] == name { return values[index] }
    return nil
  }
}

extension ParameterValues: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (Text, Value)...) {
    self.init(names: elements.map(\.0), values: elements.map(\.1))
  }
}
