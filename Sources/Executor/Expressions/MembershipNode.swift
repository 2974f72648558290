// `element IN list`: true, false, or null where the list or the element leaves it open.

import Base
import Graph

struct MembershipNode: ExpressionNode {
  let element: any ExpressionNode
  let list: any ExpressionNode

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let wanted = try element.value(&frame, graph)
    switch try list.value(&frame, graph) {
    case .null: return .null
    case .list(let elements):
      var isUnknown = false
      for candidate in elements {
        switch wanted.isEqual(to: candidate) {
        case true?: return .boolean(true)
        case nil: isUnknown = true
        case false?: continue
        }
      }
      return isUnknown ? .null : .boolean(false)
    case let other: throw StemmaError.type("IN takes a list, not \(other.shortDescription)")
    }
  }
}
