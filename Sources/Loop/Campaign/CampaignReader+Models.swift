// Models behind addresses, as a campaign file declares them. Keys are never in the file: it says
// which variable of the environment, or which file, has one.

import Base
import Models
import Recall

extension CampaignReader {
  /// Tokens of the brief that a model gets where the file says nothing.
  private static let usualBriefTokens = 4_000

  /// A model that proposes or criticises.
  func endpoint(_ kind: String, _ section: inout Section) throws -> ModelEndpoint {
    var endpoint = try reach(ModelEndpoint.Dialect(rawValue: kind) ?? .openai, &section)
    endpoint.streams = try flag("stream", &section) ?? endpoint.streams
    endpoint.temperature = try section.number("temperature", in: 0...2)
    endpoint.retries = Int(try section.integer("retries", in: 0...20) ?? Int64(endpoint.retries))
    endpoint.toolCalls = Int(
      try section.integer("tool_calls", in: 0...100) ?? Int64(endpoint.toolCalls))
    endpoint.questionTokenLimit =
      try section.integer("question_tokens", in: 64...100_000_000).map { Int($0) }
    return endpoint
  }

  /// Where a model is, what it may answer and what it costs.
  func reach(
    _ dialect: ModelEndpoint.Dialect, _ section: inout Section
  ) throws -> ModelEndpoint {
    let model = try section.requiredString("model", example: "\"a-model\"")
    let address = try section.string("base_url") ?? dialect.defaultAddress
    let place = section.table["base_url"]?.value.place ?? section.table.place
    guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
      throw errors.failure(
        "base_url is no address", at: place, advice: "Write it like \(dialect.defaultAddress).")
    }
    guard !address.contains("@"), !address.contains("?") else {
      throw errors.failure(
        "base_url must not hold a key or a question", at: place,
        advice: "Name a variable with key_environment, or a file with key_file.")
    }
    let trimmed = address.hasSuffix("/") ? String(address.dropLast()) : address
    var endpoint = ModelEndpoint(
      dialect: dialect, model: model, baseAddress: trimmed,
      key: try key(of: dialect, isGiven: section.table["base_url"] != nil, &section))
    endpoint.maximumTokens = Int(
      try section.integer("max_tokens", in: 16...1_000_000) ?? Int64(endpoint.maximumTokens))
    endpoint.timeoutMilliseconds =
      try section.milliseconds("timeout") ?? endpoint.timeoutMilliseconds
    endpoint.stallMilliseconds = try section.milliseconds("stall") ?? endpoint.stallMilliseconds
    endpoint.concurrency = Int(
      try section.integer("concurrency", in: 1...256) ?? Int64(endpoint.concurrency))
    endpoint.inputPrice = try section.number("input_price", in: 0...1e6)
    endpoint.outputPrice = try section.number("output_price", in: 0...1e6)
    return endpoint
  }

  /// Limits that could not pay for a single question, or that nothing counts, help nobody.
  func checkQuestions(
    _ budgets: CampaignBudgets, _ providers: [ProviderDeclaration]
  ) throws {
    guard case .table(let declared)? = root["budgets"]?.value.content else { return }
    let scopes = [
      ("campaign", budgets.campaign), ("round", budgets.round), ("day", budgets.day),
    ]
    for (name, limits) in scopes {
      guard case .table(let table)? = declared[name]?.value.content else { continue }
      for provider in providers {
        guard let most = QuestionReservation(provider) else { continue }
        if let limit = limits.tokens, Double(limit) < most.tokens {
          throw errors.failure(
            "'tokens' of the \(name) can pay for no question to '\(provider.name)': "
              + "\(Int(most.tokens)) are reserved for each",
            at: table["tokens"]?.value.place ?? root.place,
            advice: "Give more, or less to each question with question_tokens.")
        }
        guard let limit = limits.money else { continue }
        let place = table["money"]?.value.place ?? root.place
        guard let price = most.money else {
          throw errors.failure(
            "'money' is limited, but '\(provider.name)' has no price", at: place,
            advice: "Say input_price and output_price, in money per million tokens.")
        }
        if limit < price {
          throw errors.failure(
            "'money' of the \(name) can pay for no question to '\(provider.name)': "
              + "\(price) is reserved for each", at: place,
            advice: "Give more, or less to each question with question_tokens.")
        }
      }
    }
  }

  func flag(_ key: String, _ section: inout Section) throws -> Bool? {
    guard let entry = section.entry(key) else { return nil }
    guard case .boolean(let flag) = entry.value.content else {
      throw section.wrong(entry, expected: "true or false")
    }
    return flag
  }

  /// The usual variable where the usual address is asked; another address gets no key unless the
  /// file says which.
  private func key(
    of dialect: ModelEndpoint.Dialect, isGiven: Bool, _ section: inout Section
  ) throws -> SecretPlace {
    if let file = try section.string("key_file") {
      return .file(FilePaths.absolute(file, in: directory))
    }
    if let name = try section.string("key_environment") { return .environment(name) }
    return isGiven ? .none : .environment(dialect.defaultKeyVariable)
  }

  /// Models and agents get a brief unless the file says 0; others only where it says how much.
  func briefTokens(_ section: inout Section, of provider: ProviderDeclaration) throws -> Int? {
    let least = Int64(BriefRequest.tokenRange.lowerBound)
    let most = Int64(BriefRequest.tokenRange.upperBound)
    let place = section.table["brief"]?.value.place ?? section.table.place
    guard let tokens = try section.integer("brief", in: 0...most) else {
      return provider.usuallyHasBrief ? Self.usualBriefTokens : nil
    }
    guard tokens == 0 || tokens >= least else {
      throw errors.failure(
        "a brief has at least \(least) tokens", at: place, advice: "0 is no brief.")
    }
    return tokens == 0 ? nil : Int(tokens)
  }
}
