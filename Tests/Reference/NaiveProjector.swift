// WITH and RETURN: grouping, DISTINCT, ORDER BY, SKIP, LIMIT, WHERE.

struct NaiveProjector {
  let evaluator: NaiveEvaluator
  let projection: NaiveProjection

  func rows(_ rows: [NaiveRow]) throws -> [NaiveRow] {
    var projected =
      try projection.items.contains(where: \.isAggregate)
      ? grouped(rows) : rows.map { try self.projected($0) }
    if projection.isDistinct {
      var seen: Set<[NaiveValue]> = []
      projected = projected.filter { row in
        seen.insert(projection.items.map { (row[$0.name] ?? .null).identity }).inserted
      }
    }
    if !projection.order.isEmpty { projected = try sorted(projected) }
    if let skip = projection.skip { projected = Array(projected.dropFirst(skip)) }
    if let limit = projection.limit { projected = Array(projected.prefix(limit)) }
    guard let condition = projection.condition else { return projected }
    return try projected.filter { try evaluator.condition(condition, $0) == true }
  }

  private func projected(_ row: NaiveRow) throws -> NaiveRow {
    var result: NaiveRow = [:]
    for item in projection.items { result[item.name] = try evaluator.value(item.value, row) }
    return result
  }

  /// The keys of ORDER BY read projected names only.
  private func sorted(_ rows: [NaiveRow]) throws -> [NaiveRow] {
    let keyed = try rows.map { row in
      (row, try projection.order.map { try evaluator.value($0.value, row) })
    }
    return keyed.sorted { left, right in
      for (index, key) in projection.order.enumerated() {
        let order = left.1[index].order(right.1[index])
        if order != 0 { return key.isDescending ? order > 0 : order < 0 }
      }
      return false
    }.map(\.0)
  }

  private func grouped(_ rows: [NaiveRow]) throws -> [NaiveRow] {
    let keys = projection.items.filter { !$0.isAggregate }
    var groups: [[NaiveValue]: [NaiveRow]] = [:]
    var order: [[NaiveValue]] = []
    for row in rows {
      let key = try keys.map { try evaluator.value($0.value, row).identity }
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(row)
    }
    // Without keys there is one group, even of no rows.
    if keys.isEmpty, groups.isEmpty { order = [[]] }
    return try order.map { key in
      let members = groups[key] ?? []
      var result: NaiveRow = [:]
      for item in projection.items {
        if case .aggregate(let name, let isDistinct, let argument) = item.value {
          result[item.name] = try aggregate(name, isDistinct, argument, members)
        } else {
          result[item.name] = try evaluator.value(item.value, members[0])
        }
      }
      return result
    }
  }

  private func aggregate(
    _ name: String, _ isDistinct: Bool, _ argument: NaiveExpression?, _ rows: [NaiveRow]
  ) throws -> NaiveValue {
    guard let argument else { return .integer(Int64(rows.count)) }
    var values = try rows.map { try evaluator.value(argument, $0) }.filter { !$0.isNull }
    if isDistinct {
      var seen: Set<NaiveValue> = []
      values = values.filter { seen.insert($0.identity).inserted }
    }
    switch name {
    case "count": return .integer(Int64(values.count))
    case "collect": return .list(values)
    case "min": return values.min { $0.order($1) < 0 } ?? .null
    case "max": return values.max { $0.order($1) < 0 } ?? .null
    case "sum": return try values.reduce(.integer(0)) { try NaiveEvaluator.arithmetic("+", $0, $1) }
    default:
      let total = try values.reduce(NaiveValue.integer(0)) {
        try NaiveEvaluator.arithmetic("+", $0, $1)
      }
      guard case .integer(let sum) = total, !values.isEmpty else { return .null }
      return .float(Double(sum) / Double(values.count))
    }
  }
}
