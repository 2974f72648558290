// Statements, queries and clauses in canonical form.

import Base

extension CanonicalPrinter {
  mutating func print(_ statement: Statement) {
    switch statement.mode {
    case .run: break
    case .explain: write("EXPLAIN ")
    case .profile: write("PROFILE ")
    }
    if let snapshot = statement.snapshot {
      write("AS OF ")
      print(snapshot.moment)
      write(" ")
    }
    switch statement.body {
    case .query(let query): print(query)
    case .createIndex(let command): print(command)
    case .dropIndex(let command):
      write("DROP INDEX ")
      print(command.name)
      if command.ifExists { write(" IF EXISTS") }
    case .show(let command): write("SHOW " + command.subject.rawValue.uppercased())
    }
  }

  private mutating func print(_ command: CreateIndexCommand) {
    write(command.isUnique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ")
    if let name = command.name {
      print(name)
      write(" ")
    }
    if command.ifNotExists { write("IF NOT EXISTS ") }
    write("FOR (n:")
    print(command.label)
    write(") ON (")
    printList(command.properties) { printer, property in
      printer.write("n.")
      printer.print(property)
    }
    write(")")
  }

  mutating func print(_ query: Query) {
    for (index, branch) in query.branches.enumerated() {
      if index > 0 { write(query.unions[index - 1] == .all ? " UNION ALL " : " UNION ") }
      printList(branch.clauses, separator: " ") { $0.print($1) }
    }
  }

  mutating func print(_ clause: Clause) {
    switch clause {
    case .match(let match):
      write(match.isOptional ? "OPTIONAL MATCH " : "MATCH ")
      printList(match.patterns) { $0.print($1) }
      printWhere(match.predicate)
    case .unwind(let unwind):
      write("UNWIND ")
      print(unwind.list)
      write(" AS ")
      print(unwind.variable)
    case .with(let projection):
      write("WITH ")
      print(projection)
    case .return(let projection):
      write("RETURN ")
      print(projection)
    case .call(let call): print(call)
    case .create(let create):
      write("CREATE ")
      printList(create.patterns) { $0.print($1) }
    default: printUpdating(clause)
    }
  }

  private mutating func print(_ projection: ProjectionClause) {
    if projection.isDistinct { write("DISTINCT ") }
    if projection.includesAll { write(projection.items.isEmpty ? "*" : "*, ") }
    printList(projection.items) { printer, item in
      printer.print(item.expression)
      if let alias = item.alias {
        printer.write(" AS ")
        printer.print(alias)
      }
    }
    if !projection.orderBy.isEmpty {
      write(" ORDER BY ")
      printList(projection.orderBy) { printer, item in
        printer.print(item.expression)
        if item.isDescending { printer.write(" DESC") }
      }
    }
    if let skip = projection.skip {
      write(" SKIP ")
      print(skip)
    }
    if let limit = projection.limit {
      write(" LIMIT ")
      print(limit)
    }
    printWhere(projection.predicate)
  }

  private mutating func print(_ call: CallClause) {
    write("CALL ")
    printList(call.procedure, separator: ".") { $0.print($1) }
    if let arguments = call.arguments {
      write("(")
      printList(arguments) { $0.print($1) }
      write(")")
    }
    guard let yield = call.yield else { return }
    write(yield.includesAll ? " YIELD *" : yield.items.isEmpty ? " YIELD -" : " YIELD ")
    printList(yield.items) { printer, item in
      printer.print(item.field)
      if let alias = item.alias {
        printer.write(" AS ")
        printer.print(alias)
      }
    }
    printWhere(yield.predicate)
  }

  private mutating func printUpdating(_ clause: Clause) {
    switch clause {
    case .merge(let merge):
      write("MERGE ")
      print(merge.pattern)
      if !merge.onCreate.isEmpty {
        write(" ON CREATE SET ")
        printList(merge.onCreate) { $0.print($1) }
      }
      if !merge.onMatch.isEmpty {
        write(" ON MATCH SET ")
        printList(merge.onMatch) { $0.print($1) }
      }
    case .set(let set):
      write("SET ")
      printList(set.items) { $0.print($1) }
    case .remove(let remove):
      write("REMOVE ")
      printList(remove.items) { $0.print($1) }
    case .delete(let delete):
      write(delete.isDetaching ? "DETACH DELETE " : "DELETE ")
      printList(delete.expressions) { $0.print($1) }
    case .forEach(let forEach):
      write("FOREACH (")
      print(forEach.variable)
      write(" IN ")
      print(forEach.list)
      write(" | ")
      printList(forEach.clauses, separator: " ") { $0.print($1) }
      write(")")
    default: break
    }
  }

  private mutating func print(_ item: SetItem) {
    switch item {
    case .property(let entity, let name, let value, _):
      print(entity)
      write(".")
      print(name)
      write(" = ")
      print(value)
    case .dynamicProperty(let entity, let key, let value, _):
      print(entity)
      write("[")
      print(key)
      write("] = ")
      print(value)
    case .replaceProperties(let variable, let value, _):
      print(variable)
      write(" = ")
      print(value)
    case .addProperties(let variable, let value, _):
      print(variable)
      write(" += ")
      print(value)
    case .labels(let variable, let labels, _):
      print(variable)
      for label in labels {
        write(":")
        print(label)
      }
    }
  }

  private mutating func print(_ item: RemoveItem) {
    switch item {
    case .property(let entity, let name, _):
      print(entity)
      write(".")
      print(name)
    case .dynamicProperty(let entity, let key, _):
      print(entity)
      write("[")
      print(key)
      write("]")
    case .labels(let variable, let labels, _):
      print(variable)
      for label in labels {
        write(":")
        print(label)
      }
    }
  }
}
