// The limits that keep any text, however hostile, from exhausting the stack or the memory.

/// Named limits of the lexer and parser.
package enum ParserLimits {
  /// The longest text that is parsed, in bytes.
  package static let textBytes = 16 << 20

  /// The deepest tree of expressions, patterns and subqueries. Every later stage recurses over the
  /// tree, so this bounds its stack as well. Chains of AND, OR and comparisons count once.
  package static let depth = 256

  /// A chain of arithmetic that is higher than this is kept as a list of its steps, so that its
  /// length is not bounded.
  static let arithmeticTree = 64
}
