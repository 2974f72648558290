// Patterns in canonical form.

import Base

extension CanonicalPrinter {
  mutating func print(_ pattern: PathPattern) {
    if let variable = pattern.variable {
      print(variable)
      write(" = ")
    }
    if let selector = pattern.selector { write(Self.text(of: selector) + " ") }
    if let mode = pattern.mode { write(String(describing: mode).uppercased() + " ") }
    if let function = pattern.function { write(String(describing: function) + "(") }
    for element in pattern.elements { print(element) }
    if pattern.function != nil { write(")") }
  }

  static func text(of selector: PathSelector) -> String {
    switch selector {
    case .all: "ALL"
    case .any(let count): "ANY \(count)"
    case .shortest(let count): "SHORTEST \(count)"
    case .allShortest: "ALL SHORTEST"
    case .shortestGroups(let count): "SHORTEST \(count) GROUPS"
    }
  }

  private mutating func print(_ element: PathElement) {
    switch element {
    case .node(let node): print(node)
    case .relationship(let relationship): print(relationship)
    case .group(let group):
      write("(")
      if let variable = group.variable {
        print(variable)
        write(" = ")
      }
      if let mode = group.mode { write(String(describing: mode).uppercased() + " ") }
      for inner in group.elements { print(inner) }
      printWhere(group.predicate)
      write(")")
      printQuantifier(group.quantifier)
    }
  }

  private mutating func print(_ node: NodePattern) {
    write("(")
    if let variable = node.variable { print(variable) }
    if let labels = node.labels {
      write(":")
      print(labels)
    }
    printDetails(node.properties, node.predicate)
    write(")")
  }

  private mutating func print(_ relationship: RelationshipPattern) {
    write(relationship.direction == .incoming || relationship.hasBothArrows ? "<-" : "-")
    write("[")
    if let variable = relationship.variable { print(variable) }
    if !relationship.types.isEmpty {
      write(":")
      printList(relationship.types, separator: "|") { $0.print($1) }
    }
    if let length = relationship.length {
      write("*" + bound(length.minimum) + ".." + bound(length.maximum))
    }
    printDetails(relationship.properties, relationship.predicate)
    write("]")
    write(relationship.direction == .outgoing || relationship.hasBothArrows ? "->" : "-")
    printQuantifier(relationship.quantifier)
  }

  private mutating func printDetails(_ properties: Expression?, _ predicate: Expression?) {
    if let properties {
      write(" ")
      print(properties)
    }
    printWhere(predicate)
  }

  private mutating func printQuantifier(_ quantifier: LengthRange?) {
    guard let quantifier else { return }
    write("{" + bound(quantifier.minimum) + "," + bound(quantifier.maximum) + "}")
  }

  private func bound(_ value: Int?) -> String { value.map(String.init) ?? "" }

  mutating func print(_ labels: LabelExpression) {
    switch labels {
    case .label(let name): print(name)
    case .any: write("%")
    case .not(let inner):
      write("!")
      print(inner)
    case .and(let parts): printParts(parts, "&")
    case .or(let parts): printParts(parts, "|")
    }
  }

  private mutating func printParts(_ parts: [LabelExpression], _ separator: String) {
    write("(")
    printList(parts, separator: separator) { $0.print($1) }
    write(")")
  }
}
