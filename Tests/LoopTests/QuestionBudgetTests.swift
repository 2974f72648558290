// Tokens and money of questions to models: reserved before, settled after, and never overspent.

import Base
import Stemma
import Synchronization
import Testing

@testable import Loop
@testable import Models

/// A model that answers every question with the same use of tokens, or says nothing of it.
private final class CountingModel: Provider {
  let kind = "openai"
  let tokens: (input: Int?, output: Int?)
  let endpoint: ModelEndpoint
  let asked = Mutex<[ProviderRequest]>([])

  init(_ endpoint: ModelEndpoint, tokens: (Int?, Int?)) {
    self.endpoint = endpoint
    self.tokens = tokens
  }

  func reply(to request: ProviderRequest) -> ProviderReply { .failed("not asked this way") }

  func reply(
    to request: ProviderRequest, _ transcript: inout ModelTranscript
  ) -> ProviderReply {
    asked.withLock { $0.append(request) }
    transcript.model = endpoint.model
    transcript.exchanges = [
      ModelExchange(
        purpose: .ask, status: .answered, failure: nil, httpStatus: 200, request: [], response: [],
        inputTokens: tokens.input, outputTokens: tokens.output, latencyMilliseconds: 1,
        pauseMilliseconds: 0)
    ]
    transcript.money = endpoint.money(input: tokens.input, output: tokens.output)
    return .answered(
      Array(
        """
        {"version": 1, "title": "t\(request.ordinal)", "hypothesis": "h",
         "parameters": {"width": \(3 + request.ordinal % 6)}}
        """.utf8))
  }
}

@Suite struct QuestionBudgetTests {
  private static func campaign(_ budget: String) -> (String) -> String {
    { text in
      text.replacingFirst(
        "kind = \"search\"",
        "kind = \"openai\"\nmodel = \"m\"\nbase_url = \"http://localhost:1/v1\"\n"
          + "question_tokens = 1000\ninput_price = 2.0\noutput_price = 10.0\nbrief = 0"
      )
      .replacingFirst("exploration = 0.4", "")
      .replacingFirst("campaign = { ", "campaign = { \(budget), ")
    }
  }

  private func run(
    _ simulated: SimulatedCampaign, _ tokens: (Int?, Int?), events: @escaping (LoopEvent) -> Void,
    onBoundary: @escaping (LoopBoundary) throws -> Void = { _ in }
  ) throws -> [ProviderRequest] {
    var models: [CountingModel] = []
    let engine = try LoopEngine(
      simulated.campaign,
      LoopEngine.Parts(
        database: simulated.database, executor: simulated.executor(), vault: simulated.vault,
        surroundings: simulated.surroundings,
        environment: LoopEnvironment(sleep: { _ in }, isInterrupted: { false }),
        onEvent: events, onBoundary: onBoundary, groupLimit: 64,
        makeProvider: { declaration in
          guard case .model(let endpoint) = declaration.kind else {
            return try Loop.provider(
              declaration, simulated.campaign, simulated.database, simulated.executor(), { false })
          }
          models.append(CountingModel(endpoint, tokens: tokens))
          return models[models.count - 1]
        }))
    _ = try engine.run(waits: false)
    return models.flatMap { model in model.asked.withLock { $0 } }
  }

  private func number(_ query: String, _ database: Database) throws -> Double {
    switch try database.query(query).rows.first?.first {
    case .float(let number): number
    case .integer(let number): Double(number)
    default: -1
    }
  }

  @Test func tokensAreReservedSettledAndNeverOverspent() throws {
    let simulated = try SimulatedCampaign(Self.campaign("tokens = 2500"))
    defer { simulated.remove() }
    var shares: [Double] = []
    let asked = try run(
      simulated, (300, 100),
      events: { event in
        if case .budget(let use, let share) = event, use.resource == "tokens" {
          shares.append(share)
        }
      })
    // Each reserves 1,000 and settles to 400: the fourth is the last whose reservation fits.
    #expect(asked.count == 4)
    #expect(asked.allSatisfy { $0.tokenLimit == 1_000 })
    #expect(shares == [0.5, 0.8])
    let database = simulated.database
    let spent = "MATCH (c:Charge {resource: 'tokens'}) RETURN sum(c.spent)"
    #expect(try number(spent, database) == 1_600)
    #expect(
      try number("MATCH (c:Charge {resource: 'money'}) RETURN sum(c.spent)", database)
        == 4 * (300 * 2 + 100 * 10) / 1e6)
    #expect(
      try number(
        "MATCH (c:Charge)-[:CHARGES]->(:Call {role: 'proposer'}) RETURN count(c)", database) == 8)
    #expect(try number("MATCH (c:Campaign) RETURN c.budgetTokens", database) == 2_500)
  }

  /// A server that does not count is held to have used all that was reserved.
  @Test func whatIsNotSaidCountsAsUsed() throws {
    let simulated = try SimulatedCampaign(Self.campaign("money = 0.025"))
    defer { simulated.remove() }
    #expect(try run(simulated, (nil, nil), events: { _ in }).count == 2)
  }

  /// The answer of a runner that died may have been charged for.
  @Test func aLostQuestionStaysSpent() throws {
    let simulated = try SimulatedCampaign(Self.campaign("tokens = 2500"))
    defer { simulated.remove() }
    struct Dead: Error {}
    #expect(throws: Dead.self) {
      try run(
        simulated, (300, 100), events: { _ in },
        onBoundary: { if $0.description == "after call-reserved" { throw Dead() } })
    }
    #expect(try run(simulated, (300, 100), events: { _ in }).count == 2)
    #expect(
      try number("MATCH (c:Charge {resource: 'tokens'}) RETURN sum(c.spent)", simulated.database)
        == 1_800)
    #expect(
      try number("MATCH (c:Charge) WHERE c.spent IS NULL RETURN count(c)", simulated.database) == 0)
  }

  @Test(arguments: ["tokens = 999", "money = 0.001"])
  func aLimitThatPaysForNothingIsAnError(_ budget: String) {
    #expect(throws: StemmaError.self) { try SimulatedCampaign(Self.campaign(budget)) }
  }

  @Test func moneyWithoutPricesIsAnError() {
    #expect(throws: StemmaError.self) {
      try SimulatedCampaign { text in
        Self.campaign("money = 5.0")(text).replacingFirst("input_price = 2.0", "")
          .replacingFirst("output_price = 10.0", "")
      }
    }
  }
}
