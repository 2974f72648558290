// The edges of a mirror. The policy asks for them at every step, so that they are looked up by
// number, and nothing is hashed.

import Base

/// The edges at one side of a node: lists of what they lead to, by their names. There are a few.
struct NodeTies {
  /// The type of the edges, and the label of their start where that matters.
  struct Name: Hashable {
    private let symbols: UInt64

    init(_ type: Symbol, _ label: Symbol = Symbol(0)) {
      symbols = UInt64(type.rawValue) << 32 | UInt64(label.rawValue)
    }
  }

  private var lists: [(name: Name, ids: NodeList)] = []

  subscript(name: Name) -> NodeList {
    for list in lists where list.name == name { return list.ids }
    return .none
  }

  mutating func append(_ id: NodeID, _ name: Name) { lists[place(of: name)].ids.append(id) }

  /// Inserts in the order of creation, once.
  mutating func insert(_ id: NodeID, _ name: Name) { lists[place(of: name)].ids.insert(id) }

  private mutating func place(of name: Name) -> Int {
    if let known = lists.firstIndex(where: { $0.name == name }) { return known }
    lists.append((name, .none))
    return lists.count - 1
  }
}
