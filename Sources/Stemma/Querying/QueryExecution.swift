// One query from its text to its result. Here everything that a query may need is decided: the
// snapshot, the limits, whether it writes, and which plan is used.

import Base
import Cypher
import Executor
import Graph
import Planner

/// A query at work. A class, since closures all the way down to the snapshot hold it.
final class QueryExecution {
  /// Receives rows; returns `false` to stop.
  typealias Sink = (_ rows: [[Value]], _ entities: EntityTable) throws -> Bool

  let database: Database
  let options: QueryOptions
  private let compiled: CachedStatement
  /// What the caller gave, by name, and of it what the statement asks for.
  private let given: [String: Value]
  private let parameters: ParameterValues
  /// Whether the entities of all rows are kept until the end, or those of one batch at a time.
  var keepsEntities = true
  var engine = EngineOptions()

  private var text: Text { compiled.text }

  convenience init(
    _ database: Database, _ text: String, _ parameters: [String: Value], _ options: QueryOptions
  ) throws {
    try self.init(database, database.compiled(Text(text)), parameters, options)
  }

  /// Runs a statement that was compiled before.
  init(
    _ database: Database, _ compiled: CachedStatement, _ parameters: [String: Value],
    _ options: QueryOptions
  ) throws {
    self.database = database
    self.compiled = compiled
    self.options = options
    given = parameters
    self.parameters = try StatementCompiler.values(
      of: parameters, for: compiled.parameters)
  }

  /// Runs the query; rows go to `sink`.
  func run(columns announce: ([String]) -> Void, sink: Sink) throws -> QueryResult {
    // What is asked again and again: the rest of the statement is not even looked at.
    if compiled.isPlainRead, options.mode == .run { return try read(announce, sink) }
    let statement = compiled.statement
    switch statement.body {
    case .query:
      if statement.mode == .explain || (options.mode == .explain && statement.mode != .profile) {
        return try explain(announce, sink)
      }
      if statement.mode == .profile || options.mode == .profile {
        return try profile(announce, sink)
      }
      return statement.isWriting
        ? try write(announce, sink) : try read(announce, sink)
    case .createIndex(let index, let ifNotExists):
      return try change(announce) { graph in
        let exists = try graph.indexes().contains { $0.definition.name == index.name }
        return exists && ifNotExists ? nil : .createIndex(index)
      }
    case .dropIndex(let name, let ifExists):
      return try change(announce) { graph in
        let exists = try graph.indexes().contains { $0.definition.name == name }
        return !exists && ifExists ? nil : .dropIndex(name: name)
      }
    case .show(let subject): return try show(subject, announce, sink)
    }
  }

  /// The plan for the graph at hand; made anew where statistics have moved away from it.
  private func plan(isSettled: Bool, _ graph: borrowing GraphView) throws -> ReadyPlan {
    let lengths = compiled.names.listLengths(in: given)
    let moment = CachedStatement.Moment(
      snapshot: graph.snapshot, isSettled: isSettled, extent: graph.extent,
      listSizes: lengths.map { (Int.bitWidth - $0.leadingZeroBitCount) / 2 })
    let isUsual = engine == EngineOptions()
    if isUsual, let ready = compiled.plan(at: moment) { return ready }
    guard case .query(let query) = compiled.statement.body else {
      throw StemmaError(.queryNotSupported, "what is no query has no plan")
    }
    let slotCount = compiled.statement.slots.count
    if !isUsual {
      let rules = engine.appliesRules ? PlanRules.all : []
      return ReadyPlan(
        try Planner.plan(query, slotCount: slotCount, catalog: EmptyCatalog(), rules: rules))
    }
    let catalog = try GraphCatalog(
      compiled.names, listLengths: lengths, database.histograms, isSettled: isSettled, graph)
    if let ready = compiled.plan(at: moment, catalog) { return ready }
    let ready = ReadyPlan(try Planner.plan(query, slotCount: slotCount, catalog: catalog))
    compiled.keep(ready, at: moment, catalog)
    return ready
  }

  // MARK: Reading

  private func read(
    _ announce: ([String]) -> Void, profile: PlanProfile? = nil, _ sink: Sink
  ) throws -> QueryResult {
    let snapshot = try snapshot()
    return try database.graph.read(at: snapshot) { graph in
      let ready = try plan(isSettled: snapshot == nil, graph)
      var result = QueryResult(columns: ready.columns, snapshot: graph.snapshot)
      announce(result.columns)
      let remains = Remains(try instance(of: ready, profile))
      defer { remains.free() }
      let run = remains.run
      run.begin(settings())
      var collector = ResultCollector(columns: ready.plan.columns, limit: options.limits.rows)
      do {
        try remains.pull(graph) { batch in
          let rows = try collector.rows(batch, graph)
          if !rows.isEmpty, try !sink(rows, collector.entities) { return false }
          if keepsEntities {
            try run.charge(memoryBytes: collector.takeBytes())
          } else {
            collector.entities = EntityTable()
          }
          return !collector.isCut
        }
        if profile == nil { remains.give(to: ready) }
        if collector.isCut { throw ExecutionStop(.rows) }
      } catch let stop as ExecutionStop {
        result.stop(stop, collector.rowCount, run, options.limits)
      }
      result.entities = collector.entities
      return result
    }
  }

  /// An instance that is idle, or a new one; one that is measured is always new.
  private func instance(of ready: ReadyPlan, _ profile: PlanProfile?) throws -> PlanInstance {
    if profile == nil, let idle = ready.take() { return idle }
    return try PlanInstance(
      ready.plan, procedures: database.procedures, makeRun(isWriting: false), profile: profile)
  }

  // MARK: Writing

  private func write(
    _ announce: ([String]) -> Void, profile: PlanProfile? = nil, _ sink: Sink
  ) throws -> QueryResult {
    guard compiled.statement.snapshot == nil, options.asOf == nil else {
      throw StemmaError(
        .queryNotSupported, "a query AS OF a past moment cannot write",
        advice: "leave AS OF out")
    }
    let (result, receipt) = try database.graph.write(try request()) { transaction -> QueryResult in
      let ready = try transaction.readWithoutChanges { graph in
        try self.plan(isSettled: false, graph)
      }
      let writer = writer(of: ready, profile)
      do {
        let rows = try writer.run(settings(), in: &transaction)
        let result = try transaction.read { graph -> QueryResult in
          try deliver(rows, ready, writer.changes, announce, sink, graph)
        }
        if profile == nil { ready.giveBack(writer) }
        return result
      } catch let stop as ExecutionStop {
        // Half a write is worse than none: the transaction is given up.
        throw StemmaError(
          stop.reason == .cancelled ? .limitCancelled : .limitReached,
          "the writing query was stopped by \(options.limits.name(of: stop.reason)); "
            + "nothing was written",
          advice: stop.reason == .cancelled
            ? "run it again when it is wanted" : "raise the limit, or write less at a time")
      }
    }
    var final = result
    final.transaction = receipt?.transaction
    if let receipt { final.snapshot = receipt.transaction }
    return final
  }

  /// A writer that is idle, or a new one; one that is measured is always new.
  private func writer(of ready: ReadyPlan, _ profile: PlanProfile?) -> PlanWriter {
    if profile == nil, let idle = ready.takeWriter() { return idle }
    return PlanWriter(
      ready.plan, procedures: database.procedures, makeRun(isWriting: true), profile: profile)
  }

  /// Hands out the rows of a writing query.
  private func deliver(
    _ rows: Batch, _ ready: ReadyPlan, _ changes: GraphChanges, _ announce: ([String]) -> Void,
    _ sink: Sink, _ graph: borrowing GraphView
  ) throws -> QueryResult {
    var result = QueryResult(columns: ready.columns, snapshot: graph.snapshot)
    announce(result.columns)
    var collector = ResultCollector(columns: ready.plan.columns, limit: options.limits.rows)
    let values = try collector.rows(rows, graph)
    if !values.isEmpty { _ = try sink(values, collector.entities) }
    if collector.isCut {
      result.complete = false
      result.stoppedBy = "the limit of \(options.limits.rows ?? 0) rows"
    }
    result.entities = collector.entities
    result.sideEffects = changes.sideEffects
    return result
  }

  /// Who writes, and why; a query that writes without saying so is refused.
  private func request() throws -> TransactionRequest {
    guard let provenance = options.write else {
      throw StemmaError(
        .queryReadOnly, "this query writes, and it was not allowed to",
        advice: "say who writes and why (--write --reason ...)")
    }
    let surroundings = database.surroundings
    var request = TransactionRequest(
      requestID: RequestID(high: surroundings.random(), low: surroundings.random()),
      actor: provenance.actor, reason: provenance.reason)
    request.queryHash = compiled.hash
    request.parametersHash = parametersHash
    return request
  }

  /// SHA-256 of the parameters as one CBOR map; `nil` where they cannot be written so.
  private var parametersHash: [UInt8]? {
    var writer = CBORWriter()
    guard given.count == compiled.sortedParameters.count else {
      // More was given than the statement asks for.
      let map = ValueMap(given.map { (Text($0.key), $0.value) })
      return writer.value(.map(map)) ? SHA256.hash(writer.bytes).bytes : nil
    }
    writer.map(given.count)
    for place in compiled.sortedParameters {
      writer.text(compiled.parameters.all[place])
      if !writer.value(parameters[place], depth: 1) { return nil }
    }
    return SHA256.hash(writer.bytes).bytes
  }

  /// A change of an index as a transaction of its own.
  private func change(
    _ announce: ([String]) -> Void, _ operation: (borrowing GraphView) throws -> Operation?
  ) throws -> QueryResult {
    announce([])
    let wanted = try database.graph.read { graph in try operation(graph) }
    guard let wanted else {
      return QueryResult(columns: [], snapshot: try database.lastTransaction())
    }
    var request = try request()
    request.operations = [wanted]
    let receipt = try database.graph.append(request)
    var result = QueryResult(columns: [], snapshot: receipt.transaction)
    result.transaction = receipt.transaction
    return result
  }

  // MARK: Surroundings of a run

  private func makeRun(isWriting: Bool) -> ExecutionRun {
    let text = text
    let evaluation = EvaluationContext(
      parameters: parameters, statementTime: database.surroundings.now(),
      surroundings: database.surroundings, isWriting: isWriting,
      place: { SourceText(text).place($0) })
    return ExecutionRun(
      evaluation: evaluation, source: isWriting ? nil : database.graph,
      batchRows: engine.batchRows)
  }

  /// What this run brings to the operators.
  private func settings() -> RunSettings {
    let deadline = options.limits.timeMilliseconds.map { milliseconds in
      let microseconds = Int64(clamping: milliseconds).multipliedReportingOverflow(by: 1_000)
      let end = database.surroundings.steadyMicroseconds()
        .addingReportingOverflow(microseconds.partialValue)
      return microseconds.overflow || end.overflow ? .max : end.partialValue
    }
    var settings = RunSettings(
      parameters: parameters, statementTime: database.surroundings.now(),
      limits: RunSettings.Limits(
        deadlineMicroseconds: deadline, memoryBytes: options.limits.memoryBytes,
        pathExpansions: options.limits.pathExpansions, diskBytes: options.limits.diskBytes))
    if let cancellation = options.cancellation {
      settings.isCancelled = { cancellation.isCancelled }
    }
    return settings
  }

  /// The snapshot that the text or the options ask for; `nil` for the present.
  private func snapshot() throws -> TransactionNumber? {
    if let moment = compiled.statement.snapshot {
      let value = try database.graph.read { graph in
        try CompiledExpression(moment).value(graph, makeRun(isWriting: false).evaluation)
      }
      return try database.snapshot(at: SnapshotMoment.time(of: value))
    }
    return try options.asOf.map { try database.snapshot(at: $0) }
  }

  // MARK: Seeing

  /// The plan as it was first and after each rule that changed it, with the rule's name.
  func planSteps() throws -> [(rule: String, plan: String)] {
    guard case .query(let query) = compiled.statement.body else { return [] }
    let slots = compiled.statement.slots
    return try database.graph.read { graph in
      let catalog = try GraphCatalog(
        compiled.names, listLengths: compiled.names.listLengths(in: given), database.histograms,
        isSettled: !compiled.statement.isWriting, graph)
      var steps: [(rule: String, plan: String)] = []
      _ = try Planner.plan(query, slotCount: slots.count, catalog: catalog) { rule, plan in
        steps.append((rule, plan.rendered(slots)))
      }
      return steps
    }
  }

  private func explain(
    _ announce: ([String]) -> Void, _ sink: Sink
  ) throws -> QueryResult {
    let snapshot = try snapshot()
    let slots = compiled.statement.slots
    return try database.graph.read(at: snapshot) { graph in
      let plan = try plan(isSettled: snapshot == nil, graph).plan
      announce(["plan"])
      let lines = plan.rendered(slots).split(separator: "\n")
      _ = try sink(lines.map { [.text(String($0))] }, EntityTable())
      var result = QueryResult(columns: ["plan"], snapshot: graph.snapshot)
      result.plan = PlanDescription(plan, slots)
      return result
    }
  }

  /// Runs the query, drops its rows and shows what each operation did.
  private func profile(
    _ announce: ([String]) -> Void, _ sink: Sink
  ) throws -> QueryResult {
    let profile = PlanProfile()
    let slots = compiled.statement.slots
    var result =
      compiled.statement.isWriting
      ? try write({ _ in }, profile: profile) { _, _ in true }
      : try read({ _ in }, profile: profile) { _, _ in true }
    announce(["plan"])
    result.columns = ["plan"]
    result.entities = EntityTable()
    if let plan = compiled.lastPlan?.plan {
      let lines = plan.rendered(slots, measured: profile.measurements).split(separator: "\n")
      _ = try sink(lines.map { [.text(String($0))] }, EntityTable())
      result.plan = PlanDescription(plan, slots, measured: profile.measurements)
    }
    return result
  }

  private func show(
    _ subject: ShowCommand.Subject, _ announce: ([String]) -> Void, _ sink: Sink
  ) throws -> QueryResult {
    try database.graph.read { graph in
      let (columns, rows) = try ShowTables.table(subject, database.procedures, graph)
      announce(columns)
      _ = try sink(rows, EntityTable())
      return QueryResult(columns: columns, snapshot: graph.snapshot)
    }
  }
}
