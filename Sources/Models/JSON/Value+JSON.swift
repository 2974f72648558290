// Short ways into JSON that was read: a member, elements, a text, a whole number; what is not
// there, or is of another kind, is nothing.

package import Base

extension Value {
  /// A member of an object; null counts as absent.
  package subscript(_ name: Text) -> Value? {
    guard case .map(let map) = self, let value = map[name], !value.isNull else { return nil }
    return value
  }

  package var elements: [Value] { if case .list(let values) = self { values } else { [] } }
  package var string: String? { if case .string(let text) = self { text.string } else { nil } }
  package var int: Int? {
    if case .integer(let number) = self { Int(exactly: number) } else { nil }
  }
}
