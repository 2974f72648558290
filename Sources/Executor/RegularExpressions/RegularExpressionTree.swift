// The tree of a regular expression, and the automaton that is built from it.

import Base

/// An expression as written. Whether a quantifier is greedy does not matter to a whole match.
indirect enum RegularExpressionTree: Sendable {
  case empty
  case take(CodePointSet)
  case check(RegularExpression.Assertion)
  case sequence([RegularExpressionTree])
  case alternatives([RegularExpressionTree])
  case repeated(RegularExpressionTree, minimum: Int, maximum: Int?)
}

/// Lays a tree out as instructions.
struct AutomatonBuilder {
  private var program: [RegularExpression.Instruction] = []
  /// Parts laid out so far: repetitions of nothing add no instruction, but take time.
  private var partCount = 0

  mutating func append(_ tree: RegularExpressionTree) throws {
    partCount += 1
    guard max(program.count, partCount / 10) < RegularExpression.instructionLimit else {
      throw StemmaError.valueTooLarge(
        "the automaton of a regular expression", limit: RegularExpression.instructionLimit)
    }
    switch tree {
    case .empty: break
    case .take(let set): program.append(.take(set))
    case .check(let assertion): program.append(.check(assertion))
    case .sequence(let parts): for part in parts { try append(part) }
    case .alternatives(let parts): try append(alternatives: parts)
    case .repeated(let part, let minimum, let maximum):
      for _ in 0..<minimum { try append(part) }
      guard let maximum else { return try append(anyNumberOf: part) }
      var exits: [Int] = []
      for _ in minimum..<max(minimum, maximum) {
        exits.append(program.count)
        program.append(.split(program.count + 1, 0))
        try append(part)
      }
      for exit in exits { program[exit] = .split(exit + 1, program.count) }
    }
  }

  private mutating func append(anyNumberOf part: RegularExpressionTree) throws {
    let start = program.count
    program.append(.split(start + 1, 0))
    try append(part)
    program.append(.jump(start))
    program[start] = .split(start + 1, program.count)
  }

  private mutating func append(alternatives parts: [RegularExpressionTree]) throws {
    var ends: [Int] = []
    for index in parts.indices {
      guard index < parts.count - 1 else {
        try append(parts[index])
        break
      }
      let fork = program.count
      program.append(.split(fork + 1, 0))
      try append(parts[index])
      ends.append(program.count)
      program.append(.jump(0))
      program[fork] = .split(fork + 1, program.count)
    }
    for end in ends { program[end] = .jump(program.count) }
  }

  mutating func finish() -> [RegularExpression.Instruction] { program + [.match] }
}
