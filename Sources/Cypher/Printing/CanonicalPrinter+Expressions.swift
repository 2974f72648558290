// Expressions in canonical form.

import Base

extension CanonicalPrinter {
  mutating func print(_ expression: Expression) {
    switch expression.kind {
    case .null: write("null")
    case .boolean(let value): write(value ? "true" : "false")
    case .integer(let value): write(String(value))
    case .float(let value): write(String(value))
    case .string(let value): printString(value)
    case .parameter(let name): write("$" + Self.quoted(name.text))
    case .variable(let name): printVariable(name)
    case .list(let elements):
      write("[")
      printList(elements) { $0.print($1) }
      write("]")
    case .map(let entries):
      write("{")
      printList(entries) { $0.print($1) }
      write("}")
    case .property(let subject, let name):
      print(subject)
      write(".")
      print(name)
    case .subscripted(let subject, let index):
      print(subject)
      write("[")
      print(index)
      write("]")
    case .slice(let subject, let from, let to):
      print(subject)
      write("[")
      if let from { print(from) }
      write("..")
      if let to { print(to) }
      write("]")
    case .hasLabels(let subject, let labels):
      write("(")
      print(subject)
      write(":")
      print(labels)
      write(")")
    case .countAll: write("count(*)")
    case .call(let call):
      printList(call.name, separator: ".") { $0.print($1) }
      write(call.isDistinct ? "(DISTINCT " : "(")
      printList(call.arguments) { $0.print($1) }
      write(")")
    case .pattern(let pattern): print(pattern)
    default: printOperators(expression.kind)
    }
  }

  private mutating func printOperators(_ kind: ExpressionKind) {
    switch kind {
    case .not(let operand): printPrefix("NOT ", operand)
    case .negate(let operand): printNegation(operand)
    case .plus(let operand): printPrefix("+", operand)
    case .and(let operands): printChain(operands, " AND ")
    case .or(let operands): printChain(operands, " OR ")
    case .xor(let left, let right): printInfix(left, " XOR ", right)
    case .comparison(let first, let rest):
      write("(")
      print(first)
      for step in rest {
        write(" \(step.comparison.rawValue) ")
        print(step.operand)
      }
      write(")")
    case .arithmetic(let symbol, let left, let right):
      printInfix(left, " \(symbol.rawValue) ", right)
    case .arithmeticChain(let first, let rest):
      write("(")
      print(first)
      for step in rest {
        write(" \(step.operation.rawValue) ")
        print(step.operand)
      }
      write(")")
    case .isNull(let operand): printSuffix(operand, " IS NULL")
    case .isNotNull(let operand): printSuffix(operand, " IS NOT NULL")
    case .isIn(let element, let list): printInfix(element, " IN ", list)
    case .startsWith(let left, let right): printInfix(left, " STARTS WITH ", right)
    case .endsWith(let left, let right): printInfix(left, " ENDS WITH ", right)
    case .contains(let left, let right): printInfix(left, " CONTAINS ", right)
    case .matchesRegularExpression(let left, let right): printInfix(left, " =~ ", right)
    default: printCompound(kind)
    }
  }

  /// A number keeps its own brackets: the sign before it is not part of it.
  private mutating func printNegation(_ operand: Expression) {
    switch operand.kind {
    case .integer, .float:
      write("(-(")
      print(operand)
      write("))")
    default: printPrefix("-", operand)
    }
  }

  private mutating func printPrefix(_ symbol: String, _ operand: Expression) {
    write("(" + symbol)
    print(operand)
    write(")")
  }

  private mutating func printSuffix(_ operand: Expression, _ symbol: String) {
    write("(")
    print(operand)
    write(symbol + ")")
  }

  private mutating func printInfix(_ left: Expression, _ symbol: String, _ right: Expression) {
    write("(")
    print(left)
    write(symbol)
    print(right)
    write(")")
  }

  private mutating func printChain(_ operands: [Expression], _ symbol: String) {
    write("(")
    printList(operands, separator: symbol) { $0.print($1) }
    write(")")
  }

  mutating func print(_ entry: MapEntry) {
    print(entry.key)
    write(": ")
    print(entry.value)
  }

  /// In single quotes; what could not be read back is escaped.
  mutating func printString(_ value: Text) {
    var result = "'"
    for scalar in value.string.unicodeScalars {
      switch scalar {
      case "'": result += "\\'"
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    write(result + "'")
  }
}
