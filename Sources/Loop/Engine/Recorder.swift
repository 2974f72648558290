// Appends the loop's steps. Nothing else in the loop writes to the graph. Each step is one
// transaction with a derived request identifier; the mirror follows what was appended.

import Base
import Graph
import Stemma

/// Collects the operations of one step.
struct StepTransaction {
  private(set) var operations: [Operation] = []
  private var created = 0
  /// Actors made in this transaction, so that each is made once.
  var newActors: [String: NodeReference] = [:]

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

  mutating func set(_ node: MirrorNode, _ name: Text, _ value: Value?) {
    operations.append(
      .setProperty(of: .node(.id(node.id)), Property(name, value ?? .null)))
  }
}

/// Writes steps and keeps the mirror.
final class Recorder {
  let database: Database
  let campaign: String
  private(set) var mirror: Mirror
  private(set) var seenTransaction: TransactionNumber
  private let surroundings: Surroundings
  private let onBoundary: (LoopBoundary) throws -> Void

  init(
    database: Database, campaign: String, surroundings: Surroundings,
    onBoundary: @escaping (LoopBoundary) throws -> Void
  ) throws {
    self.database = database
    self.campaign = campaign
    self.surroundings = surroundings
    self.onBoundary = onBoundary
    seenTransaction = try database.lastTransaction()
    mirror = try Mirror.load(campaign: campaign, from: database)
  }

  /// Reads again what others (reviewers, other terminals) have appended. True where there was
  /// anything.
  func refresh() throws -> Bool {
    let last = try database.lastTransaction()
    guard last > seenTransaction else { return false }
    mirror = try Mirror.load(campaign: campaign, from: database)
    seenTransaction = last
    return true
  }

  /// The present moment as a property.
  var now: Value { .dateTime(ZonedDateTime(surroundings.now())) }

  /// Appends one step. `ordinals` together with the step's name must name it for ever.
  @discardableResult
  func record(
    _ step: StepName, _ ordinals: [String], reason: Text,
    _ build: (inout StepTransaction) throws -> Void
  ) throws -> TransactionReceipt {
    var transaction = StepTransaction()
    try build(&transaction)
    try onBoundary(LoopBoundary(.before, step))
    let receipt = try database.append(
      TransactionRequest(
        requestID: .derived(campaign: campaign, step: step, ordinals: ordinals), actor: "loop",
        reason: reason, operations: transaction.operations))
    if receipt.wasRepeated || receipt.transaction.rawValue != seenTransaction.rawValue + 1 {
      // Somebody else was here, or this step had been done: what the graph says counts.
      mirror = try Mirror.load(campaign: campaign, from: database)
      seenTransaction = max(receipt.transaction, try database.lastTransaction())
    } else {
      mirror.apply(transaction.operations, receipt)
      seenTransaction = receipt.transaction
    }
    try onBoundary(LoopBoundary(.after, step))
    return receipt
  }
}
