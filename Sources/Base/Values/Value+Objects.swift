// Short ways to values that stand for JSON: objects whose absent members are left out, lists of
// texts.

extension Value {
  /// An object; members with `nil` are left out.
  package static func object(_ members: [(Text, Value?)]) -> Value { .map(.object(members)) }

  package static func strings(_ texts: some Sequence<String>) -> Value {
    .list(texts.map { .text($0) })
  }
}

extension ValueMap {
  /// The members of an object; those with `nil` are left out.
  package static func object(_ members: [(Text, Value?)]) -> ValueMap {
    ValueMap(members.compactMap { name, value in value.map { (name, $0) } })
  }
}
