// Appends the loop's steps. Nothing else in the loop writes to the graph. Each step is one
// transaction with a derived request identifier; the mirror follows what was appended.

import Base
import Graph
import Stemma

/// Collects the operations of one step.
struct StepTransaction {
  private(set) var operations: [Operation] = []
  private var created = 0
  /// Actors and the like made in this transaction, so that each is made once.
  var made: [String: NodeReference] = [:]

  /// Creates a node; properties with `nil` are left out.
  @discardableResult
  mutating func create(_ label: Text, _ properties: [(Text, Value?)]) -> NodeReference {
    let present = properties.compactMap { name, value in
      value.flatMap { $0.isNull ? nil : Property(name, $0) }
    }
    operations.append(.createNode(labels: [label], key: nil, properties: present))
    created += 1
    return .new(created - 1)
  }

  mutating func connect(
    _ from: NodeReference, _ type: Text, _ to: NodeReference, _ properties: [(Text, Value?)] = []
  ) {
    let present = properties.compactMap { name, value in value.map { Property(name, $0) } }
    operations.append(.createEdge(type: type, from: from, to: to, properties: present))
  }

  /// The node of an actor, found or created.
  mutating func actor(
    _ name: String, kind: Text, publicKey: String? = nil, in database: Database
  ) throws -> NodeReference {
    if let known = made[name] { return known }
    let found = try database.query(
      "MATCH (a:Actor {name: $name}) RETURN a", parameters: ["name": .text(name)])
    if case .node(let id)? = found.rows.first?.first { return .id(id) }
    let actor = create(
      "Actor",
      [
        ("name", .text(name)), ("kind", .string(kind)), ("publicKey", publicKey.map { .text($0) }),
      ])
    made[name] = actor
    return actor
  }

  mutating func set(_ node: MirrorNode, _ name: Text, _ value: Value?) {
    operations.append(
      .setProperty(of: .node(.id(node.id)), Property(name, value ?? .null)))
  }
}

/// Writes steps and keeps the mirror. Steps that come together are written in a group: each is a
/// transaction of its own, and all of them become durable with one commit.
final class Recorder {
  /// What waits for a commit.
  private enum Following {
    case boundary(LoopBoundary)
    case action(() -> Void)
  }

  let database: Database
  let campaign: String
  let objects: PendingObjects
  /// What runs leave becomes durable with the records that name it.
  private let left: PendingObjects?
  private(set) var mirror: Mirror
  private(set) var seenTransaction: TransactionNumber
  /// Actors and the like that were met or made, by name.
  var known: [String: NodeID] = [:]
  private let surroundings: Surroundings
  private let onBoundary: (LoopBoundary) throws -> Void
  /// Appends to the group that is open.
  private var appendToGroup: ((TransactionRequest) throws -> TransactionReceipt)?
  private var appendFailed = false
  private var following: [Following] = []

  init(
    database: Database, campaign: String, surroundings: Surroundings, left: PendingObjects?,
    onBoundary: @escaping (LoopBoundary) throws -> Void
  ) throws {
    self.database = database
    self.campaign = campaign
    self.surroundings = surroundings
    self.onBoundary = onBoundary
    objects = PendingObjects(DatabaseObjects(database: database))
    self.left = left
    seenTransaction = try database.lastTransaction()
    mirror = try Mirror.load(campaign: campaign, from: database, at: seenTransaction)
  }

  /// Reads again what others (reviewers, other terminals) have appended. True where there was
  /// anything.
  func refresh() throws -> Bool {
    let last = try database.lastTransaction()
    guard last > seenTransaction else { return false }
    try catchUp(to: last)
    return true
  }

  /// Further behind than this, everything is read again at once.
  private static let catchUpLimit: UInt64 = 2_000

  /// Applies what others have appended, record by record.
  private func catchUp(to last: TransactionNumber) throws {
    guard last.rawValue - seenTransaction.rawValue <= Self.catchUpLimit else { return try reload() }
    let isFollowed = try database.readLog { graph in
      while seenTransaction < last {
        let next = TransactionNumber(rawValue: seenTransaction.rawValue + 1)
        guard let record = try graph.record(of: next), record.withheld.isEmpty,
          mirror.follow(record.operations, campaign: Text(campaign))
        else { return false }
        seenTransaction = next
      }
      return true
    }
    if !isFollowed { try reload() }
  }

  /// Reads everything again.
  func reload() throws {
    let last = try database.lastTransaction()
    mirror = try Mirror.load(campaign: campaign, from: database, at: last)
    seenTransaction = last
  }

  /// The present moment as a property.
  var now: Value { .dateTime(ZonedDateTime(surroundings.now())) }

  // MARK: Groups

  /// Runs `body` once, on the newest state; what it records is committed together when it returns,
  /// or when it throws anything but a failure to record. Objects that it stores are durable before.
  /// Nothing of it is seen by queries meanwhile, so it must not ask the database about its own
  /// steps, and it must not wait for anybody: other writers wait for it.
  func group(_ body: () throws -> Void) throws {
    guard appendToGroup == nil else { return try body() }
    var failure: (any Error)?
    appendFailed = false
    do {
      try database.load(contents: contentsToCommit) { append in
        // Nobody else appends from here on.
        _ = try refresh()
        objects.hold()
        failure = try withoutActuallyEscaping(append) { try fill(with: $0, body) }
        try objects.flush()
      }
    } catch {
      try abandon()
      throw error
    }
    wereCommitted()
    try follow()
    if let failure { throw failure }
  }

  private func contentsToCommit() -> [[UInt8]] {
    objects.contentsToCommit() + (left?.contentsToCommit() ?? [])
  }

  private func wereCommitted() {
    objects.wereCommitted()
    left?.wereCommitted()
  }

  /// Runs the body of an open group. Returns what it threw where the group is sound nevertheless.
  private func fill(
    with append: @escaping (TransactionRequest) throws -> TransactionReceipt,
    _ body: () throws -> Void
  ) throws -> (any Error)? {
    appendToGroup = append
    defer { appendToGroup = nil }
    do { try body() } catch {
      if appendFailed { throw error }
      return error
    }
    return nil
  }

  /// Nothing of the group remains, so nothing of it may be remembered.
  private func abandon() throws {
    appendToGroup = nil
    following = []
    known = [:]
    objects.abandon()
    try reload()
  }

  /// Does something once what was recorded so far is durable.
  func afterwards(_ action: @escaping () -> Void) {
    if appendToGroup == nil { action() } else { following.append(.action(action)) }
  }

  private func follow() throws {
    let steps = following
    following = []
    var failure: (any Error)?
    for step in steps {
      switch step {
      case .action(let action): action()
      case .boundary(let boundary):
        do { try onBoundary(boundary) } catch { failure = failure ?? error }
      }
    }
    if let failure { throw failure }
  }

  // MARK: Steps

  /// Appends one step. `ordinals` together with the step's name must name it for ever.
  @discardableResult
  func record(
    _ step: StepName, _ ordinals: [String], reason: Text,
    _ build: (inout StepTransaction) throws -> Void
  ) throws -> TransactionReceipt {
    var transaction = StepTransaction()
    try build(&transaction)
    try onBoundary(LoopBoundary(.before, step))
    let request = TransactionRequest(
      requestID: .derived(campaign: campaign, step: step, ordinals: ordinals), actor: "loop",
      reason: reason, operations: transaction.operations)
    let receipt =
      try appendToGroup.map { try append(request, with: $0) } ?? appendAlone(request)
    if receipt.wasRepeated || receipt.transaction.rawValue != seenTransaction.rawValue + 1 {
      // Somebody else was here, or this step had been done: what the graph says counts.
      try reload()
    } else {
      mirror.apply(transaction.operations, receipt)
      seenTransaction = receipt.transaction
      for (name, reference) in transaction.made {
        if case .new(let index) = reference { known[name] = receipt.nodes[index] }
      }
    }
    if appendToGroup == nil {
      try onBoundary(LoopBoundary(.after, step))
    } else {
      following.append(.boundary(LoopBoundary(.after, step)))
    }
    return receipt
  }

  private func appendAlone(_ request: TransactionRequest) throws -> TransactionReceipt {
    let contents = contentsToCommit()
    if !contents.isEmpty { try database.storeObjects(contents) }
    wereCommitted()
    return try database.append(request)
  }

  private func append(
    _ request: TransactionRequest,
    with append: (TransactionRequest) throws -> TransactionReceipt
  ) throws -> TransactionReceipt {
    do { return try append(request) } catch {
      // A refused member may have left traces in the group: nothing of it may be committed.
      appendFailed = true
      throw error
    }
  }
}
