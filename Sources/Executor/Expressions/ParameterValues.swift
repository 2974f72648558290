// The values of a statement's parameters, beside their names. The names belong to the statement, so
// that a run brings nothing but an array of values.

package import Base

/// The names of a statement's parameters, and where each is found.
package struct ParameterNames: Sendable {
  package let all: [Text]
  /// The places of names where these are many.
  private let places: [Text: Int]

  /// More names than this are looked up in a dictionary.
  private static let scannedNames = 16

  package init(_ names: [Text]) {
    all = names
    places =
      names.count > Self.scannedNames
      ? Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first }) : [:]
  }

  func place(of name: Text) -> Int? {
    if !places.isEmpty { return places[name] }
    for index in all.indices where all[index] == name { return index }
    return nil
  }
}

/// Parameters by name.
package struct ParameterValues: Sendable {
  private let names: ParameterNames
  private let values: [Value]

  /// `values` are aligned with `names`.
  package init(names: ParameterNames, values: [Value]) {
    self.names = names
    self.values = values
  }

  package init() { self.init(names: ParameterNames([]), values: []) }

  /// The value of the parameter with a number.
  package subscript(place: Int) -> Value { values[place] }

  /// `nil` where there is no such parameter.
  package subscript(name: Text) -> Value? { names.place(of: name).map { values[$0] } }
}

extension ParameterValues: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (Text, Value)...) {
    self.init(names: ParameterNames(elements.map(\.0)), values: elements.map(\.1))
  }
}
