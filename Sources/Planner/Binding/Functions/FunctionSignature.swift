// Arity, static argument types and result types of functions, as data. Argument types are given
// only where openCypher demands a compile-time error; everything else is judged at run time.

/// What the binder and SHOW FUNCTIONS know about a function.
package struct FunctionSignature: Hashable, Sendable {
  package var minimumArguments: Int
  /// `nil` where there is no bound.
  package var maximumArguments: Int?
  /// By position; missing ones accept anything.
  package var argumentKinds: [ValueKinds]
  package var result: StaticType
  /// Whether equal arguments give equal results within a statement.
  package var isDeterministic: Bool
  /// One line for people: usage and meaning.
  package var summary: String

  package init(
    _ minimumArguments: Int, _ maximumArguments: Int?, _ argumentKinds: [ValueKinds] = [],
    result: StaticType, isDeterministic: Bool = true, summary: String
  ) {
    self.minimumArguments = minimumArguments
    self.maximumArguments = maximumArguments
    self.argumentKinds = argumentKinds
    self.result = result
    self.isDeterministic = isDeterministic
    self.summary = summary
  }
}
