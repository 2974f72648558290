// Numbers the operations of a plan, so that PROFILE can say what each one did.

extension Plan {
  /// Numbers this operation and those below it from `next` on.
  mutating func number(from next: inout Int) {
    identifier = next
    next += 1
    for index in inputs.indices { inputs[index].number(from: &next) }
  }
}
