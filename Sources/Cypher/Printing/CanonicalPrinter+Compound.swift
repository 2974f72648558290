// CASE, comprehensions, quantifiers, reduce, map projections and subqueries in canonical form.

import Base

extension CanonicalPrinter {
  mutating func printCompound(_ kind: ExpressionKind) {
    switch kind {
    case .caseOf(let value): print(value)
    case .listComprehension(let value): print(value)
    case .patternComprehension(let value):
      write("[")
      print(value.pattern)
      printWhere(value.predicate)
      write(" | ")
      print(value.result)
      write("]")
    case .quantifier(let value):
      write("\(value.kind.rawValue)(")
      print(value.variable)
      write(" IN ")
      print(value.list)
      printWhere(value.predicate)
      write(")")
    case .reduce(let value): print(value)
    case .mapProjection(let value): print(value)
    case .subquery(let value):
      write(value.kind.rawValue.uppercased() + " { ")
      switch value.body {
      case .pattern(let patterns, let predicate):
        printList(patterns) { $0.print($1) }
        printWhere(predicate)
      case .query(let query): print(query)
      }
      write(" }")
    default: break
    }
  }

  mutating func printWhere(_ predicate: Expression?) {
    guard let predicate else { return }
    write(" WHERE ")
    print(predicate)
  }

  private mutating func print(_ value: CaseExpression) {
    write("CASE")
    if let subject = value.subject {
      write(" ")
      print(subject)
    }
    for branch in value.branches {
      write(" WHEN ")
      print(branch.condition)
      write(" THEN ")
      print(branch.result)
    }
    if let otherwise = value.otherwise {
      write(" ELSE ")
      print(otherwise)
    }
    write(" END")
  }

  private mutating func print(_ value: ListComprehension) {
    write("[")
    print(value.variable)
    write(" IN ")
    print(value.list)
    printWhere(value.predicate)
    if let result = value.result {
      write(" | ")
      print(result)
    }
    write("]")
  }

  private mutating func print(_ value: ReduceExpression) {
    write("reduce(")
    print(value.accumulator)
    write(" = ")
    print(value.initial)
    write(", ")
    print(value.variable)
    write(" IN ")
    print(value.list)
    write(" | ")
    print(value.step)
    write(")")
  }

  private mutating func print(_ value: MapProjection) {
    print(value.subject)
    write(" {")
    printList(value.items) { printer, item in
      switch item {
      case .property(let name):
        printer.write(".")
        printer.print(name)
      case .allProperties: printer.write(".*")
      case .entry(let entry): printer.print(entry)
      case .variable(let name): printer.print(name)
      }
    }
    write("}")
  }
}
