// The lists of a mirror. There are some for every node, and nearly all have one entry, so that one
// entry takes no memory of its own.

import Base

/// Identities of nodes.
enum NodeList: Hashable {
  case none
  case one(NodeID)
  case many([NodeID])

  mutating func append(_ id: NodeID) {
    if case .none = self { self = .one(id) } else { change { $0.append(id) } }
  }

  /// Inserts in the order of creation, once; mostly that is the end.
  mutating func insert(_ id: NodeID) {
    switch self {
    case .none: self = .one(id)
    case .one(id): break
    default: change { Mirror.insert(id, into: &$0) }
    }
  }

  /// For lists of one or more, which become longer.
  private mutating func change(_ body: (inout [NodeID]) -> Void) {
    var ids: [NodeID]
    switch self {
    case .none: ids = []
    case .one(let id): ids = [id]
    case .many(let all): ids = all
    }
    // Held by nobody else now, so that it is not copied.
    self = .none
    body(&ids)
    self = .many(ids)
  }
}

extension NodeList: RandomAccessCollection {
  var startIndex: Int { 0 }

  var endIndex: Int {
    switch self {
    case .none: 0
    case .one: 1
    case .many(let ids): ids.count
    }
  }

  subscript(position: Int) -> NodeID {
    switch self {
    case .one(let id) where position == 0: id
    case .many(let ids): ids[position]
    default: preconditionFailure("there is no entry \(position)")
    }
  }
}
