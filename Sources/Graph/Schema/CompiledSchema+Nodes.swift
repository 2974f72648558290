// What the schema demands of nodes: known labels, known properties with values of their types,
// allowed texts, and at the end of a transaction the required ones.

import Base

extension CompiledSchema {
  /// Throws unless every label is a kind of the schema and there is one.
  func check(labels: [Text]) throws {
    if labels.isEmpty {
      throw violation(
        "a node needs a label: the schema `\(type.name)` is in force", line: 0,
        advice: "create it as one of the kinds of the schema")
    }
    for label in labels where nodeKinds[label] == nil {
      throw violation(
        "there is no kind of node `\(label)` in the schema `\(type.name)`", line: 0,
        advice: advice(for: label, among: nodeKinds.names, what: "kinds"))
    }
  }

  /// The value as the schema wants it (an integer becomes a float where a float is declared);
  /// throws where a node with these labels may not have it.
  func check(_ property: Property, ofNode labels: [Text]) throws -> Value {
    for label in labels {
      guard let declared = nodeKinds[label]?.properties[property.name] else { continue }
      return try check(property.value, declared.type, of: label)
    }
    if property.name == Names.key, labels.contains(where: { keyPrefixes[$0] != nil }) {
      return property.value
    }
    let kinds = labels.compactMap { nodeKinds[$0] }
    throw violation(
      "\(labels.map(\.string).joined(separator: ", ")) has no property `\(property.name)`",
      line: kinds.first?.line ?? 0,
      advice: advice(
        for: property.name, among: kinds.flatMap(\.properties.names),
        what: "properties"))
  }

  /// Throws where a required property of one of the labels is missing.
  func checkRequired(ofNode labels: [Text], has: (Text) throws -> Bool) throws {
    for label in labels {
      for property in nodeKinds[label]?.required ?? [] where try !has(property.name) {
        throw violation(
          "\(label) needs a value for its property `\(property.name)`", line: property.line,
          advice: "give it a value of type \(property.valueType.gqlName)")
      }
    }
  }

  /// The value in the declared type; throws where it has another or is not allowed.
  func check(_ value: Value, _ declared: PropertyType, of kind: Text) throws -> Value {
    guard let fitting = declared.valueType.fit(value) else {
      throw violation(
        "\(kind).\(declared.name) is of type \(declared.valueType.gqlName),"
          + " not \(value.typeName)", line: declared.line)
    }
    if !declared.allowed.isEmpty, case .string(let text) = fitting,
      !declared.allowed.contains(text)
    {
      throw violation(
        "\(kind).\(declared.name) may not be `\(text)`", line: declared.line,
        advice: advice(for: text, among: declared.allowed, what: "allowed values"))
    }
    return fitting
  }
}

/// Names that mean something to the graph itself.
enum Names {
  /// The property under which a node's key is visible.
  static let key: Text = "key"
}

extension PropertyType.ValueType {
  /// The value, changed from integer to float where a float is declared; `nil` where it is of
  /// another type. Null fits everything: it ends a property.
  func fit(_ value: Value) -> Value? {
    switch (self, value) {
    case (_, .null), (.any, _), (.boolean, .boolean), (.integer, .integer), (.float, .float),
      (.string, .string), (.bytes, .bytes), (.date, .date), (.localTime, .localTime),
      (.time, .time), (.localDateTime, .localDateTime), (.dateTime, .dateTime),
      (.duration, .duration), (.list, .list):
      return value
    case (.float, .integer(let number)): return .float(Double(number))
    case (.integerList, .list(let elements)): return Self.fit(elements, as: .integer)
    case (.floatList, .list(let elements)): return Self.fit(elements, as: .float)
    case (.stringList, .list(let elements)): return Self.fit(elements, as: .string)
    default: return nil
    }
  }

  private static func fit(_ elements: [Value], as type: PropertyType.ValueType) -> Value? {
    var result: [Value] = []
    result.reserveCapacity(elements.count)
    for element in elements {
      guard !element.isNull, let fitting = type.fit(element) else { return nil }
      result.append(fitting)
    }
    return .list(result)
  }
}
