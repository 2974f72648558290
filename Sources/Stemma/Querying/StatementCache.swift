// Texts that were compiled before. A statement keeps its bound form for good and its plan as long
// as the statistics stay near those that the plan was made with.

import Base
import Cypher
import Executor
import Graph
import Planner
import Synchronization

/// A compiled text with the plan that was made for it last.
final class CachedStatement: Sendable {
  let text: Text
  let statement: BoundStatement
  /// Whether it is a query that neither writes nor asks to be explained or measured.
  let isPlainRead: Bool
  /// What its plan rests on; nothing for what is no query.
  let names: PatternNames
  /// SHA-256 of the text, where it writes.
  let hash: [UInt8]?
  let parameters: ParameterNames
  /// The places of the parameters in the order that maps have in CBOR.
  let sortedParameters: [Int]
  private let state = Mutex(State())

  private struct State {
    var ready: ReadyPlan?
    var catalog: GraphCatalog?
    /// Where the statistics were last looked at: nothing changes between two transactions.
    var checked: Moment?
  }

  struct Moment: Hashable, Sendable {
    var snapshot: TransactionNumber
    var isSettled: Bool
    var extent: GraphExtent
    /// The lengths of the parameters whose elements are gone over, each to a power of four: plans
    /// for lists of nearly the same length are the same.
    var listSizes: [Int]

    /// Whether statistics that were looked at then are as good as those of now: for queries whose
    /// plan takes nothing for certain, while the graph has changed by little.
    func isNear(_ older: Moment) -> Bool {
      let distance = Int64(bitPattern: snapshot.rawValue &- older.snapshot.rawValue).magnitude
      return !isSettled && !older.isSettled && listSizes == older.listSizes
        && distance < Self.nearTransactions && extent.isNear(older.extent)
    }

    private static let nearTransactions: UInt64 = 64
  }

  init(_ text: Text, _ statement: BoundStatement) {
    self.text = text
    self.statement = statement
    hash = statement.isWriting ? SHA256.hash(text).bytes : nil
    parameters = ParameterNames(statement.parameters)
    sortedParameters = CBORWriter.mapOrder(of: statement.parameters)
    guard case .query(let query) = statement.body else {
      (isPlainRead, names) = (false, PatternNames())
      return
    }
    isPlainRead = !statement.isWriting && statement.mode == .run
    names = PatternNames(query)
  }

  /// The plan, where it was found good at this moment.
  func plan(at moment: Moment) -> ReadyPlan? {
    state.withLock { state in
      guard let checked = state.checked, checked == moment || moment.isNear(checked) else {
        return nil
      }
      return state.ready
    }
  }

  /// The plan that was made last, for what it can be good for.
  var lastPlan: ReadyPlan? { state.withLock { $0.ready } }

  /// The plan, where statistics are still near those that it was made with; it is good at this
  /// moment then.
  func plan(at moment: Moment, _ catalog: GraphCatalog) -> ReadyPlan? {
    state.withLock { state in
      guard let ready = state.ready, let older = state.catalog, catalog.isClose(to: older)
      else { return nil }
      state.checked = moment
      return ready
    }
  }

  /// Keeps a plan that was made with these statistics.
  func keep(_ ready: ReadyPlan, at moment: Moment, _ catalog: GraphCatalog) {
    state.withLock { $0 = State(ready: ready, catalog: catalog, checked: moment) }
  }
}

/// A plan with what every run of it needs.
final class ReadyPlan: Sendable {
  let plan: PreparedPlan
  let columns: [String]
  /// Instances that no run has at the moment.
  private let idle = Mutex<[PlanInstance]>([])
  /// The same of a plan that writes: one transaction of a store is under way at a time.
  private let idleWriter = Mutex<PlanWriter?>(nil)

  /// As many instances are kept, each for one run at a time.
  private static let idleLimit = 16

  init(_ plan: PreparedPlan) {
    self.plan = plan
    columns = plan.columns.map(\.name.string)
  }

  /// An instance that was used before, if one is idle.
  func take() -> PlanInstance? { idle.withLock { $0.popLast() } }

  /// Gives back an instance that came to its end without an error.
  func giveBack(_ instance: PlanInstance) {
    idle.withLock { if $0.count < Self.idleLimit { $0.append(instance) } }
  }

  /// The writer that was used before, if it is idle.
  func takeWriter() -> PlanWriter? {
    idleWriter.withLock { writer in
      defer { writer = nil }
      return writer
    }
  }

  /// Gives back a writer that came to its end without an error, unless it holds much.
  func giveBack(_ writer: PlanWriter) {
    guard writer.run.mostMemoryBytes <= PlanInstance.keptBytes else { return }
    idleWriter.withLock { $0 = writer }
  }
}

/// Compiled texts by their bytes.
final class StatementCache: Sendable {
  /// When this many texts are kept, all are forgotten: simple, and no query depends on it.
  private static let capacity = 512

  private let entries = Mutex<[Text: CachedStatement]>([:])

  subscript(text: Text) -> CachedStatement? { entries.withLock { $0[text] } }

  /// Keeps a statement, unless another thread kept one for the same text before.
  func keep(_ statement: CachedStatement) -> CachedStatement {
    entries.withLock { entries in
      if let known = entries[statement.text] { return known }
      if entries.count >= Self.capacity { entries.removeAll() }
      entries[statement.text] = statement
      return statement
    }
  }
}
