// A coding agent as proposer: it edits a checkout in a sandbox and says in a file what for. The
// runner takes the difference itself; what an agent says of its files is not listened to.

import Base
import Models
import Sandbox

/// Starts an agent per question.
struct AgentProvider: Provider {
  let kind = "agent"
  let agent: AgentDeclaration
  let campaign: Campaign
  let executor: any RunExecutor
  let objects: any ObjectStore
  let isCancelled: @Sendable () -> Bool

  func reply(to request: ProviderRequest) -> ProviderReply {
    var transcript = ModelTranscript()
    return reply(to: request, &transcript)
  }

  func reply(
    to request: ProviderRequest, _ transcript: inout ModelTranscript
  ) -> ProviderReply {
    guard let desk = request.desk else { return .failed("there is no tree to work on") }
    do {
      let order = try order(request, desk)
      transcript.settings = JSONWriter.write(settings(order))
      // What a runner that was killed left of the same question is spent: it was reserved.
      executor.forgetCalls(of: order.name)
      defer { executor.forgetCalls(of: order.name) }
      let outcome = try executor.work(order, isCancelled: isCancelled)
      let calls = try executor.calls(of: order.name)
      transcript.exchanges = calls.map(\.exchange)
      if let grant = agent.models, grant.mostMoney != nil {
        transcript.money = calls.reduce(0) { $0 + $1.use.money }
      }
      transcript.log = outcome.log
      return try reply(after: outcome, Tree.load(desk.tree, from: objects))
    } catch let error as StemmaError {
      return .failed(error.message)
    } catch {
      return .failed("\(error)")
    }
  }

  // MARK: Starting

  private func order(_ request: ProviderRequest, _ desk: AgentDesk) throws -> AgentOrder {
    let own: [(name: String, value: String)] = [
      (name: "STEMMA_RUN", value: CommandText.json(desk.command)),
      (name: "STEMMA_SEED", value: "0"), (name: "STEMMA_OUTPUT", value: campaign.run.output),
      (name: "STEMMA_PARAMETERS", value: desk.parameters),
    ]
    let declared = agent.environment.sorted { $0.key < $1.key }.map { (name: $0, value: $1) }
    let visible = agent.visible.filter { !campaign.run.readOnly.contains($0) }
    return AgentOrder(
      name: "agent-\(request.ordinal)", checkout: desk.tree,
      files: [
        AgentOrder.request: request.body,
        AgentOrder.brief: Array((desk.brief ?? "There is no brief.\n").utf8),
      ],
      command: try agent.command.map {
        try Placeholders.fill($0, with: agent.directory.map { ["agent": $0] } ?? [:])
      },
      environment: RunOrders.base + campaign.run.environment + declared + own,
      readOnly: campaign.run.readOnly + visible,
      mounts: agent.seesMounts ? campaign.mounts(for: .run) : [], budget: agent.budget,
      allowedWeaknesses: campaign.run.allowedWeaknesses,
      // The question has the time.
      models: agent.models.map { grant in
        RelayOrder(
          grant: grant, used: RelayUse(), now: { Timestamp(microsecondsSinceEpoch: 0) })
      })
  }

  private func settings(_ order: AgentOrder) -> Value {
    let budget = order.budget
    let limits: [(Text, Int)] = [
      ("wallMilliseconds", budget.wallMilliseconds), ("cpuMilliseconds", budget.cpuMilliseconds),
      ("memoryBytes", budget.memoryBytes), ("processes", budget.processes),
      ("diskBytes", budget.diskBytes), ("logBytes", budget.logBytes),
    ]
    var members: [(Text, Value)] =
      [
        ("command", .list(order.command.map { .text($0) })), ("network", .text("none")),
        ("readOnly", .list((order.readOnly + order.mounts.map(\.target)).map { .text($0) })),
        ("budget", .map(ValueMap(limits.map { ($0, .integer(Int64($1))) }))),
        ("fileLimitBytes", .integer(Int64(agent.fileLimitBytes))),
      ]
    if let models = agent.models?.models {
      members.append(("models", .list(models.map { .text($0.name) })))
    }
    return .map(ValueMap(members))
  }

  // MARK: Taking

  private func reply(after outcome: SandboxOutcome, _ base: Tree) throws -> ProviderReply {
    let said = String(decoding: outcome.log.suffix(1_000), as: UTF8.self)
    let tail = said.isEmpty ? "" : "; it said: \(said)"
    switch outcome.status {
    case .killed:
      let name = outcome.exceeded?.rawValue ?? "a budget"
      let refusal = ChangeRefusal(.budget, "\(name): \(outcome.message ?? "it is used up")")
      return .refused([refusal.text])
    case .signalled: return .failed("the agent was ended by signal \(outcome.signal ?? 0)\(tail)")
    case .cancelled, .stopped: return .failed("the agent was cancelled")
    case .failed: return .failed("the machine failed: \(outcome.message ?? "no reason is known")")
    case .exited where outcome.exitCode != 0:
      return .failed("the agent exited with \(outcome.exitCode ?? -1)\(tail)")
    case .exited: return try answer(outcome, base)
    }
  }

  private func answer(_ outcome: SandboxOutcome, _ base: Tree) throws -> ProviderReply {
    let desk = Desk(outcome)
    let change = TreeChange(
      from: base, to: desk.tree, refused: desk.refused, surface: TreeChange.Surface(campaign),
      fileLimitBytes: agent.fileLimitBytes)
    var refusals = desk.outside + change.refusals
    var members: ValueMap?
    do { members = try proposal(desk.proposal) } catch let error as StemmaError {
      refusals.append(ChangeRefusal(.answer, error.message))
    }
    guard refusals.isEmpty, var members else { return .refused(refusals.map(\.text)) }
    members["files"] = change.answer
    return .answered(JSONWriter.bytes(.map(members)))
  }

  /// What the agent says of its change: the answer of a proposer without what is looked at here.
  private func proposal(_ bytes: [UInt8]?) throws -> ValueMap {
    guard let bytes else {
      throw StemmaError(.providerAnswer, "the agent left no \(AgentOrder.proposal)")
    }
    guard case .map(var map) = try JSONReader.read(bytes, limitBytes: 1 << 20) else {
      throw StemmaError(.providerAnswer, "\(AgentOrder.proposal) is not a JSON object")
    }
    for name in ["files", "base"] as [Text] where map[name] != nil {
      throw StemmaError(
        .providerAnswer, "\(AgentOrder.proposal) has \"\(name)\", which the runner sees itself")
    }
    map["version"] = .integer(1)
    _ = try ProposalAnswer(.map(map))
    return map
  }
}

/// What an agent left, by place.
private struct Desk {
  var tree: [SandboxFile] = []
  var refused: [(path: String, reason: String)] = []
  var outside: [ChangeRefusal] = []
  var proposal: [UInt8]?

  init(_ outcome: SandboxOutcome) {
    let below = AgentOrder.tree + "/"
    for var file in outcome.files {
      if file.path.hasPrefix(below) {
        file.path.removeFirst(below.count)
        tree.append(file)
      } else if file.path == AgentOrder.proposal {
        proposal = file.bytes
      } else if file.path != AgentOrder.request, file.path != AgentOrder.brief {
        outside.append(ChangeRefusal(.outsideTree, file.path))
      }
    }
    for (path, reason) in outcome.refusedFiles {
      if path.hasPrefix(below) {
        refused.append((String(path.dropFirst(below.count)), reason))
      } else {
        outside.append(ChangeRefusal(.outsideTree, "\(path) (\(reason))"))
      }
    }
  }
}
