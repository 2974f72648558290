// What runs are carried out with, in the graph: the environment of this machine and its packages,
// and the data and weights that are named by reference. A reference that has changed since the
// campaign started stops it: what was measured before could not be compared any more.

import Base
import Graph
import Stemma

extension LoopEngine {
  /// Where stamps of referenced files are kept: beside the store, for all campaigns.
  var stampsFolder: String? {
    database.path.map { FilePaths.absolute($0, in: FilePaths.currentDirectory()) + "/stamps" }
  }

  // MARK: Environment

  /// The node of this machine with the campaign's packages, found or created in the transaction.
  func environmentNode(in transaction: inout StepTransaction) throws -> NodeReference {
    let name = "environment"
    if let known = recorder.known[name] { return .id(known) }
    if let made = transaction.made[name] { return made }
    let machine = try describedEnvironment()
    let hash = machine.contentHash
    let found = try database.query(
      "MATCH (e:Environment {contentHash: $hash, name: $name}) RETURN e",
      parameters: ["hash": .text(hash), "name": .text(machine.name)])
    if case .node(let id)? = found.rows.first?.first {
      recorder.known[name] = id
      return .id(id)
    }
    let made = transaction.create("Environment", machine.properties(hash: hash))
    transaction.made[name] = made
    return made
  }

  /// This machine and the campaign's packages; looked at once per loop.
  func describedEnvironment() throws -> RunEnvironment {
    if let environmentFacts { return environmentFacts }
    var machine = executor.describeEnvironment(
      program: campaign.environment.program(campaign.run.command.first ?? ""))
    try machine.add(campaign.environment, stamps: stampsFolder)
    environmentFacts = machine
    return machine
  }

  // MARK: References

  /// Looks whether what the campaign has by reference is still what it was when it started, and
  /// records when that was.
  func checkReferences() throws {
    guard state.node != nil else { return }
    let known = state.mirror.all("Dataset") + state.mirror.all("Artifact")
    let seen = HashingObjects()
    var checked: [MirrorNode] = []
    for reference in try CampaignCapture.references(of: campaign, stamps: stampsFolder, seen) {
      let uri = reference.location
      guard let node = known.first(where: { $0.text("uri") == Text(uri) }) else { continue }
      guard node.string("contentHash") != reference.hash else {
        checked.append(node)
        continue
      }
      throw StemmaError(
        .loopState,
        "'\(reference.declaration.name)' has changed since the campaign '\(campaign.name)' started",
        at: .file(path: reference.declaration.path, line: nil, column: nil),
        advice: "Bring it back as it was (`stemma show \(node.key)` has its hash; the object of "
          + "that hash lists its files), or start a campaign under a new name.")
    }
    guard !checked.isEmpty, state.status != "finished", state.status != "stopped" else { return }
    let ordinal = "\(recorder.seenTransaction.rawValue)"
    try recorder.record(
      .referencesChecked, [ordinal], reason: "what is named by reference is still what it was"
    ) { transaction in
      for node in checked { transaction.set(node, "checkedAt", recorder.now) }
    }
  }
}

extension CampaignCapture.Reference {
  /// Where it comes from; where it lies if nobody said.
  var location: String { declaration.uri ?? "file://" + declaration.path }

  /// A data set or an artifact by reference.
  func create(in transaction: inout StepTransaction, at moment: Value) -> NodeReference {
    var properties: [(Text, Value?)] = [
      ("name", .text(declaration.name)), ("uri", .text(location)),
      ("path", declaration.uri == nil ? nil : .text(declaration.path)),
      ("sizeBytes", .integer(Int64(size))),
      ("contentHash", .text(hash)), ("checkedAt", moment),
      ("licence", declaration.licence.map { .text($0) }),
    ]
    guard isWeights else {
      properties.append(("split", declaration.split.map { .text($0) }))
      return transaction.create("Dataset", properties)
    }
    properties.append(("mediaType", .text("application/x-stemma-reference")))
    return transaction.create("Artifact", properties)
  }
}

/// Says what a hash would be and keeps nothing.
struct HashingObjects: ObjectStore {
  func store(_ bytes: [UInt8]) throws -> String { SHA256.hash(bytes).hex }

  func load(_ hash: String) throws -> [UInt8] {
    throw StemmaError(.keyNotFound, "only hashes are wanted here")
  }
}
