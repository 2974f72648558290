// A model behind an address: everything that a campaign file says of it.

/// How to reach a model and what it may cost.
public struct ModelEndpoint: Sendable, Hashable {
  public enum Dialect: String, Sendable, Hashable {
    /// Chat completions and tools, as many servers speak them.
    case openai
    /// Messages and tools.
    case anthropic

    public var defaultAddress: String {
      switch self {
      case .openai: "https://api.openai.com/v1"
      case .anthropic: "https://api.anthropic.com/v1"
      }
    }

    public var defaultKeyVariable: String {
      switch self {
      case .openai: "OPENAI_API_KEY"
      case .anthropic: "ANTHROPIC_API_KEY"
      }
    }
  }

  public var dialect: Dialect
  public var model: String
  /// Without the last path: `https://host/v1`.
  public var baseAddress: String
  public var key: SecretPlace
  public var streams = true
  public var maximumTokens = 4_096
  public var temperature: Double?
  public var timeoutMilliseconds = 120_000
  /// Nothing for so long ends a stream.
  public var stallMilliseconds = 30_000
  public var retries = 4
  /// Requests to this endpoint at a time.
  public var concurrency = 4
  /// Calls of tools in one question.
  public var toolCalls = 8
  /// Money per million tokens.
  public var inputPrice: Double?
  public var outputPrice: Double?
  /// Tokens of one whole question, tool calls and repair included; `nil` for the usual.
  public var questionTokenLimit: Int?
  /// What is reserved for one question.
  public var questionTokens: Int { questionTokenLimit ?? 8 * maximumTokens }
  public var answerLimitBytes = 8 << 20

  public init(dialect: Dialect, model: String, baseAddress: String? = nil, key: SecretPlace) {
    self.dialect = dialect
    self.model = model
    self.baseAddress = baseAddress ?? dialect.defaultAddress
    self.key = key
  }

  public func money(input: Int?, output: Int?) -> Double? {
    guard inputPrice != nil || outputPrice != nil else { return nil }
    return (Double(input ?? 0) * (inputPrice ?? 0) + Double(output ?? 0) * (outputPrice ?? 0)) / 1e6
  }
}
