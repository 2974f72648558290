// What the loop remembers follows from the graph: after every step the mirror that was kept up is
// the one that loading gives, with all its sums, and the lists that the policy reads are those that
// going through everything would give.

import Base
import Stemma
import Testing

@testable import Loop

extension Mirror {
  var nodes: [NodeID: MirrorNode] {
    Dictionary(
      uniqueKeysWithValues: Self.labels.flatMap { all($0) }.map { ($0.id, $0) })
  }
}

@Suite struct MirrorTests {
  /// Compares what a recorder keeps up with what the database says.
  private func expectLoaded(
    _ kept: Mirror, _ simulated: SimulatedCampaign, _ place: String
  ) throws {
    let loaded = try Mirror.load(campaign: "sim", from: simulated.database)
    #expect(kept.tally == loaded.tally, "\(place)")
    #expect(kept.nodes == loaded.nodes, "\(place)")
    for id in loaded.nodes.keys {
      for type in ["IN", "EXECUTES", "DECIDES", "REPORTS", "COMPARES", "AGAINST", "BASED_ON", "BY"]
        as [Text]
      {
        #expect(kept.ends(of: id, type) == loaded.ends(of: id, type), "\(place)")
      }
    }
  }

  @Test(arguments: [1, 64])
  func appliedIsLoaded(groupLimit: Int) throws {
    let simulated = try SimulatedCampaign(files: ResumeTests.prompts, ResumeTests.eventful)
    defer { simulated.remove() }
    let engine = try simulated.engine(simulated.executor(), groupLimit: groupLimit)
    var steps = 0
    while let step = try engine.performNext() {
      steps += 1
      try expectLoaded(engine.recorder.mirror, simulated, "\(step)")
      try expectTallied(engine.state)
    }
    #expect(steps > (groupLimit == 1 ? 20 : 5))
    #expect(engine.state.status == "finished")
  }

  /// The tally against the naive way to the same answers.
  private func expectTallied(_ state: CampaignState) throws {
    let mirror = state.mirror
    for resource in ["runs", "wallSeconds", "cpuSeconds"] as [Text] {
      let charges = mirror.all("Charge").filter { $0.text("resource") == resource }
      let sum = charges.reduce(0) { $0 + ($1.number("spent") ?? $1.number("reserved") ?? 0) }
      #expect(abs(state.spent(resource) - sum) < 1e-6)
    }
    for role in ["proposer", "critic"] as [Text] {
      #expect(state.questions(role) == mirror.all("Call").count { $0.text("role") == role })
    }
    for round in mirror.all("Round") {
      let open = state.proposals(in: round).filter { !ProposalEnd(mirror, $0).isSettled }
      #expect(state.unsettledProposals(in: round).map(\.id) == open.map(\.id))
    }
    let better = mirror.all("Comparison").last {
      $0.text("stage") == "confirm" && $0.text("verdict") == "better"
        && state.candidate(of: $0)?.text("status") == "confirmed"
    }
    #expect(state.incumbent == better.flatMap { state.candidate(of: $0) } ?? state.baseline)
    for proposal in mirror.all("Proposal") {
      let runs = state.runs(of: proposal)
      for kind in ["train", "confirm"] as [Text] {
        let naive = runs.filter { $0.text("kind") == kind && $0.text("purpose") == proposal.key }
        #expect(state.runs(of: proposal, kind: kind, purpose: proposal.key) == naive)
      }
    }
  }

  /// Lists in the order of creation against arrays.
  @Test func listsAreLikeArrays() {
    var random = SplitMix64(seed: 2)
    for _ in 0..<300 {
      var (inserted, appended) = (NodeList.none, NodeList.none)
      var (set, array): (Set<NodeID>, [NodeID]) = ([], [])
      for _ in 0..<random.next() % 6 {
        let id = NodeID(random.next() % 5)
        inserted.insert(id)
        set.insert(id)
        appended.append(id)
        array.append(id)
      }
      #expect(Array(inserted) == set.sorted())
      #expect(Array(appended) == array)
      #expect(Array(appended.reversed()) == array.reversed())
      #expect(appended.count == array.count && appended.last == array.last)
    }
  }

  @Test func placesAreLikeADictionary() {
    var random = SplitMix64(seed: 3)
    var (places, expected) = (NodePlaces(), [NodeID: Int]())
    for place in 0..<2_000 {
      let id = NodeID(random.next() % (place % 2 == 0 ? 3_000 : 100_000))
      places[id] = place
      expected[id] = place
    }
    for id in 0..<100_100 { #expect(places[NodeID(UInt64(id))] == expected[NodeID(UInt64(id))]) }
    #expect(places[NodeID(NodeID.limit - 1)] == nil)
  }

  /// Edges are kept by type, those that come in also by label; also to a node that comes later.
  @Test func tiesAreFound() {
    let mirror = Mirror()
    func insert(_ id: UInt64, _ label: Text) {
      mirror.insert(
        MirrorNode(id: NodeID(id), key: Text("K\(id)"), label: label, properties: ValueMap()))
    }
    insert(7, "Run")
    insert(3, "Decision")
    mirror.connect(NodeID(7), "IN", NodeID(2_000))
    mirror.connect(NodeID(3), "IN", NodeID(2_000))
    mirror.connect(NodeID(5), "IN", NodeID(2_000))
    insert(2_000, "Round")
    insert(5, "Run")
    mirror.connect(NodeID(5), "IN", NodeID(2_000))
    mirror.connect(NodeID(5), "USES", NodeID(2_000))
    let runs = mirror.sources(of: NodeID(2_000), "IN", label: "Run")
    #expect(runs.map(\.id) == [NodeID(5), NodeID(7)])
    #expect(mirror.lastSource(of: NodeID(2_000), "IN", label: "Run")?.id == NodeID(7))
    #expect(mirror.sources(of: NodeID(2_000), "IN", label: "Decision").map(\.id) == [NodeID(3)])
    #expect(mirror.sources(of: NodeID(2_000), "IN", label: "Round").isEmpty)
    #expect(mirror.sources(of: NodeID(9), "IN", label: "Run").isEmpty)
    #expect(mirror.target(of: NodeID(5), "USES")?.label == "Round")
    #expect(mirror.ends(of: NodeID(7), "USES").isEmpty)
    #expect(mirror.node(key: "K3")?.label == "Decision")
  }
}
