// One operation of a plan in a line.

import Base
import Cypher

extension PlanOperation {
  /// The operation with its variables and conditions.
  func rendered(_ names: SlotNames) -> String {
    switch self {
    case .argument(let slots): return "Argument " + names.list(slots)
    case .nodeScan(let slot, let label?): return "NodeScan \(names[slot]):\(label)"
    case .nodeScan(let slot, nil): return "AllNodesScan \(names[slot])"
    case .columnScan(let step): return step.rendered(names)
    case .keySeek(let slot, let key): return "KeySeek \(names[slot]).key = \(names.text(key))"
    case .identitySeek(let slot, let identity):
      return "IdentitySeek id(\(names[slot])) = \(names.text(identity))"
    case .indexSeek(let step): return step.rendered(names)
    case .edgeScan(let step): return "EdgeScan " + step.rendered(names)
    case .edgeEnds(let step): return "EdgeEnds " + step.rendered(names)
    case .expand(let step):
      return (step.isInto ? "ExpandInto " : "Expand ") + step.rendered(names, range: "")
    case .semiExpand(let step): return "SemiExpand " + step.rendered(names, range: "")
    case .degree(let step, _, let times):
      return "Degree " + step.rendered(names, range: "") + (times == nil ? "" : ", multiplied")
    case .storedCount(let slot, let counted):
      return "StoredCount \(names[slot]) = \(counted.rendered)"
    case .variableExpand(let run):
      return "VariableExpand " + run.rendered(names) + " (\(run.restriction.rawValue))"
    case .reach(let run): return "Reach " + run.rendered(names)
    case .shortestPath(let run, let wantsAll):
      return (wantsAll ? "AllShortestPaths " : "ShortestPath ") + run.rendered(names)
    case .repeatGroup(let step): return "Repeat \(names[step.from]) to \(names[step.to])"
    case .selectPaths(let step): return "SelectPaths \(names[step.start]) to \(names[step.end])"
    case .number: return "Number"
    case .path(let step):
      let test = step.restriction == .trail ? "" : " (\(step.restriction.rawValue))"
      return "Path \(names[step.slot])\(test)"
    default: return renderedRows(names)
    }
  }

  private func renderedRows(_ names: SlotNames) -> String {
    switch self {
    case .filter(let predicates):
      return "Filter " + predicates.map { names.text($0) }.joined(separator: " AND ")
    case .prefilter(let predicates):
      return "Prefilter " + predicates.map { names.text($0) }.joined(separator: " AND ")
    case .project(let items):
      return "Project "
        + items.map { "\(names[$0.slot]) = \(names.text($0.expression))" }
        .joined(separator: ", ")
    case .aggregate(let aggregation): return aggregation.rendered(names)
    case .distinct(let slots): return "Distinct " + names.list(slots)
    case .sort(let keys, let limits, let isPresorted):
      let order = keys.map { names.text($0.expression) + ($0.isDescending ? " DESC" : "") }
      return (limits.isEmpty ? "Sort " : "TopK ") + order.joined(separator: ", ")
        + (isPresorted ? " (in order of the index)" : "")
    case .slice(let skip, let limit):
      return [skip.map { "Skip " + names.text($0) }, limit.map { "Limit " + names.text($0) }]
        .compactMap { $0 }.joined(separator: " ")
    case .unwind(let list, let slot): return "Unwind \(names.text(list)) as \(names[slot])"
    case .elements(let list, let slot): return "Elements \(names.text(list)) as \(names[slot])"
    case .call(let call): return "Call \(call.procedure.name)"
    case .optional: return "Optional"
    case .union: return "Union"
    case .hashJoin(let step):
      return "HashJoin "
        + step.keys.map { "\(names.text($0.streamed)) = \(names.text($0.held))" }
        .joined(separator: ", ")
    default: return renderedWriting(names)
    }
  }

  private func renderedWriting(_ names: SlotNames) -> String {
    switch self {
    case .create: return "Create"
    case .merge: return "Merge"
    case .set: return "Set"
    case .remove: return "Remove"
    case .delete(let delete): return delete.isDetaching ? "DetachDelete" : "Delete"
    case .forEach(let slot, let list): return "ForEach \(names[slot]) in \(names.text(list))"
    default: return ""
    }
  }
}

extension StoredCount {
  fileprivate var rendered: String {
    switch self {
    case .nodes(let label): label.map { "nodes :\($0)" } ?? "all nodes"
    case .edges(let type): type.map { "relationships :\($0)" } ?? "all relationships"
    }
  }
}

extension BoundAggregation {
  func rendered(_ names: SlotNames) -> String {
    let calls = calls.map { call in
      let arguments = call.arguments.map { names.text($0) }.joined(separator: ", ")
      let distinct = call.isDistinct ? "DISTINCT " : ""
      return call.function == .countAll
        ? "count(*)" : "\(call.function.rawValue)(\(distinct)\(arguments))"
    }
    let keys = keys.map { names.text($0.expression) }
    let by = keys.isEmpty ? "" : "by " + keys.joined(separator: ", ") + ": "
    return "Aggregate " + by + calls.joined(separator: ", ")
  }
}

extension ColumnScanStep {
  func rendered(_ names: SlotNames) -> String {
    let conditions = comparisons.map {
      "\($0.property) \($0.comparison.rawValue) \(names.text($0.value))"
    }
    return "ColumnScan \(names[slot])\(label.map { ":\($0)" } ?? ""): "
      + conditions.joined(separator: ", ")
  }
}

extension IndexSeekStep {
  func rendered(_ names: SlotNames) -> String {
    var conditions = zip(index.properties, prefix).map { "\($0) = \(names.text($1))" }
    if prefix.count < index.properties.count {
      let next = index.properties[prefix.count]
      if let lower {
        conditions.append("\(next) \(lower.isIncluded ? ">=" : ">") \(names.text(lower.value))")
      }
      if let upper {
        conditions.append("\(next) \(upper.isIncluded ? "<=" : "<") \(names.text(upper.value))")
      }
    }
    return "IndexSeek \(names[slot]):\(index.label) by \(index.name): "
      + conditions.joined(separator: ", ") + (isDescending ? " descending" : "")
  }
}

extension EdgeEndsStep {
  func rendered(_ names: SlotNames) -> String {
    ExpandStep(
      from: from, to: to, edge: edge, direction: direction, types: types, isInto: false,
      distinctFrom: []
    ).rendered(names, range: "")
  }
}

extension ExpandStep {
  func rendered(_ names: SlotNames, range: String) -> String {
    let type = types.isEmpty ? "" : ":" + types.map(\.string).joined(separator: "|")
    let inside = "[" + type + range + "]"
    let left = direction == .incoming ? "<-" : "-"
    let right = direction == .outgoing ? "->" : "-"
    return "(\(names[from]))\(left)\(inside)\(right)(\(names[to]))"
  }
}

extension VariableExpandStep {
  func rendered(_ names: SlotNames) -> String {
    step.rendered(names, range: "*\(minimum)..\(maximum.map(String.init) ?? "")")
  }
}
